import { hrefOf, turnsHref } from '../../format/links';
import { timeOf } from '../../format/times';
import { type Anomaly } from './questions';
import { type Step } from './series-points';

/** How the detector judged a stretch of time. */
export type Verdict = 'anomaly' | 'beyond' | 'usual' | 'unjudged' | 'empty';

export interface Segment {
  readonly verdict: Verdict;
  readonly from: number;
  readonly to: number;
}

type Range = Pick<Anomaly, 'expected_low' | 'expected_high' | 'direction' | 'kind'>;

/** The bound that was passed; null where there is none, as of a series that stopped. */
export const thresholdOf = ({ direction, expected_low: low, expected_high: high, kind }: Range): number | null =>
  kind === 'no_data' || kind === 'novelty' ? null : direction === 'up' ? high : low;

const isBeyond = (value: number, threshold: number, direction: string): boolean => (direction === 'up' ? value > threshold : value < threshold); // prettier-ignore

function verdictOf(step: Step, anomalies: readonly Anomaly[], range: Range, now: number): Verdict {
  const isOver = (ended: string | null): number => (ended === null ? now : timeOf(ended));
  if (anomalies.some(({ started_at: start, ended_at: end }) => step.until > timeOf(start) && step.at < isOver(end)))
    return 'anomaly';
  if (step.windows === 0) return 'empty';
  const threshold = thresholdOf(range);
  if (step.value !== null && threshold !== null && isBeyond(step.value, threshold, range.direction)) return 'beyond';
  return step.judged > 0 ? 'usual' : 'unjudged';
}

/** The strip of evaluations: stretches of the same verdict, in order. `anomalies`: those of the series. */
export function segmentsOf(steps: readonly Step[], anomalies: readonly Anomaly[], range: Range, now: number): Segment[] {
  const segments: { verdict: Verdict; from: number; to: number }[] = [];
  for (const step of steps) {
    const verdict = verdictOf(step, anomalies, range, now);
    const last = segments.at(-1);
    if (last?.verdict === verdict) last.to = step.until;
    else segments.push({ verdict, from: step.at, to: step.until });
  }
  return segments;
}

/** Dimensions of series that events have under the same name, or another. */
const FIELDS: Readonly<Record<string, string>> = {
  service_name: 'service_name',
  service_version: 'service_version',
  kind: 'kind',
  name: 'name',
  model: 'response_model',
  provider: 'provider',
  error_fingerprint: 'error_fingerprint',
  severity: 'severity',
  score_name: 'score_name',
};
const quoted = (value: string): string => `"${value.replace(/["\\]/g, '\\$&')}"`;

/** The page of the rows behind a stretch of a series: turns of what is about turns, else the events. */
export function rowsHref({ metric, dimensions }: Pick<Anomaly, 'metric' | 'dimensions'>, from: number, to: number): string {
  const range = { since: new Date(from).toISOString(), until: new Date(to).toISOString() };
  const service = dimensions['service_name'];
  if (/^(?:tenant\.)?turn\./.test(metric)) return turnsHref({ service, ...range });
  const terms = Object.entries(dimensions).flatMap(([name, value]) => (FIELDS[name] === undefined ? [] : [`${FIELDS[name]}:${quoted(value)}`])); // prettier-ignore
  const of = /^version\./.test(metric) ? 'turns' : 'events';
  return hrefOf('/explore', { of, where: terms.join(' '), ...range });
}
