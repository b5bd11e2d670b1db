import { type Measure } from '@telltale/contracts';
import { type Bins, valueOfBin } from '../sketch';

/** One value and how many measurements it stands for. */
export interface Point {
  readonly value: number;
  readonly weight: number;
}

/** One series over 10 s, merged from all its parts. The sketch is kept as its bins. */
export interface OpenWindow {
  readonly start: number;
  count: number;
  sum: number;
  min: number;
  max: number;
  errors: number;
  zeros: number;
  /** Bins and their counts in turn, bins ascending: a list takes a quarter of the memory of a map, and most have few. */
  readonly bins: number[];
  /** Range time until which it waits for other parts, when it came behind the watermark; else 0. */
  bufferedUntil: number;
}

export const openWindow = (start: number): OpenWindow => ({
  start,
  count: 0,
  sum: 0,
  min: Infinity,
  max: -Infinity,
  errors: 0,
  zeros: 0,
  bins: [],
  bufferedUntil: 0,
});

/** Adds to the count of a bin. */
export function addBin({ bins }: Pick<OpenWindow, 'bins'>, bin: number, count: number): void {
  let low = 0;
  let high = bins.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((bins[2 * middle] as number) < bin) low = middle + 1;
    else high = middle;
  }
  const at = 2 * low;
  if (bins[at] === bin) bins[at + 1] = (bins[at + 1] as number) + count;
  else if (at === bins.length) bins.push(bin, count);
  else bins.splice(at, 0, bin, count);
}

export function addMeasure(window: OpenWindow, measure: Measure, { zeros, bins }: Bins): void {
  window.count += measure.count;
  window.sum += measure.sum;
  window.min = Math.min(window.min, measure.min);
  window.max = Math.max(window.max, measure.max);
  window.errors += measure.errors;
  window.zeros += zeros;
  for (const [bin, count] of bins) addBin(window, bin, count);
}

/** A run of windows that is not over; never the window itself, to which others add. */
export const cloneIfShared = (run: OpenWindow, window: OpenWindow): OpenWindow =>
  run === window ? { ...window, bins: window.bins.slice() } : run;

/** A run of windows with a later one; the window itself where it is the first. */
export function mergeInto(run: OpenWindow | null, window: OpenWindow): OpenWindow {
  if (!run) return window;
  run.count += window.count;
  run.sum += window.sum;
  run.min = Math.min(run.min, window.min);
  run.max = Math.max(run.max, window.max);
  run.errors += window.errors;
  run.zeros += window.zeros;
  for (let i = 0; i < window.bins.length; i += 2) addBin(run, window.bins[i] as number, window.bins[i + 1] as number);
  return run;
}

/** Values and their weights, ascending. Without a sketch the mean stands for all. */
export function pointsOf(window: OpenWindow): Point[] {
  const points: Point[] = window.zeros > 0 ? [{ value: 0, weight: window.zeros }] : [];
  for (let i = 0; i < window.bins.length; i += 2)
    points.push({ value: valueOfBin(window.bins[i] as number), weight: window.bins[i + 1] as number });
  if (points.length === 0 && window.count > 0) points.push({ value: window.sum / window.count, weight: window.count });
  return points;
}

/** Within 1 % of the true value, and never outside what was seen. */
export function quantileOf(window: OpenWindow, points: readonly Point[], q: number): number {
  let total = 0;
  for (const { weight } of points) total += weight;
  let left = q * Math.max(total - 1, 0);
  for (const { value, weight } of points) {
    left -= weight;
    if (left < 0) return Math.min(Math.max(value, window.min), window.max);
  }
  return window.max;
}

type Packed = readonly [
  count: number,
  sum: number,
  min: number,
  max: number,
  errors: number,
  zeros: number,
  held: number,
  bins: number[],
];

export function packWindow(window: OpenWindow): string {
  const { count, sum, min, max, errors, zeros, bufferedUntil, bins } = window;
  return JSON.stringify([count, sum, min, max, errors, zeros, bufferedUntil, bins] satisfies Packed);
}

export function unpackWindow(start: number, packed: string): OpenWindow {
  const [count, sum, min, max, errors, zeros, bufferedUntil, bins] = JSON.parse(packed) as Packed;
  return { start, count, sum, min, max, errors, zeros, bufferedUntil, bins };
}
