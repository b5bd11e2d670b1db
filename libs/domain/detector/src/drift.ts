import { HOUR_MS } from '@telltale/kernel';
import { clamp } from './evidence';
import { slot } from './packed';

/**
 * Slow change. Each hour's mean is compared with the same hour of recent days, and the differences are summed in both directions (CUSUM,
 * Page 1954). Without a change, P(sum ≥ g) decreases as exp(-2·k·g) for allowance k (Siegmund 1985), so with k = ½ a sum of g has log
 * probability -g.
 */
const HOURS = 24;
const SUM = HOURS;
const COUNT = SUM + 1;
const HOUR = COUNT + 1;
const DAYS = HOUR + 1;
const SCALE = DAYS + 1;
const UP = SCALE + 1;
const DOWN = UP + 1;
const UP_HOURS = DOWN + 1;
const DOWN_HOURS = UP_HOURS + 1;
const EFFECT = DOWN_HOURS + 1;
/** Means of the squared differences and of their products with the hour before, for how far hours depend on each other. */
const SQUARE = EFFECT + 1;
const PRODUCT = SQUARE + 1;
const BEFORE = PRODUCT + 1;
export const DRIFT_FLOATS = BEFORE + 1;
export const DEPENDENCE_FLOATS = DRIFT_FLOATS - SQUARE;

const DAILY_GAIN = 0.15;
const SCALE_GAIN = 0.03;
const ALLOWANCE = 0.5;
const CLIP = 3;
/** Standard error of a median of normal measurements, √(π/2), in those of a mean. */
const MEDIAN_ERROR = 1.253;
/** Minimum known hours for each time of day, and minimum hours of a drift. */
const WARM_HOURS = 72;
const MIN_HOURS = 6;

export interface DriftSum {
  readonly logP: number;
  readonly direction: -1 | 1;
  /** Mean difference since the sum was last zero, in the unit of the values. */
  readonly effect: number;
  readonly hours: number;
  /** Hours known before this one. */
  readonly seen: number;
  readonly mean: number;
  readonly expected: number;
}

export function clearDrift(f: Float32Array, at: number): void {
  f.fill(NaN, at, at + HOURS);
}

const MAX_CORRELATION = 0.98;
/** A week, so that the hours of one drift are few among those that say how hours vary and depend on each other. */
const DEPENDENCE_GAIN = 1 / 168;
/** A drift must not answer for itself: the hours of a sum that has lasted for half a day count as usual ones at most. */
const LONG_HOURS = 12;
const USUAL_CLIP = 1.5;

/**
 * How much less a sum of hours says than one of independent hours of unit variance, for which -sum is its log probability: with variance v, of
 * hours that are mostly alike and sometimes far apart, and correlation r from hour to hour, sums vary v·(1+r)/(1-r) times as much. Learns the
 * hour, in standard deviations, as it is summed.
 */
function dependence(f: Float32Array, at: number, scaled: number, hours: number): number {
  const isLong = Math.max(slot(f, at + UP_HOURS), slot(f, at + DOWN_HOURS)) > LONG_HOURS;
  const own = isLong ? clamp(scaled, -USUAL_CLIP, USUAL_CLIP) : scaled;
  const gain = Math.max(DEPENDENCE_GAIN, 1 / hours);
  f[at + PRODUCT] = slot(f, at + PRODUCT) + gain * (own * slot(f, at + BEFORE) - slot(f, at + PRODUCT));
  f[at + SQUARE] = slot(f, at + SQUARE) + gain * (own * own - slot(f, at + SQUARE));
  f[at + BEFORE] = own;
  const square = slot(f, at + SQUARE);
  const r = square > 0 ? clamp(slot(f, at + PRODUCT) / square, 0, MAX_CORRELATION) : 0;
  return (1 - r) / (1 + r) / Math.max(1, square);
}

function step(f: Float32Array, at: number, sum: number, hours: number, scaled: number): void {
  const next = Math.max(0, slot(f, at + sum) + scaled - ALLOWANCE);
  f[at + sum] = next;
  f[at + hours] = next > 0 ? slot(f, at + hours) + 1 : 0;
}

/** Ends the current hour: evaluates it, then learns it. `spread`: standard deviation of the measurements. */
function endHour(f: Float32Array, at: number, spread: number): DriftSum | null {
  const count = slot(f, at + COUNT);
  if (count === 0) return null;
  const mean = slot(f, at + SUM) / count;
  const place = at + (slot(f, at + HOUR) % HOURS);
  const usual = slot(f, place);
  const known = slot(f, at + DAYS);
  f[at + DAYS] = known + 1;
  if (Number.isNaN(usual)) {
    f[place] = mean;
    return null;
  }
  const off = mean - usual;
  const scale = slot(f, at + SCALE);
  // A mean of so few measurements is no more certain than this, however alike hours have been.
  const deviation = Math.max(1.25 * scale, (MEDIAN_ERROR * spread) / Math.sqrt(count));
  const scaled = deviation > 0 ? clamp(off / deviation, -CLIP, CLIP) : 0;
  const independent = dependence(f, at, scaled, Math.max(1, known - HOURS + 2));
  if (known >= WARM_HOURS) {
    step(f, at, UP, UP_HOURS, scaled);
    step(f, at, DOWN, DOWN_HOURS, -scaled);
    f[at + EFFECT] = slot(f, at + EFFECT) + 0.2 * (off - slot(f, at + EFFECT));
  }
  f[place] = usual + DAILY_GAIN * (scale > 0 ? clamp(off, -CLIP * scale, CLIP * scale) : off);
  const size = scale > 0 ? Math.min(Math.abs(off), CLIP * 2 * scale) : Math.abs(off);
  f[at + SCALE] = scale + (size - scale) * Math.max(SCALE_GAIN, 1 / Math.max(1, known - HOURS + 2));
  if (known < WARM_HOURS) return null;
  const isUp = slot(f, at + UP) >= slot(f, at + DOWN);
  const hours = slot(f, at + (isUp ? UP_HOURS : DOWN_HOURS));
  return {
    logP: hours >= MIN_HOURS ? -slot(f, at + (isUp ? UP : DOWN)) * independent : 0,
    direction: isUp ? 1 : -1,
    effect: slot(f, at + EFFECT),
    hours,
    seen: known,
    mean,
    expected: usual,
  };
}

/** Adds a value of `weight` measurements, whose standard deviation is `spread`; returns whether an hour has ended. */
export function followDrift(
  f: Float32Array,
  at: number,
  value: number,
  weight: number,
  time: number,
  spread: number,
): DriftSum | null {
  // Whole hours modulo 2^23, so that a 32-bit float represents them exactly.
  const hour = Math.floor(time / HOUR_MS) % (24 * 100_000);
  let ended: DriftSum | null = null;
  if (slot(f, at + HOUR) !== hour) {
    ended = endHour(f, at, spread);
    f[at + HOUR] = hour;
    f[at + SUM] = f[at + COUNT] = 0;
  }
  f[at + SUM] = slot(f, at + SUM) + weight * value;
  f[at + COUNT] = slot(f, at + COUNT) + weight;
  return ended;
}

/** Resets the sums after a drift was reported. */
export function restDrift(f: Float32Array, at: number): void {
  f.fill(0, at + UP, at + DOWN_HOURS + 1);
}
