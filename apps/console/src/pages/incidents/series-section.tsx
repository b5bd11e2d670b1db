import { Link } from 'wouter';
import { type Mark } from '../../api/deploys';
import { Asked } from '../../design/asked';
import { TimeChart } from '../../design/chart/time-chart';
import { Choice } from '../../design/fields';
import { Section } from '../../design/page';
import { countOf, durationOf, moneyOf } from '../../format/numbers';
import { clockOf, timeOf } from '../../format/times';
import { useNow, useZone } from '../../shell/preferences';
import { useUrl } from '../../shell/url';
import { type Anomaly, type IncidentAnswer, MOST_WINDOWS, useWindows, type Window, windowsKey } from './questions';
import { pointsOf, STATISTIC_NAMES, statisticOf, stepsOf, type Unit, unitOf } from './series-points';
import { rowsHref, type Segment, segmentsOf, thresholdOf, type Verdict } from './strip-segments';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const MOST_STEPS = 180;
/** Shown before the onset at least, and as much as it lasts; a series is kept no longer than this. */
const LEAST_BEFORE_MS = HOUR;
const MOST_BEFORE_MS = 12 * HOUR;
const AFTER_MS = 15 * MINUTE;

const AMOUNTS: Readonly<Record<Unit, (value: number) => string>> = {
  ms: (value) => (value === 0 ? '0 ms' : durationOf(value)),
  nano_usd: moneyOf,
  share: (value) => `${Number((100 * value).toPrecision(3))} %`,
  number: (value) => String(Number(value.toPrecision(3))),
};

/** What is drawn: from some time before the incident until a little after it, in whole minutes so that it is asked once. */
function spanOf({ incident }: IncidentAnswer, now: number): readonly [from: number, to: number] {
  const began = timeOf(incident.onset_at ?? incident.opened_at);
  const ended = incident.closed_at === null ? now : Math.min(now, timeOf(incident.closed_at) + AFTER_MS);
  const before = Math.min(MOST_BEFORE_MS, Math.max(LEAST_BEFORE_MS, ended - began));
  return [Math.floor((began - before) / MINUTE) * MINUTE, Math.ceil(ended / MINUTE) * MINUTE];
}

/** The series of an anomaly with what was usual for it, how it was judged over time, and what was deployed. */
export function SeriesSection({ answer }: { readonly answer: IncidentAnswer }) {
  const { incident, anomalies } = answer;
  const now = useNow();
  const [chosen, choose] = useUrl('anomaly', incident.cause_anomaly_id);
  const anomaly = anomalies.find(({ id }) => id === chosen) ?? anomalies.find(({ id }) => id === incident.cause_anomaly_id) ?? anomalies[0];
  const [from, to] = spanOf(answer, now);
  const [since, until] = [new Date(from).toISOString(), new Date(to).toISOString()];
  const windows = useWindows(anomaly?.series_id ?? '', since, until);
  if (!anomaly) return null;
  return (
    <Section
      title="Series"
      beside={
        <Choice label="Anomaly" value={anomaly.id} options={anomalies.map(({ id, summary }) => [id, summary.length > 80 ? `${summary.slice(0, 80)}…` : summary])} onChange={choose} />
      }
    >
      <p>{anomaly.summary}</p>
      <Asked of={windows} queryKey={windowsKey(anomaly.series_id, since, until)} height={300}>
        {(found) => <Drawn windows={found.windows} isCut={found.next_cursor !== undefined} anomaly={anomaly} answer={answer} from={from} to={to} />}
      </Asked>
    </Section>
  );
} // prettier-ignore

interface DrawnProps {
  readonly windows: readonly Window[];
  readonly isCut: boolean;
  readonly anomaly: Anomaly;
  readonly answer: IncidentAnswer;
  readonly from: number;
  readonly to: number;
}
function Drawn({ windows, isCut, anomaly, answer, from, to }: DrawnProps) {
  const now = useNow();
  const [zone] = useZone();
  const statistic = statisticOf(anomaly);
  const amount = AMOUNTS[unitOf(anomaly.metric, statistic)];
  const steps = stepsOf(windows, statistic, from, to, MOST_STEPS);
  const points = pointsOf(steps);
  const threshold = thresholdOf(anomaly);
  const ofSeries = answer.anomalies.filter(({ series_id: id }) => id === anomaly.series_id);
  const segments = segmentsOf(steps, ofSeries, anomaly, now);
  const clock = (at: number): string => clockOf(at, zone).slice(11, 19);
  const [fires, recovers] = [timeOf(anomaly.started_at), anomaly.ended_at === null ? null : timeOf(anomaly.ended_at)];
  const marks: Mark[] = [
    ...answer.deploys.map(({ at, text }) => ({ at: timeOf(at), text })),
    { at: fires, text: 'the anomaly fires' },
    ...(recovers === null ? [] : [{ at: recovers, text: 'it recovers' }]),
  ];
  const stepMs = (steps[0]?.until ?? 0) - (steps[0]?.at ?? 0);
  return (
    <div className="card section">
      <TimeChart
        label={`${anomaly.metric}, ${STATISTIC_NAMES[statistic]}`}
        series={[{ name: STATISTIC_NAMES[statistic], points, ...(threshold === null ? {} : { band: points.map(([at]) => [at, anomaly.expected_low, anomaly.expected_high] as const) }) }]}
        from={from}
        to={to}
        amount={amount}
        height={200}
        marks={marks}
        {...(threshold === null ? {} : { threshold })}
        pinned={(at) => <Link href={rowsHref(anomaly, at - stepMs / 2, at + stepMs / 2)}>These rows</Link>}
      />
      <Strip segments={segments} from={from} to={to} anomaly={anomaly} clock={clock} />
      <p className="quiet">
        It fires at {clock(fires)}{recovers === null ? ' and goes on' : ` and recovers at ${clock(recovers)}`}. Each point is {durationOf(stepMs)}. {threshold !== null && `The band is what was usual when it was furthest, ${amount(anomaly.expected_low)} to ${amount(anomaly.expected_high)}; beyond the line it departs.`}
        {isCut && ` Only the newest ${countOf(MOST_WINDOWS)} windows are shown.`}
      </p>
    </div>
  );
} // prettier-ignore

const VERDICTS: Readonly<Record<Verdict, string>> = {
  anomaly: 'anomaly',
  beyond: 'beyond the usual, no anomaly',
  usual: 'usual',
  unjudged: 'too few values to be judged',
  empty: 'no values',
};

interface StripProps {
  readonly segments: readonly Segment[];
  readonly from: number;
  readonly to: number;
  readonly anomaly: Anomaly;
  readonly clock: (at: number) => string;
}
/** How each stretch was judged; what departed opens its rows. */
function Strip({ segments, from, to, anomaly, clock }: StripProps) {
  const kinds = [...new Set(segments.map(({ verdict }) => verdict))];
  const place = (at: number): string => `${(100 * (Math.min(to, Math.max(from, at)) - from)) / (to - from)}%`;
  return (
    <div className="strip-frame">
      <ol className="strip" aria-label="How the detector judged it over time">
        {segments.map((segment) => {
          const text = `${clock(segment.from)} to ${clock(segment.to)}: ${VERDICTS[segment.verdict]}`;
          const opens = segment.verdict === 'anomaly' || segment.verdict === 'beyond';
          return (
            <li key={segment.from} data-verdict={segment.verdict} title={text} style={{ left: place(segment.from), width: `calc(${place(segment.to)} - ${place(segment.from)})` }}>
              {opens ? (
                <Link href={rowsHref(anomaly, segment.from, segment.to)} aria-label={`${text}; its rows`} />
              ) : (
                <span className="visually-hidden">{text}</span>
              )}
            </li>
          );
        })}
      </ol>
      <p className="strip-legend quiet">
        {kinds.map((kind) => (
          <span key={kind}>
            <span className="strip-swatch" data-verdict={kind} /> {VERDICTS[kind]}
          </span>
        ))}
      </p>
    </div>
  );
} // prettier-ignore
