/** One value of a metric and how many measurements it stands for; a window's sketch is a list of these. */
export interface Point {
  readonly value: number;
  readonly weight: number;
}

/** What one series said in one window. */
export interface BaselineWindow {
  /** Milliseconds since the epoch. */
  readonly start: number;
  readonly count: number;
  readonly errors: number;
  readonly points: readonly Point[];
}

/** `level`: the typical value of a measurement, on a log scale. `rate`: how many there are in a window. */
export type BaselineModel = 'level' | 'rate';
export type Unit = 'ms' | 'nano_usd' | 'tokens' | 'count' | 'ratio';

export interface MetricModel {
  readonly model: BaselineModel;
  readonly unit: Unit;
  /** Whether the share of errors is watched too. */
  readonly errors: boolean;
}

const MODELS: Readonly<Record<string, MetricModel>> = {
  'turn.duration': { model: 'level', unit: 'ms', errors: true },
  'operation.duration': { model: 'level', unit: 'ms', errors: true },
  'llm.cost': { model: 'level', unit: 'nano_usd', errors: false },
  'llm.tokens': { model: 'level', unit: 'tokens', errors: false },
};
const LOGS: MetricModel = { model: 'rate', unit: 'count', errors: false };

/** How a series is watched, or null when its metric has no baseline. */
export function modelOf(metric: string, dimensions: Readonly<Record<string, string>>): MetricModel | null {
  if (metric === 'log.count') return ['error', 'fatal'].includes(dimensions['severity'] ?? '') ? LOGS : null;
  return MODELS[metric] ?? null;
}

/** One set for every series; what suits a series is learnt, not set. */
export interface BaselineTuning {
  readonly windowMs: number;
  /** No score before this many windows and measurements. */
  readonly warmupWindows: number;
  readonly warmupCount: number;
  /** Windows the centre and the scale look back over. */
  readonly memoryWindows: number;
  /** A deviation counts at most this many scales, so that one wild measurement proves nothing. */
  readonly clip: number;
  /** Measurements that a level, and an error share, are judged on; sparse windows are pooled until they are there. */
  readonly levelPool: number;
  readonly errorPool: number;
  readonly poolSpanMs: number;
  readonly scaleFloor: number;
  /** Windows of a busy series differ by at least this much (log scale) for no reason. */
  readonly driftFloor: number;
  readonly ratioFloor: number;
  /** Departures smaller than these are of no interest, however sure. */
  readonly minLevelFactor: number;
  readonly minRatioRise: number;
  readonly minRateFactor: number;
  readonly minRate: number;
  readonly open: number;
  readonly extreme: number;
  readonly close: number;
  readonly hits: number;
  readonly ofWindows: number;
  readonly calmWindows: number;
  readonly coolDownMs: number;
}

export const BASELINE_TUNING: BaselineTuning = {
  windowMs: 10_000,
  warmupWindows: 20,
  warmupCount: 30,
  memoryWindows: 200,
  clip: 3,
  levelPool: 8,
  errorPool: 30,
  poolSpanMs: 30 * 60_000,
  scaleFloor: 0.1,
  driftFloor: 0.05,
  ratioFloor: 0.02,
  minLevelFactor: 1.3,
  minRatioRise: 0.1,
  minRateFactor: 3,
  minRate: 5,
  open: 4.5,
  extreme: 7,
  close: 3,
  hits: 2,
  ofWindows: 3,
  calmWindows: 3,
  coolDownMs: 5 * 60_000,
};

/** What one channel of a series says about one window. The window has not trained it yet. */
export interface ChannelScore {
  /** Robust standard deviations above the centre; null while warming up. */
  readonly score: number | null;
  /** Whether the departure is large enough to be of interest. */
  readonly large: boolean;
  readonly value: number;
  readonly expected: number;
  readonly low: number;
  readonly high: number;
  /** Measurements the score rests on. */
  readonly restsOn: number;
}

const ANOMALOUS_GAIN = 0.1;
const DOUBTFUL_GAIN = 0.5;

/** How much a window trains: full at first, then one part in `memoryWindows`; little when it looks wrong. */
export function gainOf(windows: number, score: number | null, tuning: BaselineTuning): number {
  const gain = Math.max(1 / (windows + 2), 1 / tuning.memoryWindows);
  if (score === null || Math.abs(score) < tuning.close) return gain;
  return gain * (Math.abs(score) >= tuning.open ? ANOMALOUS_GAIN : DOUBTFUL_GAIN);
}

export const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);
