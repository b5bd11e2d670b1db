import { useCallback, useState } from 'react';
import { Link } from 'wouter';
import { api } from '../../api/client';
import { useCan } from '../../api/session';
import { Asked } from '../../design/asked';
import { Chart } from '../../design/chart/chart';
import { type Palette } from '../../design/chart/palette';
import { Choice, TextFilter } from '../../design/fields';
import { Section } from '../../design/page';
import { Badge, Empty, Failure, Time } from '../../design/parts';
import { DataTable, type TableColumn } from '../../design/table';
import { seriesHref } from '../../format/links';
import { countOf, shareOf } from '../../format/numbers';
import { type Range } from '../../shell/range';
import { useUrl, useUrlChange } from '../../shell/url';
import { type By, frontierOption, MULTIPLIERS, sentenceOf, type Tried, wrongList } from './frontier';
import { type Backtest, type BacktestParams, backtestKey, ISSUED_BY, useBacktest, useDetectorChange } from './questions';

interface BacktestProps {
  readonly of: { readonly service: string; readonly metric: string };
  readonly range: Range;
}

/** How many anomalies other sensitivities would have raised over stored windows, and which real ones they would lose. */
export function BacktestPart({ of, range }: BacktestProps) {
  const [series, setSeries] = useUrl('series');
  const [given] = useUrl('by');
  const [list, setList] = useUrl('try');
  const [run] = useUrl('run');
  const change = useUrlChange();
  const isPart = series !== '' || of.service !== '' || of.metric !== '';
  const by: By = given === 'budget' || given === 'multiplier' ? given : isPart ? 'multiplier' : 'budget';
  const wrong = wrongList(list);
  const tried: BacktestParams = {
    ...(series ? { series } : { ...(of.service && { service: of.service }), ...(of.metric && { metric: of.metric }) }),
    since: range.since,
    ...(range.until ? { until: range.until } : {}),
    ...(by === 'budget' ? (list ? { false_per_day: list } : {}) : { rate_multiplier: list || MULTIPLIERS }),
  };
  // What was run is in the address: another question is another run.
  const asked = JSON.stringify(tried);
  const isAsked = run === digestOf(asked) && wrong === undefined;
  const answer = useBacktest(tried, isAsked);
  return (
    <>
      <form
        className="filters"
        onSubmit={(event) => {
          event.preventDefault();
          if (isAsked && !answer.isFetching) void answer.refetch();
          else change({ run: digestOf(asked) });
        }}
      >
        <TextFilter key={`series ${series}`} label="Series (its id)" value={series} onChange={setSeries} placeholder="all of the filters above" />
        <Choice label="Try other" value={by} options={[['budget', 'budgets of false anomalies a day'], ['multiplier', 'multipliers of its share']]} onChange={(value) => change({ by: value, try: '' })} />
        <TextFilter key={`list ${by} ${list}`} label="These" value={list} onChange={setList} placeholder={by === 'budget' ? 'around the present one' : MULTIPLIERS} />
        <button type="submit" className="button" data-main="true" disabled={wrong !== undefined}>
          Run the backtest
        </button>
      </form>
      {wrong !== undefined && <p className="field-error" role="alert">{wrong}</p>}
      {isAsked ? (
        <Asked of={answer} queryKey={backtestKey(tried)} height={420}>
          {(data) => <Answer data={data} by={by} of={of} isOfSeries={series !== ''} />}
        </Asked>
      ) : (
        <Empty title="Try a sensitivity before you set it">
          <p className="quiet">
            The detector’s own code runs once more over the stored windows of {series ? 'this series, beside its like' : isPart ? 'what is chosen above' : 'all series'}, once for each
            sensitivity. It takes some seconds, and changes nothing. Label anomalies first: then it says which real ones would be lost.
          </p>
        </Empty>
      )}
    </>
  );
} // prettier-ignore

/** A short name of a question, for the address. */
function digestOf(text: string): string {
  let hash = 5381;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 33) ^ text.charCodeAt(i)) >>> 0;
  return hash.toString(36);
}

interface AnswerProps {
  readonly data: Backtest;
  readonly by: By;
  readonly of: BacktestProps['of'];
  readonly isOfSeries: boolean;
}

function Answer({ data, by, of, isOfSeries }: AnswerProps) {
  const option = useCallback((palette: Palette) => frontierOption(by, data, palette), [by, data]);
  if (data.windows === 0)
    return (
      <Empty title="Nothing is stored of this">
        <p className="quiet">No series of this choice has windows in this time or the week before. Choose a longer time, or take out a filter.</p>
      </Empty>
    );
  const left = data.series_left_out > 0 ? `; ${countOf(data.series_left_out)} series were left out, for there was no room` : '';
  return (
    <>
      <p className="detection-sentence" role="status">{sentenceOf(data)}</p>
      <Section title="Anomalies by sensitivity">
        <Chart option={option} height={260} label={`Anomalies that would have been raised at each sensitivity; the table below has the same numbers. Raised: ${data.raised.anomalies}`} />
        <p className="quiet">Dashed: what was raised. Upright: the present setting.{(data.raised.by_label['real'] ?? 0) > 0 && ' Red: of those labeled real.'}</p>
        <Settings data={data} by={by} of={of} isOfSeries={isOfSeries} />
        <p className="quiet">
          {countOf(data.series)} series, {countOf(data.windows)} windows since <Time at={data.replayed_from} by="clock" />, counted from <Time at={data.since} by="clock" />{left}.
          {data.share_of_tenant < 1 && ` They are ${shareOf(data.share_of_tenant, 1)} of what the tenant has, and get that share of a budget.`}
          {` No budget gives a series more than ${data.per_series_day} a day: beyond ${countOf(Math.ceil(data.per_series_day * (data.series / Math.max(data.share_of_tenant, 0.001))))} a day a larger one changes little here.`}
        </p>
      </Section>
      <Lost settings={data.settings} by={by} />
      <Section title="What it cannot know">
        <ul className="detection-limits">{data.cannot_know.map(({ about, text }) => <li key={about}>{text}</li>)}</ul>
      </Section>
    </>
  );
} // prettier-ignore

const settingText = (by: By, { false_per_day: budget, rate_multiplier: rate }: Tried): string =>
  by === 'budget' ? `${budget} a day` : `${rate}×`;

function Settings({ data, by, of, isOfSeries }: AnswerProps) {
  const { can, why } = useCan('control');
  const [adopted, setAdopted] = useState('');
  const change = useDetectorChange((tried: Tried) =>
    api.setSensitivity({
      ...(by === 'budget'
        ? { false_positives_per_day: tried.false_per_day }
        : { rate_multiplier: tried.rate_multiplier, ...(of.service && { service_name: of.service }), ...(of.metric && { metric: of.metric }) }),
      issued_by: ISSUED_BY,
    }),
  );
  const real = data.raised.by_label['real'] ?? 0;
  // A series has no sensitivity of its own, and what is in force already needs no setting.
  const isOffered = !isOfSeries;
  const columns: readonly TableColumn<Tried>[] = [
    { id: 'setting', name: by === 'budget' ? 'Budget' : 'Multiplier', width: 'minmax(150px, 1fr)', cell: (one) => <>{settingText(by, one)} {one.is_present && <Badge>present</Badge>}</> },
    { id: 'anomalies', name: 'Anomalies', isNumber: true, cell: ({ anomalies }) => countOf(anomalies) },
    { id: 'explained', name: 'Explained', isNumber: true, cell: ({ explained }) => countOf(explained) },
    { id: 'kept', name: 'Raised as well', isNumber: true, width: '130px', cell: ({ kept }) => `${countOf(kept)} of ${countOf(data.raised.anomalies)}` },
    { id: 'lost', name: 'Real ones lost', isNumber: true, width: '130px', cell: ({ real_lost: lost }) => (real === 0 ? <span className="quiet">none labeled</span> : lost > 0 ? <Badge tone="bad">{`${lost} of ${real}`}</Badge> : `0 of ${real}`) },
    ...(isOffered
      ? [{ id: 'use', name: 'Set', width: '110px', cell: (one: Tried) => !one.is_present && (
          <button type="button" className="button detection-small" aria-label={`Set it: ${settingText(by, one)}`} title={why} disabled={!can || change.isPending} onClick={() => { setAdopted(settingText(by, one)); change.mutate(one); }}>
            Set it
          </button>
        ) }]
      : []),
  ];
  return (
    <>
      <DataTable label="Sensitivities that were tried" rows={data.settings} columns={columns} rowId={(one) => settingText(by, one)} />
      {change.isError && <Failure error={change.error} />}
      {change.isSuccess && <p role="status">{adopted} is requested. It is in force once the detector has read it, within seconds.</p>}
    </>
  );
} // prettier-ignore

/** Anomalies labeled real that a setting would not have raised. */
function Lost({ settings, by }: { readonly settings: readonly Tried[]; readonly by: By }) {
  const losing = settings.filter(({ lost }) => lost.length > 0);
  if (losing.length === 0) return null;
  return (
    <Section title="Real ones that would be lost">
      {losing.map((one) => (
        <div key={settingText(by, one)}>
          <h3>At {settingText(by, one)}</h3>
          <ul className="detection-limits">
            {one.lost.map(({ id, series_id: series, started_at: at, summary }) => (
              <li key={id}>
                <Link href={seriesHref(series)}>{summary}</Link> <Time at={at} />
              </li>
            ))}
          </ul>
          {one.real_lost > one.lost.length && (
            <p className="quiet">
              The first {one.lost.length} of {one.real_lost}.
            </p>
          )}
        </div>
      ))}
    </Section>
  );
}
