import { type ReactNode, useMemo } from 'react';
import { Link } from 'wouter';
import { useDeploys } from '../../api/deploys';
import { Asked } from '../../design/asked';
import { TimeChart } from '../../design/chart/time-chart';
import { type TimeSeries } from '../../design/chart/time-series';
import { Download } from '../../design/download';
import { Choice } from '../../design/fields';
import { Section } from '../../design/page';
import { Empty, Stat } from '../../design/parts';
import { DataTable, type TableColumn } from '../../design/table';
import { countOf, moneyOf, shareOf } from '../../format/numbers';
import { clockOf, timeOf } from '../../format/times';
import { useNow, useZone } from '../../shell/preferences';
import { useHere, useUrl } from '../../shell/url';
import { CostFilters, useCostFilter } from './cost-filters';
import { type Answer, useSpendOverTime } from './questions';
import { costOf, monthlyOf, nameOf } from './words';

const DIMENSIONS = ['model', 'service', 'prompt', 'version', 'environment', 'provider', 'tool', 'kind'] as const;
const STEPS = ['hour', 'day'] as const;
const STEP_MS = { hour: 3_600_000, day: 86_400_000 };

type Spent = Answer<'spendOverTime'>;
type Row = Spent['all'][number] & { readonly of: readonly (number | null)[] };

const money = (nano: number): string => moneyOf(nano);
const sumOf = ({ all }: Spent, field: 'cost_nano_usd' | 'estimated_cost_nano_usd' | 'calls' | 'unpriced_calls'): number =>
  all.reduce((sum, point) => sum + point[field], 0);

/** What was spent over time, and what of it is not known well. */
export function SpendTab() {
  const { range, times, chosen, service } = useCostFilter();
  const [asked, setBy] = useUrl('by', 'model');
  const by = DIMENSIONS.find((one) => one === asked) ?? 'model';
  const [step, setStep] = useUrl('step');
  const spend = useSpendOverTime({ by, ...chosen, ...times, ...(STEPS.find((one) => one === step) ? { step: step as 'hour' | 'day' } : {}) }); // prettier-ignore
  const marks = useDeploys(range, service);
  return (
    <>
      <div className="filters">
        <CostFilters hasEnvironment />
        <Choice label="Divided by" value={by} options={DIMENSIONS.map((one) => [one, one])} onChange={setBy} />
        <Choice
          label="By the"
          value={step}
          options={[['', 'as fits'], ['hour', 'hour'], ['day', 'day (UTC)']]}
          onChange={setStep}
        />
      </div>
      <Asked {...spend} height={560}>
        {(data) =>
          sumOf(data, 'calls') === 0 ? (
            <Empty title="Nothing was spent in this time">
              <p className="quiet">
                Choose a longer time or take out a filter. Spend shows within a minute of the calls of models and tools that events tell of;
                what a call costs comes from its tokens and the price of its model.
              </p>
            </Empty>
          ) : (
            <Spend data={data} marks={marks} onZoom={range.setRange} />
          )
        }
      </Asked>
    </>
  );
} // prettier-ignore

interface SpendProps {
  readonly data: Spent;
  readonly marks: ReturnType<typeof useDeploys>;
  readonly onZoom: (from: number, to: number) => void;
}
function Spend({ data, marks, onZoom }: SpendProps) {
  const here = useHere();
  const span = STEP_MS[data.step];
  // Bars stand around the moment their hour or day begins.
  const [from, to] = [timeOf(data.since) - span / 2, timeOf(data.until) - span / 2];
  const series = useMemo(
    () => data.series.map(({ value, is_other: isOther, points }): TimeSeries => ({
      name: nameOf(value, isOther), form: 'bar', points: points.map(({ at, cost_nano_usd: nano }) => [timeOf(at), nano]), ...(isOther ? { tone: 'quiet' as const } : {}),
    })),
    [data],
  ); // prettier-ignore
  const doubt = useMemo((): readonly TimeSeries[] => {
    const pointsOf = (field: 'estimated_cost_nano_usd' | 'unpriced_calls') => data.all.map((point) => [timeOf(point.at), point[field]] as const);
    return [{ name: 'Rests on counted usage', form: 'bar', tone: 'quiet', points: pointsOf('estimated_cost_nano_usd') }];
  }, [data]); // prettier-ignore
  const unpriced = useMemo(
    (): readonly TimeSeries[] => [
      { name: 'Calls without a price', form: 'bar', tone: 'warn', points: data.all.map(({ at, unpriced_calls: n }) => [timeOf(at), n]) },
    ],
    [data],
  );
  const [total, estimated] = [sumOf(data, 'cost_nano_usd'), sumOf(data, 'estimated_cost_nano_usd')];
  const [calls, withoutPrice] = [sumOf(data, 'calls'), sumOf(data, 'unpriced_calls')];
  const now = useNow();
  const month = monthlyOf(total, timeOf(data.since), Math.min(timeOf(data.until), now));
  const pinned = (at: number): ReactNode => (
    <Link href={here({ tab: 'why', since: new Date(at).toISOString(), until: new Date(at + span).toISOString() })}>
      Why this {data.step}? Compare it with the one before
    </Link>
  );
  return (
    <>
      <dl className="stats">
        <Stat name="Spent" beside={`${countOf(calls)} calls`}>{moneyOf(total)}</Stat>
        <Stat name="A day, in the mean" beside={`${moneyOf(month)} in 30 days`}>{moneyOf(month / 30)}</Stat>
        <Stat name="Rests on counted usage" beside="Tokens were counted from content, not reported">{shareOf(estimated, total)}</Stat>
        <Stat name="Calls without a price" beside={withoutPrice > 0 ? <Link href={here({ tab: 'prices' })}>In no sum: which models</Link> : 'All calls have one'}>
          {countOf(withoutPrice)}
        </Stat>
      </dl>
      <Section title="Spend over time">
        <TimeChart label="Spend over time" series={series} from={from} to={to} amount={money} isStacked marks={marks} onZoom={onZoom} pinned={pinned} height={260} />
      </Section>
      {estimated > 0 && (
        <Section title="Of it rests on counted usage">
          <TimeChart label="Spend that rests on counted usage" series={doubt} from={from} to={to} amount={money} marks={marks} onZoom={onZoom} height={120} />
        </Section>
      )}
      {withoutPrice > 0 && (
        <Section title="Calls without a price, in no sum">
          <TimeChart label="Calls without a price" series={unpriced} from={from} to={to} amount={countOf} marks={marks} onZoom={onZoom} height={120} />
        </Section>
      )}
      <SpendTable data={data} />
    </>
  );
} // prettier-ignore

function SpendTable({ data }: { readonly data: Spent }) {
  const [zone] = useZone();
  const rows = useMemo(
    (): readonly Row[] =>
      data.all.map((point, i) => ({ ...point, of: data.series.map(({ points: { [i]: one } }) => (one ? costOf(one) : 0)) })),
    [data],
  );
  const columns = useMemo(
    (): readonly TableColumn<Row>[] => [
      { id: 'at', name: data.step === 'day' ? 'Day' : 'Hour', cell: ({ at }) => clockOf(timeOf(at), zone).slice(0, data.step === 'day' ? 10 : 16), sortBy: ({ at }) => at, width: '140px' },
      { id: 'all', name: 'All', cell: (row) => moneyOf(row.cost_nano_usd), sortBy: (row) => row.cost_nano_usd, isNumber: true },
      ...data.series.map(({ value, is_other: isOther }, i): TableColumn<Row> => ({ id: `of ${i}`, name: nameOf(value, isOther), cell: ({ of }) => moneyOf(of[i]), sortBy: ({ of }) => of[i] ?? null, isNumber: true, width: 'minmax(110px, 1fr)' })),
      { id: 'estimated', name: 'Counted usage', cell: (row) => moneyOf(row.estimated_cost_nano_usd), sortBy: (row) => row.estimated_cost_nano_usd, isNumber: true, width: '130px' },
      { id: 'unpriced', name: 'Without a price', cell: (row) => countOf(row.unpriced_calls), sortBy: (row) => row.unpriced_calls, isNumber: true, width: '130px' },
    ],
    [data, zone],
  ); // prettier-ignore
  const file = [
    { name: data.step, of: ({ at }: Row) => at },
    { name: 'cost_nano_usd', of: (row: Row) => row.cost_nano_usd },
    { name: 'estimated_cost_nano_usd', of: (row: Row) => row.estimated_cost_nano_usd },
    { name: 'calls', of: (row: Row) => row.calls },
    { name: 'unpriced_calls', of: (row: Row) => row.unpriced_calls },
    ...data.series.map(({ value, is_other: isOther }, i) => ({ name: `${data.by} ${nameOf(value, isOther)}`, of: ({ of }: Row) => of[i] })),
  ]; // prettier-ignore
  return (
    <Section title="The same as a table" beside={<Download name={`spend-by-${data.by}`} rows={rows} columns={file} />}>
      <DataTable label={`Spend by the ${data.step}`} rows={rows} columns={columns} rowId={({ at }) => at} maxHeight={400} />
    </Section>
  );
}
