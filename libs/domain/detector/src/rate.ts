import { logCountAtLeast } from './count-tail';
import { type Evidence } from './evidence';
import { slot } from './packed';

/**
 * The number per window, including empty windows: negative binomial, because counts vary more than Poisson. The most recent windows
 * (half-life one minute) are evaluated together, so that both a burst and a steady increase are found.
 */
const MEAN = 0;
const VARIANCE = 1;
const WINDOWS = 2;
/** Decayed count of the latest windows. */
export const RECENT = 3;
export const RATE_FLOATS = 4;

const MEMORY_WINDOWS = 300;
const WARM_WINDOWS = 20;
const KEPT = Math.pow(0.5, 1 / 6);
/** Effective number of recent windows: Σ KEPT^i. */
const TOGETHER = 1 / (1 - KEPT);
/** Minimum uncertainty of one count: with mean ½ and twice the Poisson variance, sigma is at least max(√expected, 1). */
const LEAST_MEAN = 0.5;
const LEAST_DISPERSION = 2;
const CLIP = 5;
/** A deviating window is learned with little weight. */
const SUSPECT_LOG_P = Math.log(1e-2);
const SUSPECT_GAIN = 0.1;
/** Smaller deviations do not matter. */
const MIN_FACTOR = 3;
const MIN_COUNT = 5;

/** Learns `quiet` empty windows in between, whose count is zero. */
function passQuiet(f: Float32Array, at: number, quiet: number): void {
  if (quiet <= 0) return;
  const windows = slot(f, at + WINDOWS);
  const mean = slot(f, at + MEAN);
  // While warming up, the mean is the plain average of all windows so far.
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

/** Evaluates a window's count together with the recent ones, after `quiet` empty windows; then learns it. */
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
    seen: slot(f, at + WINDOWS) - 1,
  };
}
