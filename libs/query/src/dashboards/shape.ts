// What the data of a range is made of, and what sets its rows apart.

/** Sums of a number over rows: of its logarithm, for durations and costs spread over orders of magnitude. */
export interface Moments {
  readonly n: number;
  readonly sum: number;
  readonly squares: number;
}

export interface ValueShape {
  readonly value: string;
  readonly rows: number;
  readonly weight: number;
  /** Rows of which it is known how they ended, and those that ended badly. */
  readonly known: number;
  readonly bad: number;
  readonly nano: number;
  readonly duration: Moments;
  readonly cost: Moments;
}

export interface DimensionShape {
  readonly of: 'turns' | 'events';
  /** A name of DIMENSIONS; `flag:` or `attribute:` and a name that the producer made up. */
  readonly name: string;
  /** How many values there are; the most frequent of them are in `values`. */
  readonly distinct: number;
  /** Rows of all values. */
  readonly rows: number;
  readonly values: readonly ValueShape[];
}

export interface KindShape {
  readonly kind: string;
  readonly rows: number;
  readonly weight: number;
  readonly errors: number;
  readonly nano: number;
  readonly unpriced: number;
  readonly timed: number;
  readonly streamed: number;
  readonly tokens: number;
  readonly cached: number;
  readonly scored: number;
  readonly decided: number;
  readonly warned: number;
}

export interface ServiceShape {
  readonly name: string;
  readonly turns: number;
  readonly events: number;
  readonly errors: number;
  readonly nano: number;
}

export interface Shape {
  /** Those with the most events first, of the whole range. */
  readonly services: readonly ServiceShape[];
  readonly turns: { readonly rows: number; readonly known: number; readonly bad: number; readonly timed: number; readonly nano: number };
  readonly kinds: readonly KindShape[];
  readonly dimensions: readonly DimensionShape[];
} // prettier-ignore

export interface Effect {
  /** Part of the difference between rows that the values explain, 0 to 1, without what chance would. */
  readonly explained: number;
  /** Chance alone hardly explains as much. */
  readonly isClear: boolean;
}
const NONE: Effect = { explained: 0, isClear: false };

function effectOf(explained: number, rows: number, values: number): Effect {
  const freedom = values - 1;
  return { explained: Math.max(0, Math.min(1, explained)), isClear: explained * rows > 4 + 3 * Math.sqrt(2 * freedom) };
}

/** How far values tell apart what ended badly: φ² of the table of values and endings, less its expectation. */
export function shareEffect(values: readonly { readonly known: number; readonly bad: number }[]): Effect {
  const seen = values.filter(({ known }) => known > 0);
  const rows = seen.reduce((sum, { known }) => sum + known, 0);
  const share = seen.reduce((sum, { bad }) => sum + bad, 0) / Math.max(1, rows);
  if (seen.length < 2 || share <= 0 || share >= 1) return NONE;
  const chi = seen.reduce((sum, { known, bad }) => sum + (bad - known * share) ** 2 / (known * share * (1 - share)), 0);
  return effectOf((chi - (seen.length - 1)) / rows, rows, seen.length);
}

/** How far values tell apart a number: ω² of a one-way analysis of variance. */
export function meanEffect(groups: readonly Moments[]): Effect {
  const seen = groups.filter(({ n }) => n > 0);
  const rows = seen.reduce((sum, { n }) => sum + n, 0);
  if (seen.length < 2 || rows <= seen.length) return NONE;
  const mean = seen.reduce((sum, one) => sum + one.sum, 0) / rows;
  const total = seen.reduce((sum, { squares }) => sum + squares, 0) - rows * mean ** 2;
  const between = seen.reduce((sum, one) => sum + one.n * (one.sum / one.n - mean) ** 2, 0);
  const within = Math.max(0, total - between) / (rows - seen.length);
  if (!(total > 0)) return NONE;
  return effectOf((between - (seen.length - 1) * within) / (total + within), rows, seen.length);
}

/** 0: one value has all rows; near 1: many have as many each. */
export function evennessOf(values: readonly { readonly weight: number }[]): number {
  const all = values.reduce((sum, { weight }) => sum + weight, 0);
  return all > 0 ? 1 - values.reduce((sum, { weight }) => sum + (weight / all) ** 2, 0) : 0;
}
