import { slot } from './packed';

/**
 * Record novelty: how far a value lies outside everything seen lately, in widths of that range. The range shrinks towards the
 * middle, so a record of long ago is forgotten with the half-life it is given.
 */
export const EXTREME_FLOATS = 3;

const LEAST = 0;
const GREATEST = 1;
const MIDDLE = 2;
const WARM = 10;

/**
 * Widths beyond the range: positive above, negative below, 0 inside. What lies within `margin` of the range is inside: chance alone
 * brings it there. Nothing is trained.
 */
export function extremeExcess(f: Float32Array, at: number, seen: number, value: number, margin: number): number {
  const least = slot(f, at + LEAST) - margin;
  const greatest = slot(f, at + GREATEST) + margin;
  if (seen < WARM || greatest <= least) return 0;
  if (value > greatest) return (value - greatest) / (greatest - least);
  return value < least ? (value - least) / (greatest - least) : 0;
}

/** `rate`: one over the half-life in values; `young`: one over the values so far, this one with them. */
export function trainExtreme(f: Float32Array, at: number, value: number, rate: number, young: number): void {
  if (young === 1) {
    f[at + LEAST] = f[at + GREATEST] = f[at + MIDDLE] = value;
    return;
  }
  const keep = 1 - Math.LN2 * rate;
  const middle = slot(f, at + MIDDLE) + (value - slot(f, at + MIDDLE)) * (young > rate ? young : rate);
  f[at + MIDDLE] = middle;
  f[at + LEAST] = Math.min(value, middle + (slot(f, at + LEAST) - middle) * keep);
  f[at + GREATEST] = Math.max(value, middle + (slot(f, at + GREATEST) - middle) * keep);
}
