/**
 * `level`: typical value of a measurement, on a log scale. `gauge`: the same, as it is. `rate`: how many there are in a window. `share`:
 * how many of the measurements are errors, and nothing else.
 */
export type Shape = 'level' | 'gauge' | 'rate' | 'share';
export type Unit = 'ms' | 'nano_usd' | 'tokens' | 'calls' | 'count' | 'ratio' | 'score';

export interface MetricModel {
  readonly shape: Shape;
  readonly unit: Unit;
  /** Whether the share of errors is watched too. */
  readonly errors: boolean;
  /** Whether its silence is worth a word. */
  readonly noData: boolean;
}

const MODELS: Readonly<Record<string, MetricModel>> = {
  'turn.duration': { shape: 'level', unit: 'ms', errors: true, noData: true },
  // The silence of a service shows in its turn.duration.
  'turn.count': { shape: 'rate', unit: 'count', errors: false, noData: false },
  'turn.cost': { shape: 'level', unit: 'nano_usd', errors: false, noData: false },
  'turn.calls': { shape: 'level', unit: 'calls', errors: false, noData: false },
  'turn.unhelped': { shape: 'share', unit: 'ratio', errors: true, noData: false },
  // A version that goes is no fault.
  'version.duration': { shape: 'level', unit: 'ms', errors: true, noData: false },
  'operation.duration': { shape: 'level', unit: 'ms', errors: true, noData: true },
  'llm.cost': { shape: 'level', unit: 'nano_usd', errors: false, noData: false },
  'llm.tokens': { shape: 'level', unit: 'tokens', errors: false, noData: false },
  'error.count': { shape: 'rate', unit: 'count', errors: false, noData: false },
  score: { shape: 'gauge', unit: 'score', errors: true, noData: false },
};
const LOGS: MetricModel = { shape: 'rate', unit: 'count', errors: false, noData: false };

/** How a series is watched, or null when its metric has no baseline. */
export function modelOf(metric: string, dimensions: Readonly<Record<string, string>>): MetricModel | null {
  if (metric === 'log.count') return ['error', 'fatal'].includes(dimensions['severity'] ?? '') ? LOGS : null;
  return MODELS[metric] ?? null;
}

/** Whether the values themselves are watched, over runs of windows; what is counted has none. */
export const hasValues = ({ shape }: MetricModel): boolean => shape === 'level' || shape === 'gauge';

/** Windows of measures, ms. */
export const WINDOW_MS = 10_000;
