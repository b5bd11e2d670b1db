import { slot } from './packed';

/**
 * Novelty of extremes: how far a value is outside the range seen so far, in widths of that range. The range shrinks towards the middle, so
 * an old extreme is forgotten with the given half-life.
 */
export const EXTREME_FLOATS = 3;

const LEAST = 0;
const GREATEST = 1;
const MIDDLE = 2;
const WARM = 10;

/**
 * Distance beyond the range in widths: positive above, negative below, 0 inside. A value within `margin` of the range counts as inside,
 * because noise alone can cause it. Does not learn.
 */
export function extremeExcess(f: Float32Array, at: number, seen: number, value: number, margin: number): number {
  const least = slot(f, at + LEAST) - margin;
  const greatest = slot(f, at + GREATEST) + margin;
  if (seen < WARM || greatest <= least) return 0;
  if (value > greatest) return (value - greatest) / (greatest - least);
  return value < least ? (value - least) / (greatest - least) : 0;
}

/** `rate`: inverse of the half-life in values; `young`: 1 / number of values so far, including this one. */
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
