import { slot } from './packed';

/**
 * Peaks over threshold in one pass: how far a residual is beyond its usual upper and lower 5 %, in mean excesses so far. For an exponential
 * tail, `TAIL_SHARE · exp(-u)` is the probability of such a residual on that side (Pickands–Balkema–de Haan with shape 0; Siffer et al.,
 * KDD 2017, do the same in batches).
 */
export const TAIL_SHARE = 0.05;
export const TAIL_FLOATS = 8;

const MID = 0;
const SCALE = 1;
const HIGH = 2;
const LOW = 3;
const EXCESS_HIGH = 4;
const EXCESS_LOW = 5;
const HITS_HIGH = 6;
const HITS_LOW = 7;

const LEAST_GAIN = 1 / 1_000;
const WARM = 20;
/** A residual moves the middle by at most five scales, and the mean excess by at most thirty. */
const MID_CLIP = 5;
const EXCESS_CLIP = 30;
const EXCESS_GAIN = 0.03;
const QUANTILE_GAIN = 0.01;
/** Weight of the prior "the mean excess is one scale", in excesses of one side. */
const TRUSTED_HITS = 20;

/** A normal distribution's upper 5 % begin here, and lie this far beyond it on average between there and one in 10,000; in standard deviations. */
const NORMAL_THRESHOLD = 1.645;
const NORMAL_EXCESS = 0.42;

function unitsBeyond(
  off: number,
  threshold: number,
  mean: number,
  hits: number,
  scale: number,
  floor: number,
  noise: number,
): number {
  const excess = off - Math.max(threshold, NORMAL_THRESHOLD * noise);
  const trusted = Math.min(hits, TRUSTED_HITS);
  const unit = Math.max((mean * trusted + Math.max(scale, noise)) / (trusted + 1), floor, NORMAL_EXCESS * noise);
  return excess > 0 && unit > 0 ? excess / unit : 0;
}

/**
 * Distance beyond the tail's threshold: positive above, negative below, 0 between. `seen`: the number of residuals so far; the unit is at
 * least `floor`; `noise`: standard deviation that a residual has at least, being an estimate from few measurements. Does not learn.
 */
export function tailExcess(f: Float32Array, at: number, seen: number, residual: number, floor: number, noise = 0): number {
  const scale = slot(f, at + SCALE);
  if (seen < WARM || scale <= 0) return 0;
  const off = residual - slot(f, at + MID);
  return off >= 0
    ? unitsBeyond(off, slot(f, at + HIGH), slot(f, at + EXCESS_HIGH), slot(f, at + HITS_HIGH), scale, floor, noise)
    : -unitsBeyond(-off, slot(f, at + LOW), slot(f, at + EXCESS_LOW), slot(f, at + HITS_LOW), scale, floor, noise);
}

/** Moves one side's threshold towards its quantile and, after an excess, updates the mean excess. */
function trainSide(f: Float32Array, at: number, side: number, off: number, scale: number, step: number, noise: number): void {
  const least = NORMAL_THRESHOLD * noise;
  const threshold = Math.max(slot(f, at + HIGH + side), least);
  const isHit = off > threshold;
  const moved = Math.max(least, threshold + 2 * step * ((isHit ? 1 : 0) - TAIL_SHARE));
  f[at + HIGH + side] = moved;
  if (!isHit) return;
  const hits = slot(f, at + HITS_HIGH + side) + 1;
  f[at + HITS_HIGH + side] = hits;
  const mean = slot(f, at + EXCESS_HIGH + side);
  const excess = Math.max(0, Math.min(off - moved, EXCESS_CLIP * Math.max(scale, noise)));
  f[at + EXCESS_HIGH + side] = mean + (excess - mean) * Math.max(1 / hits, EXCESS_GAIN);
}

/**
 * Learns a residual; `young`: 1 / number of residuals so far, including this one; `noise` as in `tailExcess`; `whole`: the residual before it
 * was explained, of which the scale is. Where most residuals are zero, their own scale would be too, and no distance could be learned in it.
 */
export function trainTail(f: Float32Array, at: number, residual: number, young: number, noise = 0, whole = residual): void {
  const mid = slot(f, at + MID);
  if (young === 1) {
    f[at + MID] = residual;
    return;
  }
  const scale = slot(f, at + SCALE);
  const gain = young > LEAST_GAIN ? young : LEAST_GAIN;
  const off = residual - mid;
  const step = scale * Math.max(3 * gain, QUANTILE_GAIN);
  trainSide(f, at, 0, off, scale, step, noise);
  trainSide(f, at, 1, -off, scale, step, noise);
  const bound = MID_CLIP * scale;
  f[at + MID] = mid + Math.max(-bound, Math.min(bound, off)) * gain;
  const size = Math.abs(whole - mid);
  f[at + SCALE] = scale + ((scale > 0 ? Math.min(size, bound) : size) - scale) * gain;
}

export const scaleOfTail = (f: Float32Array, at: number): number => slot(f, at + SCALE);

/** The range outside which one in `oneIn` residuals lies on either side: [low, high] around 0. */
export function rangeOfTail(f: Float32Array, at: number, oneIn: number): readonly [low: number, high: number] {
  const scale = slot(f, at + SCALE);
  const units = Math.max(0, Math.log(TAIL_SHARE * oneIn));
  const reach = (side: number): number => {
    const trusted = Math.min(slot(f, at + HITS_HIGH + side), TRUSTED_HITS);
    return slot(f, at + HIGH + side) + (units * (slot(f, at + EXCESS_HIGH + side) * trusted + scale)) / (trusted + 1);
  };
  const mid = slot(f, at + MID);
  return [mid - reach(1), mid + reach(0)];
}
