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
export const DRIFT_FLOATS = EFFECT + 1;

const DAILY_GAIN = 0.15;
const SCALE_GAIN = 0.03;
const ALLOWANCE = 0.5;
const CLIP = 3;
/** Minimum known hours for each time of day, and minimum hours of a drift. */
const WARM_HOURS = 72;
const MIN_HOURS = 6;

export interface DriftSum {
  readonly logP: number;
  readonly direction: -1 | 1;
  /** Mean difference since the sum was last zero, in the unit of the values. */
  readonly effect: number;
  readonly hours: number;
  readonly mean: number;
  readonly expected: number;
}

export function clearDrift(f: Float32Array, at: number): void {
  f.fill(NaN, at, at + HOURS);
}

function step(f: Float32Array, at: number, sum: number, hours: number, scaled: number): void {
  const next = Math.max(0, slot(f, at + sum) + scaled - ALLOWANCE);
  f[at + sum] = next;
  f[at + hours] = next > 0 ? slot(f, at + hours) + 1 : 0;
}

/** Ends the current hour: evaluates it, then learns it. */
function endHour(f: Float32Array, at: number): DriftSum | null {
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
  const scaled = scale > 0 ? clamp(off / (1.25 * scale), -CLIP, CLIP) : 0;
  if (known >= WARM_HOURS) {
    step(f, at, UP, UP_HOURS, scaled);
    step(f, at, DOWN, DOWN_HOURS, -scaled);
    f[at + EFFECT] = slot(f, at + EFFECT) + 0.2 * (off - slot(f, at + EFFECT));
  }
  f[place] = usual + DAILY_GAIN * (scale > 0 ? clamp(off, -CLIP * scale, CLIP * scale) : off);
  const size = scale > 0 ? Math.min(Math.abs(off), CLIP * 2 * scale) : Math.abs(off);
  f[at + SCALE] = scale + (size - scale) * Math.max(SCALE_GAIN, 1 / Math.max(1, known - HOURS + 2));
  const isUp = slot(f, at + UP) >= slot(f, at + DOWN);
  const hours = slot(f, at + (isUp ? UP_HOURS : DOWN_HOURS));
  return {
    logP: hours >= MIN_HOURS ? -slot(f, at + (isUp ? UP : DOWN)) : 0,
    direction: isUp ? 1 : -1,
    effect: slot(f, at + EFFECT),
    hours,
    mean,
    expected: usual,
  };
}

/** Adds a value of `weight` measurements; returns whether an hour has ended. */
export function followDrift(f: Float32Array, at: number, value: number, weight: number, time: number): DriftSum | null {
  // Whole hours modulo 2^23, so that a 32-bit float represents them exactly.
  const hour = Math.floor(time / HOUR_MS) % (24 * 100_000);
  let ended: DriftSum | null = null;
  if (slot(f, at + HOUR) !== hour) {
    ended = endHour(f, at);
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
