import { useCallback } from 'react';
import { Link } from 'wouter';
import { useDeploys } from '../../api/deploys';
import { Asked } from '../../design/asked';
import { TimeChart } from '../../design/chart/time-chart';
import { Page, Section } from '../../design/page';
import { Empty, Stat, Time } from '../../design/parts';
import { hrefOf } from '../../format/links';
import { countOf } from '../../format/numbers';
import { useNow } from '../../shell/preferences';
import { type Range, RangePicker, useRange } from '../../shell/range';
import { AnomalyTable } from './anomalies';
import { anomalySpans, drawn, holidaySpans, maintenanceSpans } from './marked';
import {
  type AnomalyRow,
  useAnomalies,
  useExpected,
  useHolidays,
  useMaintenance,
  useReadiness,
  useWindows,
  windowsKey,
} from './questions';
import { amountOfMetric, nameOfSeries, ratioOf, ratioText } from './series-words';
import './detection.css';

type Windows = NonNullable<ReturnType<typeof useWindows>['data']>;
const MOST_WINDOWS = 10_000;

/** One series: its windows beside what was expected, with what was found, deployed and planned on one axis. */
export function SeriesPage({ id }: { readonly id: string }) {
  const range = useRange('24h');
  const windows = useWindows(id, range);
  const [first] = windows.data?.windows ?? [];
  const name = first ? nameOfSeries(first.dimensions) : 'Series';
  return (
    <Page
      title={name}
      subtitle={first ? first.metric : id}
      actions={
        <Link className="button" href={hrefOf('/detection', { tab: 'backtest', series: id })}>
          Backtest a sensitivity
        </Link>
      }
    >
      <div className="filters">
        <RangePicker fallback="24h" />
      </div>
      <Asked of={windows} queryKey={windowsKey(id, range)} height={420}>
        {(data) => (data.windows.length === 0 ? <Nothing /> : <Known id={id} data={data} range={range} />)}
      </Asked>
    </Page>
  );
}

const Nothing = () => (
  <Empty title="No window of this series in this time">
    <p className="quiet">Choose a longer time: windows are kept for 30 days unless the scorer is set otherwise.</p>
    <Link href="/detection">All series</Link>
  </Empty>
);

interface KnownProps {
  readonly id: string;
  readonly data: Windows;
  readonly range: Range & { readonly setRange: (from: number, to: number) => void };
}

function Known({ id, data, range }: KnownProps) {
  const [last] = data.windows;
  const metric = last?.metric ?? '';
  const service = last?.dimensions['service_name'] ?? '';
  const anomalies = useAnomalies({ service, metric: '' }, range);
  const own = anomalies.data?.anomalies.filter(({ series_id: of }) => of === id) ?? [];
  const amount = amountOfMetric(metric);
  const ratio = ratioOf(last?.p50 ?? null, last?.expected ?? null);
  const values = data.windows.reduce((sum, { count }) => sum + count, 0);
  return (
    <>
      <dl className="stats">
        <Stat name="Last median" beside={last && <Time at={last.window_start} />}>
          {last?.p50 == null ? '–' : amount(last.p50)}
        </Stat>
        <Stat
          name="Expected"
          beside={ratio === null ? 'no expected value of the last window' : `the last one is ${ratioText(ratio)}`}
        >
          {last?.expected == null ? '–' : amount(last.expected)}
        </Stat>
        <Stat name="Anomalies in this time" beside={`${countOf(own.filter(({ state }) => state === 'open').length)} open`}>
          {anomalies.data === undefined ? '–' : countOf(own.length)}
        </Stat>
        <Stat
          name="Values in this time"
          beside={data.next_cursor === undefined ? undefined : `of the newest ${countOf(MOST_WINDOWS)} windows`}
        >
          {countOf(Math.round(values))}
        </Stat>
        <State id={id} service={service} />
      </dl>
      <Section title="Values and what was expected">
        <Picture id={id} data={data} range={range} anomalies={own} amount={amount} service={service} name={metric} />
      </Section>
      <Section title="Anomalies">
        {own.length === 0 ? (
          <p className="quiet">None of this series in this time.</p>
        ) : (
          <AnomalyTable rows={own} withSeries={false} />
        )}
      </Section>
    </>
  );
}

function State({ id, service }: { readonly id: string; readonly service: string }) {
  const readiness = useReadiness({ service, metric: '' });
  const found = readiness.data?.series.find(({ series_id: of }) => of === id);
  return (
    <Stat name="Detector" beside={found?.watched_from != null ? <>from <Time at={found.watched_from} by="clock" /></> : found ? 'its values are judged' : 'counts are judged from the start'}>
      {found?.state ?? '–'}
    </Stat>
  );
} // prettier-ignore

interface PictureProps extends KnownProps {
  readonly anomalies: readonly AnomalyRow[];
  readonly amount: (value: number) => string;
  readonly service: string;
  readonly name: string;
}

function Picture({ id, data, range, anomalies, amount, service, name }: PictureProps) {
  const now = useNow();
  const expected = useExpected(id, range);
  const marks = useDeploys(range, service);
  const maintenance = useMaintenance();
  const holidays = useHolidays();
  const { value, expected: center, band, says } = drawn(data.windows, expected.data);
  const spans = [
    ...holidaySpans(holidays.data?.holidays ?? [], service),
    ...maintenanceSpans(maintenance.data?.maintenance ?? [], service),
    ...anomalySpans(anomalies, now),
  ];
  const zoom = useCallback((from: number, to: number) => range.setRange(from, to), [range]);
  return (
    <>
      <TimeChart
        label={`${name} over time`}
        series={[
          { name: 'median', points: value, ...(band.length > 0 ? { band } : {}) },
          { name: 'expected', points: center, tone: 'quiet' },
        ]}
        from={range.from}
        to={range.to}
        amount={amount}
        height={300}
        marks={marks}
        spans={spans}
        onZoom={zoom}
      />
      <p className="quiet detection-says" aria-live="polite">
        {expected.isFetching ? 'Measuring the range that was expected…' : expected.isError ? 'The range that was expected could not be measured.' : says}
      </p>
    </>
  );
} // prettier-ignore
