/** A point: ms since the epoch and a value; null where there is none. */
export type Point = readonly [at: number, value: number | null];
export type Tone = 'good' | 'warn' | 'bad' | 'quiet';

export interface TimeSeries {
  readonly name: string;
  readonly points: readonly Point[];
  readonly form?: 'line' | 'bar' | 'area';
  /** A state that the series is; without one it gets the next colour. */
  readonly tone?: Tone;
  /** What is usual: low and high at each time. */
  readonly band?: readonly (readonly [at: number, low: number, high: number])[];
}

/** A time that is marked as a whole: an anomaly, planned work, a holiday. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly tone: Tone;
}

/** Every time at which a series has a point, in order. */
export function timesOf(series: readonly TimeSeries[]): number[] {
  return [...new Set(series.flatMap(({ points }) => points.map(([at]) => at)))].sort((a, b) => a - b);
}

/** The one of sorted times that lies nearest; -1 where there are none. */
export function nearest(times: readonly number[], at: number): number {
  let [low, high] = [0, times.length - 1];
  if (high < 0) return -1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= at) low = middle;
    else high = middle;
  }
  return Math.abs((times[high] ?? 0) - at) < Math.abs((times[low] ?? 0) - at) ? high : low;
}

export interface Reading {
  readonly name: string;
  readonly value: number | null;
  readonly usual: readonly [low: number, high: number] | null;
}

/** What each series has at a time. */
export const readingsAt = (series: readonly TimeSeries[], at: number): Reading[] =>
  series.map(({ name, points, band }) => {
    const usual = band?.find(([time]) => time === at);
    return { name, value: points.find(([time]) => time === at)?.[1] ?? null, usual: usual ? [usual[1], usual[2]] : null };
  });
