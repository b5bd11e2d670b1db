import { logCountAtLeast } from './count-tail';
import { type Evidence } from './evidence';
import { slot } from './packed';

/**
 * How many there are in a window, windows without any included: negative binomial, for counts vary more than chance. The newest
 * windows (half-life one minute) are judged together, so that a steady trickle shows as a burst does.
 */
const MEAN = 0;
const VARIANCE = 1;
const WINDOWS = 2;
const RECENT = 3;
export const RATE_FLOATS = 4;

const MEMORY_WINDOWS = 300;
const WARM_WINDOWS = 20;
const KEPT = Math.pow(0.5, 1 / 6);
/** Windows that the newest ones add up to: Σ KEPT^i. */
const TOGETHER = 1 / (1 - KEPT);
/** Never surer than one count either way: mean ½ and twice the variance of chance make sigma at least max(√expected, 1). */
const LEAST_MEAN = 0.5;
const LEAST_DISPERSION = 2;
const CLIP = 5;
/** A window that looks wrong teaches little. */
const SUSPECT_LOG_P = Math.log(1e-2);
const SUSPECT_GAIN = 0.1;
/** Deviations smaller than these are of no interest. */
const MIN_FACTOR = 3;
const MIN_COUNT = 5;

/** `quiet` windows without any came between; they are known to be zero. */
function passQuiet(f: Float32Array, at: number, quiet: number): void {
  if (quiet <= 0) return;
  const windows = slot(f, at + WINDOWS);
  const mean = slot(f, at + MEAN);
  // While warming up the mean is the plain one over all windows so far.
  const keep = Math.max(Math.pow(1 - 1 / MEMORY_WINDOWS, quiet), windows < MEMORY_WINDOWS ? windows / (windows + quiet) : 0);
  f[at + MEAN] = mean * keep;
  f[at + VARIANCE] = slot(f, at + VARIANCE) * keep + (1 - keep) * keep * mean * mean;
  f[at + WINDOWS] = windows + quiet;
  f[at + RECENT] = slot(f, at + RECENT) * Math.pow(KEPT, quiet);
}

function learn(f: Float32Array, at: number, count: number, sigma: number, trust: number): void {
  const windows = slot(f, at + WINDOWS);
  const mean = slot(f, at + MEAN);
  const gain = trust * Math.max(1 / (windows + 1), 1 / MEMORY_WINDOWS);
  const learnt = windows >= WARM_WINDOWS ? Math.min(count, mean + CLIP * sigma) : count;
  f[at + MEAN] = mean + gain * (learnt - mean);
  f[at + VARIANCE] = (1 - gain) * (slot(f, at + VARIANCE) + gain * (learnt - mean) * (learnt - mean));
  f[at + WINDOWS] = windows + 1;
}

/** Judges a window's count, and those just before it, after `quiet` empty windows; then learns it. */
export function evaluateRate(f: Float32Array, at: number, count: number, quiet: number, logAnHour: number): Evidence {
  passQuiet(f, at, quiet);
  const mean = slot(f, at + MEAN);
  const usual = Math.max(mean, 1e-9);
  const dispersion = Math.max(slot(f, at + VARIANCE) / usual, LEAST_DISPERSION);
  const recent = slot(f, at + RECENT) * KEPT + count;
  f[at + RECENT] = recent;
  const isWarm = slot(f, at + WINDOWS) >= WARM_WINDOWS;
  const together = Math.max(mean * TOGETHER, LEAST_MEAN);
  const logP = isWarm ? logCountAtLeast(recent, { mean: together, dispersion }) : 0;
  const half = 3 * Math.sqrt(Math.max(mean * dispersion, 1));
  learn(f, at, count, half / 3, logP < SUSPECT_LOG_P ? SUSPECT_GAIN : 1);
  return {
    channel: 'value',
    logP,
    logAnHour,
    direction: 1,
    isLarge: recent >= MIN_COUNT && recent >= MIN_FACTOR * together,
    value: Math.max(count, recent / TOGETHER),
    expected: mean,
    low: Math.max(0, mean - half),
    high: mean + half / Math.sqrt(TOGETHER),
    restsOn: recent,
  };
}
