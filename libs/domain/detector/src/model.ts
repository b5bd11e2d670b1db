/**
 * `level`: typical value of a measurement, on a log scale. `gauge`: the same, on a linear scale. `rate`: number per window. `share`: only
 * the error ratio of the measurements. `traffic`: how many a minute, over five minutes and more; the time of day explains it.
 */
export type Shape = 'level' | 'gauge' | 'rate' | 'share' | 'traffic';
export type Unit = 'ms' | 'nano_usd' | 'tokens' | 'calls' | 'count' | 'ratio' | 'score';

export interface MetricModel {
  readonly shape: Shape;
  readonly unit: Unit;
  /** Whether the error ratio is monitored too. */
  readonly errors: boolean;
  /** Whether missing data is reported. */
  readonly noData: boolean;
}

const MODELS: Readonly<Record<string, MetricModel>> = {
  'turn.duration': { shape: 'level', unit: 'ms', errors: true, noData: true },
  // Missing data of a service is reported for its turn.duration.
  'turn.count': { shape: 'traffic', unit: 'count', errors: false, noData: false },
  'turn.cost': { shape: 'level', unit: 'nano_usd', errors: false, noData: false },
  'turn.calls': { shape: 'level', unit: 'calls', errors: false, noData: false },
  'turn.unhelped': { shape: 'share', unit: 'ratio', errors: true, noData: false },
  // A version that is replaced is no fault.
  'version.duration': { shape: 'level', unit: 'ms', errors: true, noData: false },
  'operation.duration': { shape: 'level', unit: 'ms', errors: true, noData: true },
  'llm.cost': { shape: 'level', unit: 'nano_usd', errors: false, noData: false },
  'llm.tokens': { shape: 'level', unit: 'tokens', errors: false, noData: false },
  'llm.time_to_first_token': { shape: 'level', unit: 'ms', errors: false, noData: false },
  'llm.cache_read_share': { shape: 'gauge', unit: 'ratio', errors: false, noData: false },
  'error.count': { shape: 'rate', unit: 'count', errors: false, noData: false },
  score: { shape: 'gauge', unit: 'score', errors: true, noData: false },
  // A tenant that goes from one provider to another has not lost it.
  'provider.duration': { shape: 'level', unit: 'ms', errors: true, noData: false },
  // A tool that one service no longer calls is not gone.
  'tenant.operation.duration': { shape: 'level', unit: 'ms', errors: true, noData: false },
  'tenant.turn.count': { shape: 'traffic', unit: 'count', errors: false, noData: false },
  'tenant.turn.cost': { shape: 'level', unit: 'nano_usd', errors: false, noData: false },
  'tenant.turn.unhelped': { shape: 'share', unit: 'ratio', errors: true, noData: false },
};
const LOGS: MetricModel = { shape: 'rate', unit: 'count', errors: false, noData: false };
/** All scores of a service together: their values have nothing in common, their verdicts have. */
const VERDICTS: MetricModel = { shape: 'share', unit: 'ratio', errors: true, noData: false };
const OF_LOGS: ReadonlySet<string> = new Set(['log.count', 'log.template']);

/** How a series is monitored, or null when its metric has no baseline. */
export function modelOf(metric: string, dimensions: Readonly<Record<string, string>>): MetricModel | null {
  if (OF_LOGS.has(metric)) return ['error', 'fatal'].includes(dimensions['severity'] ?? '') ? LOGS : null;
  if (metric === 'score' && dimensions['score_name'] === undefined) return VERDICTS;
  return MODELS[metric] ?? null;
}

/** Whether the values themselves are monitored, over runs of windows; counts have no values. */
export const hasValues = ({ shape }: MetricModel): boolean => shape === 'level' || shape === 'gauge';

/** The metrics whose values are monitored. */
export const METRICS_WITH_VALUES: readonly string[] = Object.keys(MODELS).filter((metric) => hasValues(MODELS[metric] ?? LOGS));

/** Size of a measure window, ms. */
export const WINDOW_MS = 10_000;
