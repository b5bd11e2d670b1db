import { type Measure } from '@telltale/contracts';
import { addSums, MAX_PARTS, NO_SUMS, OTHER_PARTS, partKey, type PartSums } from '@telltale/domain-detector';
import { binOf, type Bins, valueOfBin } from '../sketch';

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
  bins: number[];
  /** Range time until which it waits for other parts, when it came behind the watermark; else 0. */
  bufferedUntil: number;
  /** Whether the batch has changed it, and its state is to be written. */
  isUnsaved: boolean;
  /** Of a series over all services, until it is scored: what each part measured. */
  breakdown?: Map<string, PartSums>;
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
  isUnsaved: false,
});

/** A window of these measurements. */
export function windowOf(start: number, values: readonly number[], errors: number): OpenWindow {
  const sum = values.reduce((all, value) => all + value, 0);
  const window = { ...openWindow(start), count: values.length, errors, sum, min: Math.min(...values), max: Math.max(...values) };
  for (const value of values) addBin(window, binOf(value), 1);
  return window;
}

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

function areAscending(bins: readonly number[]): boolean {
  for (let i = 2; i < bins.length; i += 2) if ((bins[i] as number) <= (bins[i - 2] as number)) return false;
  return true;
}

/** Adds bins and their counts in turn. The first ones are copied as they are, into a list that is no larger than they need. */
function addBins(window: OpenWindow, bins: readonly number[]): void {
  if (window.bins.length === 0 && areAscending(bins)) window.bins = bins.slice();
  else for (let i = 0; i < bins.length; i += 2) addBin(window, bins[i] as number, bins[i + 1] as number);
}

export function addMeasure(window: OpenWindow, measure: Measure, { zeros, bins }: Bins): void {
  window.count += measure.count;
  window.sum += measure.sum;
  window.min = Math.min(window.min, measure.min);
  window.max = Math.max(window.max, measure.max);
  window.errors += measure.errors;
  window.zeros += zeros;
  addBins(window, bins);
  if (measure.part) addPart((window.breakdown ??= new Map()), partKey(measure.part), sumsOf(measure, bins));
}

function addPart(breakdown: Map<string, PartSums>, key: string, sums: PartSums): void {
  const name = breakdown.has(key) || breakdown.size < MAX_PARTS ? key : OTHER_PARTS;
  breakdown.set(name, addSums(breakdown.get(name) ?? NO_SUMS, sums));
}

function sumsOf({ count, errors }: Measure, bins: readonly number[]): PartSums {
  let [logged, logs, squares] = [0, 0, 0];
  for (let i = 0; i < bins.length; i += 2) {
    const [log, times] = [Math.log(valueOfBin(bins[i] as number)), bins[i + 1] as number];
    logged += times;
    logs += times * log;
    squares += times * log * log;
  }
  return { count, errors, logged, logs, squares };
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
  addBins(run, window.bins);
  return run;
}

/** Within 1 % of the true value, and never outside what was seen. Without a sketch the mean stands for all. */
export function quantileOf({ zeros, bins, count, sum, min, max }: OpenWindow, q: number): number {
  const within = (value: number): number => Math.min(Math.max(value, min), max);
  let total = Math.max(zeros, 0);
  for (let i = 1; i < bins.length; i += 2) total += bins[i] as number;
  if (total === 0 && bins.length === 0 && count > 0) return within(sum / count);
  let left = q * Math.max(total - 1, 0);
  if (zeros > 0) left -= zeros;
  if (zeros > 0 && left < 0) return within(0);
  for (let i = 0; i < bins.length; i += 2) {
    left -= bins[i + 1] as number;
    if (left < 0) return within(valueOfBin(bins[i] as number));
  }
  return max;
}

/** Its measurements, ascending, within 1 %; without a sketch each is the mean. No more than it counts, whatever its sketch says. */
export function callsOf({ zeros, bins, count, sum, min, max }: OpenWindow): number[] {
  const within = (value: number): number => Math.min(Math.max(value, min), max);
  const calls: number[] = [];
  const add = (value: number, times: number): void => {
    for (let n = 0; n < times && calls.length < count; n++) calls.push(within(value));
  };
  add(0, zeros);
  for (let i = 0; i < bins.length; i += 2) add(valueOfBin(bins[i] as number), bins[i + 1] as number);
  add(sum / count, count);
  return calls;
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
  breakdown?: (readonly [string, PartSums])[],
];

export function packWindow(window: OpenWindow): string {
  const { count, sum, min, max, errors, zeros, bufferedUntil, bins, breakdown } = window;
  const packed: Packed = [count, sum, min, max, errors, zeros, bufferedUntil, bins];
  return JSON.stringify(breakdown ? [...packed, [...breakdown]] : packed);
}

export function unpackWindow(start: number, packed: string): OpenWindow {
  const [count, sum, min, max, errors, zeros, bufferedUntil, bins, breakdown] = JSON.parse(packed) as Packed;
  const window = { start, count, sum, min, max, errors, zeros, bufferedUntil, bins, isUnsaved: false };
  return breakdown ? { ...window, breakdown: new Map(breakdown) } : window;
}
