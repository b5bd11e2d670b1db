import { type BaselineTuning, type ChannelScore, clamp, gainOf, type Point } from './model';
import { type PoolSum } from './pool';

/** Centre and spread of log1p(measurement): log-normal data is plain there. */
export interface Level {
  readonly centre: number;
  /** Variance of one measurement. */
  readonly spread: number;
  /** Variance between windows that their own spread does not explain. */
  readonly drift: number;
}

/** A window against a level: the sum of its logs, and its clipped first and second moments in scales. */
export interface Deviation {
  readonly count: number;
  readonly logs: number;
  readonly sum: number;
  readonly square: number;
}

const FIRST_SPREAD = 0.25;
const RANGE = 3;

export function firstLevel(points: readonly Point[], tuning: BaselineTuning): Level {
  let count = 0;
  let sum = 0;
  for (const { value, weight } of points) {
    count += weight;
    sum += weight * Math.log1p(Math.max(value, 0));
  }
  return { centre: count > 0 ? sum / count : 0, spread: FIRST_SPREAD, drift: tuning.driftFloor ** 2 };
}

export function deviationOf(points: readonly Point[], level: Level, { clip }: BaselineTuning): Deviation {
  const scale = Math.sqrt(level.spread);
  let count = 0;
  let logs = 0;
  let sum = 0;
  let square = 0;
  for (const { value, weight } of points) {
    const log = Math.log1p(Math.max(value, 0));
    const scaled = clamp((log - level.centre) / scale, -clip, clip);
    count += weight;
    logs += weight * log;
    sum += weight * scaled;
    square += weight * scaled * scaled;
  }
  return { count, logs, sum, square: count > 0 ? square / count : 1 };
}

/** Scores pooled measurements against the level; the mean of n of them varies by spread / n and by drift. */
export function scoreLevel(level: Level, pooled: PoolSum, warm: boolean, tuning: BaselineTuning): ChannelScore {
  const { spread, drift, centre } = level;
  const n = Math.max(pooled.count, 1);
  const mean = pooled.deviation / n;
  const half = RANGE * Math.sqrt(drift + spread / n);
  return {
    score: warm ? mean / Math.sqrt(1 / n + drift / spread) : null,
    large: Math.abs(mean) * Math.sqrt(spread) >= Math.log(tuning.minLevelFactor),
    value: Math.expm1(pooled.logs / n),
    expected: Math.expm1(centre),
    low: Math.max(0, Math.expm1(centre - half)),
    high: Math.expm1(centre + half),
    restsOn: n,
  };
}

/** Only a window of some size can tell drift from spread. */
const DRIFT_COUNT = 4;

export function trainLevel(
  level: Level,
  window: Deviation,
  windows: number,
  score: number | null,
  tuning: BaselineTuning,
): Level {
  if (window.count <= 0) return level;
  const gain = gainOf(windows, score, tuning);
  const { spread, drift } = level;
  const shift = (Math.sqrt(spread) * window.sum) / window.count;
  const ownVariance = spread / window.count;
  const excess = Math.min(shift * shift, tuning.clip ** 2 * (drift + ownVariance)) - ownVariance;
  return {
    centre: level.centre + gain * shift,
    spread: Math.max(spread + gain * spread * (window.square - 1), tuning.scaleFloor ** 2),
    drift: window.count < DRIFT_COUNT ? drift : Math.max(drift + gain * (excess - drift), tuning.driftFloor ** 2),
  };
}
