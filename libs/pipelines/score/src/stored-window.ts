import { type SeriesWindowRow } from '@telltale/contracts';
import { binOf } from './sketch';
import { addBin, openWindow, type OpenWindow } from './state/window';

/** What a row of series_windows keeps of a window; `start` in ms since the epoch. */
export type StoredWindow = { readonly start: number } & Pick<
  SeriesWindowRow,
  'count' | 'sum' | 'min' | 'max' | 'errors' | 'p50' | 'p95'
>;

/** Ranks between two known ones become at most this many values. */
const STEPS = 8;

/**
 * A scored window from its row. Least, median, 95th percentile and greatest value come back exactly; the ranks between two of them lie
 * evenly between their values. So all of a window of up to four measurements is known, and what is not known of larger ones only
 * matters where several windows are evaluated together.
 */
export function windowOfStored({ start, count, sum, min, max, errors, p50, p95 }: StoredWindow): OpenWindow {
  const window = { ...openWindow(start), count, sum, min, max, errors };
  const add = (value: number, weight: number): void => {
    if (weight <= 0) return;
    if (value <= 0) window.zeros += weight;
    else addBin(window, binOf(value), weight);
  };
  const last = count - 1;
  let [rank, value] = [0, min];
  add(min, 1);
  for (const [next, known] of [
    [Math.floor(0.5 * last), p50],
    [Math.floor(0.95 * last), p95],
    [last, max],
  ] as const) {
    if (next <= rank) continue;
    const between = next - rank - 1;
    const steps = Math.min(between, STEPS);
    for (let step = 0; step < steps; step++) {
      const weight = Math.floor(((step + 1) * between) / steps) - Math.floor((step * between) / steps);
      add(value + ((known - value) * (step + 1)) / (steps + 1), weight);
    }
    add(known, 1);
    [rank, value] = [next, known];
  }
  return window;
}
