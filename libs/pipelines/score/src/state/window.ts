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
  readonly bins: Map<number, number>;
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
  bins: new Map(),
  bufferedUntil: 0,
});

export function addMeasure(window: OpenWindow, measure: Measure, { zeros, bins }: Bins): void {
  window.count += measure.count;
  window.sum += measure.sum;
  window.min = Math.min(window.min, measure.min);
  window.max = Math.max(window.max, measure.max);
  window.errors += measure.errors;
  window.zeros += zeros;
  for (const [bin, count] of bins) window.bins.set(bin, (window.bins.get(bin) ?? 0) + count);
}

/** A run of windows that is not over; never the window itself, to which others add. */
export const cloneIfShared = (run: OpenWindow, window: OpenWindow): OpenWindow =>
  run === window ? { ...window, bins: new Map(window.bins) } : run;

/** A run of windows with a later one; the window itself where it is the first. */
export function mergeInto(run: OpenWindow | null, window: OpenWindow): OpenWindow {
  if (!run) return window;
  run.count += window.count;
  run.sum += window.sum;
  run.min = Math.min(run.min, window.min);
  run.max = Math.max(run.max, window.max);
  run.errors += window.errors;
  run.zeros += window.zeros;
  for (const [bin, count] of window.bins) run.bins.set(bin, (run.bins.get(bin) ?? 0) + count);
  return run;
}

/** Values and their weights, ascending. Without a sketch the mean stands for all. */
export function pointsOf(window: OpenWindow): Point[] {
  const points: Point[] = window.zeros > 0 ? [{ value: 0, weight: window.zeros }] : [];
  for (const [bin, weight] of [...window.bins].sort(([a], [b]) => a - b)) points.push({ value: valueOfBin(bin), weight });
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
  const { count, sum, min, max, errors, zeros, bufferedUntil } = window;
  const bins = [...window.bins].sort(([a], [b]) => a - b).flat();
  return JSON.stringify([count, sum, min, max, errors, zeros, bufferedUntil, bins] satisfies Packed);
}

export function unpackWindow(start: number, packed: string): OpenWindow {
  const [count, sum, min, max, errors, zeros, bufferedUntil, flat] = JSON.parse(packed) as Packed;
  const bins = new Map<number, number>();
  for (let i = 0; i + 1 < flat.length; i += 2) bins.set(flat[i] ?? 0, flat[i + 1] ?? 0);
  return { start, count, sum, min, max, errors, zeros, bufferedUntil, bins };
}
