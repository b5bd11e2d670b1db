import { type Scale } from '@telltale/domain-effect';

export interface Metric {
  readonly about: string;
  readonly unit: 'sessions' | 'turns' | 'usd' | 'ms' | 'share' | 'friction' | 'tokens' | 'calls';
  /** What a session adds above and below: means are over sessions, shares over turns. */
  readonly value: string;
  readonly of: string;
  /** Sessions that have it. */
  readonly when?: string;
  readonly scale: Scale;
}

const ANSWER_MS = 'waiting_ms / turns';

export const METRICS = {
  turns: { about: 'turns in a session', unit: 'turns', value: 'toFloat64(turns)', of: '1', scale: 'mean' },
  cost: { about: 'cost of a session whose price is known', unit: 'usd', value: 'cost_nano_usd / 1e9', of: '1', when: 'cost_nano_usd IS NOT NULL', scale: 'mean' },
  cost_per_turn: { about: 'cost of a turn, in sessions whose price is known', unit: 'usd', value: 'cost_nano_usd / 1e9', of: 'turns', when: 'cost_nano_usd IS NOT NULL', scale: 'mean' },
  duration: { about: 'time to an answer: geometric mean over sessions of the mean of each', unit: 'ms', value: `log(${ANSWER_MS})`, of: '1', when: 'waiting_ms > 0', scale: 'log' },
  friction: { about: 'friction of a session, 0 to 1', unit: 'friction', value: 'friction', of: '1', when: 'friction IS NOT NULL', scale: 'mean' },
  unhelped: { about: 'share of turns that ended in an error, a refusal or without an answer', unit: 'share', value: "toFloat64(outcomes['error'] + outcomes['refused'] + friction_signs['no_answer'])", of: 'turns', when: 'friction IS NOT NULL', scale: 'mean' },
  abandoned: { about: 'share of sessions that were abandoned', unit: 'share', value: "toFloat64(abandoned_because != '')", of: '1', when: 'friction IS NOT NULL', scale: 'mean' },
  transferred: { about: 'share of turns that were handed over to a person', unit: 'share', value: "toFloat64(outcomes['transferred'])", of: 'turns', scale: 'mean' },
  errors: { about: 'failed operations in a session', unit: 'calls', value: 'toFloat64(errors)', of: '1', scale: 'mean' },
  retries: { about: 'retries in a session', unit: 'calls', value: 'toFloat64(retries)', of: '1', scale: 'mean' },
  tokens: { about: 'tokens of a session, in and out', unit: 'tokens', value: 'toFloat64(input_tokens + output_tokens)', of: '1', scale: 'mean' },
} as const satisfies Readonly<Record<string, Metric>>; // prettier-ignore
export type MetricName = keyof typeof METRICS;

/** Quantiles over sessions. */
export const QUANTILE_METRICS = {
  duration_p50: { about: 'median over sessions of the mean time to an answer', unit: 'ms', value: ANSWER_MS, when: 'waiting_ms > 0', level: 0.5 },
  duration_p95: { about: '95th percentile of that', unit: 'ms', value: ANSWER_MS, when: 'waiting_ms > 0', level: 0.95 },
  cost_p95: { about: '95th percentile over sessions of what they cost', unit: 'usd', value: 'cost_nano_usd / 1e9', when: 'cost_nano_usd IS NOT NULL', level: 0.95 },
} as const; // prettier-ignore
export type QuantileMetricName = keyof typeof QUANTILE_METRICS;

export const METRIC_NAMES: readonly string[] = [...Object.keys(METRICS), ...Object.keys(QUANTILE_METRICS)];
export const isMetric = (name: string): name is MetricName => Object.hasOwn(METRICS, name);
export const isQuantileMetric = (name: string): name is QuantileMetricName => Object.hasOwn(QUANTILE_METRICS, name);
export const metricOf = (name: MetricName): Metric => METRICS[name];
