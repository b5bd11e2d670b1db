import { HOUR_MS } from '@telltale/kernel';
import { type Evidence } from './evidence';
import { slot } from './packed';
import { tailExcess, rangeOfTail, TAIL_FLOATS, TAIL_SHARE, trainTail } from './tail';

/**
 * Runs of at least 40 measurements: compares a quantile with its recent values. The median shows a small lasting change that the noise of
 * short runs hides; the 95th percentile shows slow requests.
 */
const MEAN = 0;
const SEEN = 1;
const SPACING = 2;
const TAIL = 3;
export const LONG_RUN_FLOATS = TAIL + TAIL_FLOATS;
/** End of the last run. */
export const LONG_RUN_DOUBLES = 1;

/** With fewer measurements, the 95th percentile depends on one or two of them, and the median adds nothing to shorter runs. */
const LEAST_COUNT = 40;
const WARM_VALUES = 31;
const SPAN = 24;
const SPACING_GAIN = 0.02;

/** Evaluates a (scaled) quantile of a run that ended at `end`, then learns it; null when the run is too small. */
export function evaluateLongRun(
  f: Float32Array,
  at: number,
  d: Float64Array,
  wide: number,
  value: number,
  count: number,
  end: number,
  channel: 'level_shift' | 'p95',
  noise: number,
): Evidence | null {
  if (count < LEAST_COUNT) return null;
  const seen = slot(f, at + SEEN);
  const mean = slot(f, at + MEAN);
  const residual = seen === 0 ? 0 : value - mean;
  const beyond = seen + 1 >= WARM_VALUES ? tailExcess(f, at + TAIL, seen, residual, 0, noise) : 0;
  const [low, high] = rangeOfTail(f, at + TAIL, 100);
  const gap = end - slot(d, wide);
  const spacing = slot(f, at + SPACING);
  const usual = seen < 2 ? gap : spacing + (gap - spacing) * Math.max(1 / (seen + 1), SPACING_GAIN);
  d[wide] = end;
  f[at + SPACING] = seen === 0 ? 0 : usual;
  f[at + SEEN] = seen + 1;
  f[at + MEAN] = mean + (value - mean) * Math.max(2 / (SPAN + 1), 1 / (seen + 1));
  trainTail(f, at + TAIL, residual, 1 / (seen + 1), noise);
  return {
    channel,
    logP: beyond === 0 ? 0 : Math.log(2 * TAIL_SHARE) - Math.abs(beyond),
    logAnHour: usual > 0 ? Math.log(HOUR_MS / usual) : 0,
    direction: beyond < 0 ? -1 : 1,
    isLarge: beyond !== 0,
    value,
    expected: mean,
    low: mean + low,
    high: mean + high,
    restsOn: count,
    seen,
  };
}
