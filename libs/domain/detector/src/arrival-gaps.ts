import { HOUR_MS } from '@telltale/kernel';
import { afterUsualTime, type Holiday } from './holidays';
import { slot } from './packed';

/** When a series has data: the usual distance between its windows, and the longest recent gap. */
/** Usual distance of windows with data, ms. */
export const MEAN_GAP = 0;
const GREATEST_GAP = 1;
const WINDOWS = 2;
export const PRESENCE_FLOATS = 3;

const FIRST = 0;
/** Start of the last window with data. */
export const LAST_WINDOW = 1;
export const PRESENCE_DOUBLES = 2;

const GAP_GAIN = 0.02;
/** The longest gap decays with a half-life of a week. */
const GAP_HALF_LIFE_MS = 7 * 24 * HOUR_MS;
const WINDOW_MS = 10_000;
/** A series is reported as missing only after it has existed this long and had this many windows. */
const KNOWN_MS = 6 * HOUR_MS;
const KNOWN_WINDOWS = 200;
const LEAST_SILENCE_MS = 2 * 60_000;
const GREATEST_FACTOR = 2.5;
/** Gaps of random arrivals are exponential: a gap of 13 means occurs by chance with probability e^-13, a few times in 100 days. */
const MEAN_FACTOR = 13;

export interface InterArrival {
  readonly first: number;
  readonly last: number;
  readonly windows: number;
  readonly meanGapMs: number;
}

/** Adds a window with data that starts at `start`. Returns the number of empty windows before it and the windows per hour. */
export function followPresence(
  f: Float32Array,
  at: number,
  d: Float64Array,
  wide: number,
  start: number,
): { readonly quiet: number; readonly logAnHour: number } {
  const windows = slot(f, at + WINDOWS);
  f[at + WINDOWS] = windows + 1;
  if (windows === 0) {
    d[wide + FIRST] = d[wide + LAST_WINDOW] = start;
    f[at + MEAN_GAP] = WINDOW_MS;
    return { quiet: 0, logAnHour: Math.log(HOUR_MS / WINDOW_MS) };
  }
  const gap = Math.max(WINDOW_MS, start - slot(d, wide + LAST_WINDOW));
  d[wide + LAST_WINDOW] = start;
  const mean = slot(f, at + MEAN_GAP);
  const moved = mean + (gap - mean) * Math.max(1 / (windows + 1), GAP_GAIN);
  f[at + MEAN_GAP] = moved;
  f[at + GREATEST_GAP] = Math.max(gap, slot(f, at + GREATEST_GAP) * Math.pow(0.5, gap / GAP_HALF_LIFE_MS));
  return { quiet: Math.round(gap / WINDOW_MS) - 1, logAnHour: Math.log(HOUR_MS / moved) };
}

export const presenceOf = (f: Float32Array, at: number, d: Float64Array, wide: number): InterArrival => ({
  first: slot(d, wide + FIRST),
  last: slot(d, wide + LAST_WINDOW),
  windows: slot(f, at + WINDOWS),
  meanGapMs: slot(f, at + MEAN_GAP),
});

/** How long a series that is known well enough may be silent, ms; Infinity otherwise. */
export function usualSilence(f: Float32Array, at: number, d: Float64Array, wide: number): number {
  const last = slot(d, wide + LAST_WINDOW);
  if (slot(f, at + WINDOWS) < KNOWN_WINDOWS || last - slot(d, wide + FIRST) < KNOWN_MS) return Infinity;
  return Math.max(LEAST_SILENCE_MS, GREATEST_FACTOR * slot(f, at + GREATEST_GAP), MEAN_FACTOR * slot(f, at + MEAN_GAP));
}

/** When that long has passed since the window that started at `last`. */
export const noDataFrom = (last: number, silenceMs: number, holidays: readonly Holiday[]): number =>
  Number.isFinite(silenceMs) ? afterUsualTime(holidays, last + WINDOW_MS, silenceMs) : Infinity;
