import { type Difference, falseDiscoveryRates } from '@telltale/domain-effect';
import { z } from 'zod';
import { isMetric, METRICS, QUANTILE_METRICS, type QuantileMetricName } from './metrics';

/** Share of false findings among the metrics that are said to differ. */
export const FALSE_DISCOVERY = 0.05;

const number = z.number();
const trend = z.object({
  holds: z.boolean().nullable().describe('Whether the sides ran in parallel before the change; null: too few stretches to say'),
  p: number.nullable(),
  slope: number.nullable().describe('What they drifted apart in a stretch of time'),
  drift: number.nullable().describe('What that drift alone would have made of the difference'),
});
export const comparedMetric = z.object({
  metric: z.string(),
  about: z.string(),
  unit: z.string(),
  a: number.nullable().describe('Of side a; of before and after: of the treated before'),
  b: number.nullable().describe('Of side b; of before and after: of the treated after, had all else stayed'),
  difference: number.nullable(),
  low: number.nullable().describe('95 % interval of the difference'),
  high: number.nullable(),
  relative: z.object({ change: number, low: number, high: number }).nullable().describe('As a share of a'),
  p: number.nullable().describe('Of this metric by itself'),
  q: number.nullable().describe('False discovery rate among the metrics asked for'),
  detectable: number.nullable().describe('The least difference that would have been found with a power of 0.8'),
  verdict: z.enum(['higher', 'lower', 'no effect shown', 'unclear', 'cannot be said']).describe('Of b; unclear: the sides drifted apart before the change'),
  sentence: z.string(),
  trend: trend.optional(),
  matched_share: number.optional().describe('Part of the treated sessions that have a control of the same cohort'),
}); // prettier-ignore
type ComparedMetric = z.infer<typeof comparedMetric>;

export interface Estimated {
  readonly metric: string;
  /** null: it cannot be said, `why` says why. */
  readonly found: (Difference & { readonly trend?: z.infer<typeof trend>; readonly matched_share?: number }) | null;
  readonly why: string;
}

const percent = (share: number): string => `${(100 * share).toFixed(Math.abs(share) < 0.1 ? 1 : 0)} %`;
const shown = (value: number, unit: string): string =>
  unit === 'share' ? percent(value) : `${Number(value.toPrecision(3))}${unit === 'ms' || unit === 'usd' ? ` ${unit}` : ''}`;

function sentenceOf(metric: string, unit: string, verdict: ComparedMetric['verdict'], found: Difference): string {
  const { a, b, low, high, relative, detectable } = found;
  const from = `${shown(a, unit)} → ${shown(b, unit)}`;
  const interval = relative
    ? `${percent(relative.change)}, 95 % interval ${percent(relative.low)} to ${percent(relative.high)}`
    : `95 % interval of the difference ${shown(low, unit)} to ${shown(high, unit)}`;
  if (verdict === 'no effect shown') return `${metric}: no effect shown (${from}; ${interval}); one of ${shown(detectable, unit)} would have been found in 4 of 5 cases`; // prettier-ignore
  if (verdict === 'unclear') return `${metric}: ${from} (${interval}), but the sides drifted apart before the change already`;
  return `${metric}: ${verdict} (${from}; ${interval})`;
}

const aboutOf = (metric: string): { readonly about: string; readonly unit: string } =>
  isMetric(metric) ? METRICS[metric] : QUANTILE_METRICS[metric as QuantileMetricName];

/** What is said of each metric, with false discovery control over all of them. */
export function comparedMetrics(all: readonly Estimated[]): ComparedMetric[] {
  const known = all.filter(({ found }) => found !== null);
  const rates = falseDiscoveryRates(known.map(({ found }) => found?.p ?? 1));
  return all.map((one): ComparedMetric => {
    const { metric, found, why } = one;
    const { about, unit } = aboutOf(metric);
    const none = {
      a: null,
      b: null,
      difference: null,
      low: null,
      high: null,
      relative: null,
      p: null,
      q: null,
      detectable: null,
    };
    if (!found) return { metric, about, unit, ...none, verdict: 'cannot be said', sentence: `${metric}: cannot be said, ${why}` };
    const q = rates[known.indexOf(one)] ?? 1;
    const isFound = q <= FALSE_DISCOVERY;
    const verdict = !isFound ? 'no effect shown' : found.trend?.holds === false ? 'unclear' : found.difference > 0 ? 'higher' : 'lower'; // prettier-ignore
    return { metric, about, unit, ...found, q, verdict, sentence: sentenceOf(metric, unit, verdict, found) };
  });
}
