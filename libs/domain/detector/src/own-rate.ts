import { DAY_MS, HOUR_MS } from '@telltale/kernel';
import { clamp } from './evidence';
import { PER_SERIES_DAY } from './false-alarms';
import { slot } from './packed';

/** How often a series has been as surprising as one false deviation in ten days (`PER_SERIES_DAY`); fades with a half-life of 28 days. */
export const OWN_RATE_FLOATS = 2;
const COUNT = 0;
/** Hour of the last one, modulo 2^23: a 32-bit number represents those exactly. */
const HOUR = 1;
const HOURS = 2 ** 23;
/** Natural logarithm of such deviations per hour. */
const SURPRISING = Math.log(PER_SERIES_DAY / 24);
const MEMORY_DAYS = 28 / Math.LN2;
/** Weight of the prior "as often as expected". */
const PRIOR = 6;
/** How fast the bar rises: a series that surprises twice as often as expected must be four times as rare. */
const EXPONENT = 2;

/** Values of a series within which a deviation belongs to the one before, unless it is as rare; at least three hours, at most a day. */
const COOLDOWN_VALUES = 288;

/** How long a deviation counts as more of the one before, ms. `logAnHour`: natural logarithm of the values per hour. */
export const cooldownMs = (logAnHour: number): number =>
  clamp((COOLDOWN_VALUES * HOUR_MS) / Math.exp(logAnHour), 3 * HOUR_MS, 24 * HOUR_MS);

/**
 * Natural logarithm of the factor by which probabilities of this series are to be raised: where its past deviations were more than its tails
 * said, or were real and many, the next one is news only if it is rarer. 0 for a series that keeps to what is expected. `ageMs`: since its first value.
 */
export function excessOfOwnRate(f: Float32Array, at: number, ageMs: number): number {
  const expected = PER_SERIES_DAY * MEMORY_DAYS * (1 - Math.exp(-ageMs / DAY_MS / MEMORY_DAYS));
  return EXPONENT * Math.max(0, Math.log((slot(f, at + COUNT) + PRIOR) / (expected + PRIOR)));
}

/** Forgets, once for each value; `spacing`: usual time between values, ms. */
export function fadeOwnRate(f: Float32Array, at: number, spacing: number): void {
  const count = slot(f, at + COUNT);
  if (count > 0) f[at + COUNT] = count * Math.exp(-spacing / DAY_MS / MEMORY_DAYS);
}

/** Counts what occurs `logPerHour` on normal data, of values of which there are `logAnHour`. What comes within a cooldown counts once. */
export function trainOwnRate(f: Float32Array, at: number, logPerHour: number, logAnHour: number, time: number): void {
  if (logPerHour > SURPRISING) return;
  const count = slot(f, at + COUNT);
  const hour = Math.floor(time / HOUR_MS) % HOURS;
  const since = (hour - slot(f, at + HOUR) + HOURS) % HOURS;
  if (count > 0 && since * HOUR_MS < cooldownMs(logAnHour)) return;
  f[at + COUNT] = count + 1;
  f[at + HOUR] = hour;
}
