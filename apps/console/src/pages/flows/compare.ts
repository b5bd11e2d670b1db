import { type Operations } from '@telltale/api-client';
import { countOf, durationOf, moneyOf } from '../../format/numbers';

export type ComparedMetric = Operations['compare']['answer']['metrics'][number];

export const METRICS = {
  friction: 'Friction',
  abandoned: 'Sessions given up',
  unhelped: 'Turns that did not help',
  transferred: 'Turns handed over',
  duration: 'Time to an answer',
  cost: 'Cost of a session',
  cost_per_turn: 'Cost of a turn',
  turns: 'Turns in a session',
  errors: 'Failed operations',
  retries: 'Retries',
  tokens: 'Tokens of a session',
  duration_p50: 'Time to an answer, median',
  duration_p95: 'Time to an answer, 95th percentile',
  cost_p95: 'Cost of a session, 95th percentile',
} as const;
export type MetricName = keyof typeof METRICS;
export const METRIC_NAMES = Object.keys(METRICS) as readonly MetricName[];
export const DEFAULT_METRICS: readonly MetricName[] = ['friction', 'abandoned', 'unhelped', 'duration', 'cost'];
export const MOST_METRICS = 10;
/** Quantiles are not compared before and after a change. */
export const isQuantile = (name: MetricName): boolean => /_p\d\d$/.test(name);
/** More of these is neither better nor worse by itself. */
const NEUTRAL: readonly string[] = ['turns', 'tokens', 'transferred'];

export const metricName = (metric: string): string => (isMetric(metric) ? METRICS[metric] : metric);

/** The metrics that an address names; the usual ones where it names none that there is. */
export function metricsIn(given: string): readonly MetricName[] {
  const named = METRIC_NAMES.filter((name) => given.split(',').includes(name)).slice(0, MOST_METRICS);
  return named.length > 0 ? named : DEFAULT_METRICS;
}

const percentOf = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;
const sign = (value: number, text: string): string => (value > 0 ? `+${text}` : text);

/** An amount of a metric in words. */
export function amountOf(value: number | null, unit: string): string {
  if (value === null) return '–';
  if (unit === 'usd') return moneyOf(value * 1e9);
  if (unit === 'ms') return `${value < 0 ? '-' : ''}${durationOf(Math.abs(value))}`;
  if (unit === 'share') return percentOf(value);
  return unit === 'tokens' ? countOf(Math.round(value)) : String(Number(value.toPrecision(3)));
}

/** The difference and its interval in words: relative where that can be said. */
export function intervalOf({ unit, difference, low, high, relative }: ComparedMetric): string {
  if (difference === null || low === null || high === null) return 'cannot be said';
  const of = (value: number): string => (relative ? sign(value, percentOf(value)) : sign(value, amountOf(value, unit)));
  const [middle, from, to] = relative ? [relative.change, relative.low, relative.high] : [difference, low, high];
  return `${of(middle)}; 95 % interval ${of(from)} to ${of(to)}`;
}

/** A metric that is higher, and lower, said of the sessions that have it. */
const SAID: Readonly<Record<MetricName, readonly [higher: string, lower: string]>> = {
  friction: ['users have more friction', 'users have less friction'],
  abandoned: ['more sessions are given up', 'fewer sessions are given up'],
  unhelped: ['more turns do not help', 'fewer turns do not help'],
  transferred: ['more turns are handed over', 'fewer turns are handed over'],
  duration: ['answers take longer', 'answers take less time'],
  cost: ['a session costs more', 'a session costs less'],
  cost_per_turn: ['a turn costs more', 'a turn costs less'],
  turns: ['sessions have more turns', 'sessions have fewer turns'],
  errors: ['more operations fail', 'fewer operations fail'],
  retries: ['more is tried again', 'less is tried again'],
  tokens: ['sessions take more tokens', 'sessions take fewer tokens'],
  duration_p50: ['the median answer takes longer', 'the median answer takes less time'],
  duration_p95: ['the slowest 5 % of answers take longer', 'the slowest 5 % of answers take less time'],
  cost_p95: ['the most expensive 5 % of sessions cost more', 'the most expensive 5 % of sessions cost less'],
};
const isMetric = (metric: string): metric is MetricName => Object.hasOwn(METRICS, metric);
const isEffect = ({ verdict }: ComparedMetric): boolean => verdict === 'higher' || verdict === 'lower';
export const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** What was found of a metric that is an effect. */
function said({ metric, verdict }: ComparedMetric): string {
  const words = isMetric(metric) ? SAID[metric] : [`${metric} is higher`, `${metric} is lower`];
  return words[verdict === 'higher' ? 0 : 1] ?? metric;
}

/** What it means: a difference that is an effect is good or bad where more of the metric is. */
export function toneOf({ metric, verdict }: ComparedMetric): 'good' | 'bad' | 'quiet' {
  if ((verdict !== 'higher' && verdict !== 'lower') || NEUTRAL.includes(metric)) return 'quiet';
  return verdict === 'lower' ? 'good' : 'bad';
}

/** The finding of a metric as a plain sentence. */
export function plainSentence(one: ComparedMetric, a: string, b: string, isChange: boolean): string {
  const { metric, verdict, unit, detectable, sentence } = one;
  const name = metricName(metric);
  if (isEffect(one)) return isChange ? `By the change, ${said(one)} with ${b}, all else as it was.` : `With ${b} ${said(one)} than with ${a}.`;
  if (verdict === 'no effect shown') return `${name}: no effect is shown. A difference of ${amountOf(detectable, unit)} would have been found in four of five cases.`;
  if (verdict === 'unclear') return `${name}: unclear, for the sides drifted apart before the change already.`;
  return `It cannot be said: ${sentence.replace(/^[^:]*: cannot be said, /, '')}.`;
} // prettier-ignore

/** Did it help? The first sentence of a comparison: what got better, what worse. */
export function summaryOf(metrics: readonly ComparedMetric[], b: string): string {
  const found = metrics.filter(isEffect);
  if (found.length === 0) return metrics.some(({ verdict }) => verdict === 'no effect shown') ? `No effect of ${b} is shown.` : `It cannot be said what ${b} does.`;
  const parts = ([['good', 'better'], ['bad', 'worse'], ['quiet', 'other']] as const).flatMap(([tone, word]) => {
    const of = found.filter((one) => toneOf(one) === tone).map(said);
    return of.length > 0 ? [`${word} with ${b}: ${of.join(', ')}`] : [];
  });
  return `${capital(parts.join('; '))}.`;
} // prettier-ignore

/** Where the interval and the difference lie on an axis that has no difference in its middle, 0 to 1; null where it cannot be said. */
export function placeOf({ difference, low, high }: ComparedMetric): { readonly left: number; readonly width: number; readonly point: number } | null {
  if (difference === null || low === null || high === null) return null;
  const most = Math.max(Math.abs(low), Math.abs(high), Math.abs(difference)) * 1.1 || 1;
  const at = (value: number): number => 0.5 + value / (2 * most);
  return { left: at(low), width: at(high) - at(low), point: at(difference) };
} // prettier-ignore
