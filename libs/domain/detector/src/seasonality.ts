import { DAY_MS } from '@telltale/kernel';
import { slot } from './packed';

/**
 * A profile of each half hour of the day: its minimum and maximum, which move towards the last day's mean over the days. A value within the
 * range of an adjacent half hour is explained by the time of day.
 */
export const SEASON_BINS = 48;
export const SEASON_FLOATS = 5 + 2 * SEASON_BINS;

const BIN = 0;
const SUM = 1;
const COUNT = 2;
const GREATEST = 3;
const LEAST = 4;
const BINS = 5;

/** Share of the distance to the day's mean that a bound moves per day. */
const DAILY_PULL = 0.1;

export function binOf(time: number): number {
  const days = time / DAY_MS;
  return Math.min(Math.floor((days - Math.floor(days)) * SEASON_BINS), SEASON_BINS - 1);
}

const neighbor = (bin: number, step: number): number => {
  const next = bin + step;
  return next < 0 ? SEASON_BINS - 1 : next === SEASON_BINS ? 0 : next;
};

export function clearSeason(f: Float32Array, at: number): void {
  f[at + BIN] = -1;
  f.fill(NaN, at + BINS, at + SEASON_FLOATS);
}

/** Signed distance to the nearest of the three half hours around `bin`: 0 inside one of them, NaN when none is known. */
export function seasonalExcess(f: Float32Array, at: number, bin: number, value: number): number {
  let nearest = NaN;
  for (let step = -1; step <= 1; step++) {
    const place = at + BINS + 2 * neighbor(bin, step);
    const least = slot(f, place);
    if (Number.isNaN(least)) continue;
    const off = distanceTo(value, least, slot(f, place + 1));
    if (!(Math.abs(off) >= Math.abs(nearest))) nearest = off;
  }
  return nearest;
}

/** The middle of the half hour's bounds; NaN when unknown. */
export function seasonalMedian(f: Float32Array, at: number, bin: number): number {
  const place = at + BINS + 2 * bin;
  return (slot(f, place) + slot(f, place + 1)) / 2;
}

/** Least and greatest of all half hours, or null when none is known. */
export function rangeOfAllHalfHours(f: Float32Array, at: number): readonly [low: number, high: number] | null {
  let low = Infinity;
  let high = -Infinity;
  for (let place = at + BINS; place < at + SEASON_FLOATS; place += 2) {
    if (Number.isNaN(slot(f, place))) continue;
    low = Math.min(low, slot(f, place));
    high = Math.max(high, slot(f, place + 1));
  }
  return low <= high ? [low, high] : null;
}

/** Signed distance to a range; 0 inside. */
export const distanceTo = (value: number, low: number, high: number): number =>
  value > high ? value - high : value < low ? value - low : 0;

/** Bounds of the three half hours around `bin`, or null when none is known. */
export function rangeOfSeason(f: Float32Array, at: number, bin: number): readonly [low: number, high: number] | null {
  let low = Infinity;
  let high = -Infinity;
  for (let step = -1; step <= 1; step++) {
    const place = at + BINS + 2 * neighbor(bin, step);
    if (Number.isNaN(slot(f, place))) continue;
    low = Math.min(low, slot(f, place));
    high = Math.max(high, slot(f, place + 1));
  }
  return low <= high ? [low, high] : null;
}

function endHalfHour(f: Float32Array, at: number): void {
  const bin = slot(f, at + BIN);
  const count = slot(f, at + COUNT);
  if (bin < 0 || count === 0) return;
  const place = at + BINS + 2 * bin;
  const mean = slot(f, at + SUM) / count;
  const isFirst = Number.isNaN(slot(f, place));
  const pulled = (bound: number): number => bound + (mean - bound) * DAILY_PULL;
  f[place] = isFirst ? slot(f, at + LEAST) : Math.min(slot(f, at + LEAST), pulled(slot(f, place)));
  f[place + 1] = isFirst ? slot(f, at + GREATEST) : Math.max(slot(f, at + GREATEST), pulled(slot(f, place + 1)));
}

/** The current half hour is learned when it is over, so no value explains itself or its neighbors. */
export function trainSeason(f: Float32Array, at: number, bin: number, value: number): void {
  if (slot(f, at + BIN) !== bin) {
    endHalfHour(f, at);
    f[at + BIN] = bin;
    f[at + SUM] = f[at + COUNT] = 0;
    f[at + GREATEST] = -Infinity;
    f[at + LEAST] = Infinity;
  }
  f[at + SUM] = slot(f, at + SUM) + value;
  f[at + COUNT] = slot(f, at + COUNT) + 1;
  if (value > slot(f, at + GREATEST)) f[at + GREATEST] = value;
  if (value < slot(f, at + LEAST)) f[at + LEAST] = value;
}
