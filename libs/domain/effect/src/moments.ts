/** Sums over clusters of their values, and of the products of these: all that an estimate from ratios of sums needs. */
export interface Moments {
  readonly sums: readonly number[];
  /** `products[i][j]`, j ≥ i. */
  readonly products: readonly (readonly number[])[];
}

/** The moments of `width` values of each cluster. */
export function momentsOf(clusters: Iterable<readonly number[]>, width: number): Moments {
  const sums = new Array<number>(width).fill(0);
  const products = sums.map(() => new Array<number>(width).fill(0));
  for (const values of clusters)
    for (let i = 0; i < width; i++) {
      const value = values[i] ?? 0;
      sums[i] = (sums[i] ?? 0) + value;
      const row = products[i] ?? [];
      for (let j = i; j < width; j++) row[j] = (row[j] ?? 0) + value * (values[j] ?? 0);
    }
  return { sums, products };
}

/** Sum over clusters of (a · values) × (b · values). */
export function bilinear({ products }: Moments, a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (const [i, x] of a.entries())
    for (const [j, y] of b.entries()) sum += x * y * (products[Math.min(i, j)]?.[Math.max(i, j)] ?? 0);
  return sum;
}

/** How a ratio of two sums moves with the values of a cluster (delta method), at the place of the two in `width` values. */
export function gradientOfRatio({ sums }: Moments, numerator: number, denominator: number): number[] {
  const below = sums[denominator] ?? 0;
  const ratio = (sums[numerator] ?? 0) / below;
  return sums.map((_, i) => (i === numerator ? 1 / below : i === denominator ? -ratio / below : 0));
}

export const ratioOf = ({ sums }: Moments, numerator: number, denominator: number): number =>
  (sums[numerator] ?? 0) / (sums[denominator] ?? 0);
