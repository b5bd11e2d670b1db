import { type DimensionShape, type KindShape, type Moments, type Shape, type ValueShape } from './shape';

/** Rows of a number that is spread around `typical` by a factor of about 1.3. */
export const newTestMoments = (n: number, typical: number): Moments => {
  const mean = Math.log(typical);
  return { n, sum: n * mean, squares: n * (mean ** 2 + 0.07) };
};

interface TestValue {
  readonly rows: number;
  /** Part that ended badly. */
  readonly bad?: number;
  readonly ms?: number;
  readonly nano?: number;
}
export const newTestValue = (value: string, { rows, bad = 0.05, ms = 500, nano = 1_000_000 }: TestValue): ValueShape => ({
  value, rows, weight: rows, known: rows, bad: Math.round(rows * bad), nano: rows * nano, duration: newTestMoments(rows, ms), cost: newTestMoments(rows, nano),
}); // prettier-ignore

export const newTestDimension = (of: DimensionShape['of'], name: string, values: Readonly<Record<string, TestValue>>): DimensionShape => {
  const all = Object.entries(values).map(([value, figures]) => newTestValue(value, figures));
  return { of, name, distinct: all.length, rows: all.reduce((sum, { rows }) => sum + rows, 0), values: all };
}; // prettier-ignore

export const newTestKind = (kind: string, rows: number, more: Partial<KindShape> = {}): KindShape => ({
  kind, rows, weight: rows, errors: 0, nano: 0, unpriced: 0, timed: rows, streamed: 0, tokens: 0, cached: 0, scored: 0, decided: 0, warned: 0, ...more,
}); // prettier-ignore

export const newTestShape = (more: Partial<Shape> = {}): Shape => ({
  services: [{ name: 'shop', turns: 1_000, events: 3_000, errors: 0, nano: 0 }],
  turns: { rows: 1_000, known: 1_000, bad: 100, timed: 1_000, nano: 0 },
  kinds: [newTestKind('turn', 1_000)],
  dimensions: [],
  ...more,
});
