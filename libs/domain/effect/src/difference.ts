import { bilinear, gradientOfRatio, type Moments, ratioOf } from './moments';
import { quantileOfT, tailOfT } from './student';

export const CONFIDENCE = 0.95;
/** The power with which the minimal detectable effect would be found. */
const POWER = 0.8;

/** `log`: values are logarithms, what is compared is a ratio of geometric means. */
export type Scale = 'mean' | 'log';

/** An estimate with its interval, in the unit of the metric. */
export interface Difference {
  readonly a: number;
  readonly b: number;
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** As a share of `a`, with its interval; null where `a` is not above 0, or where the interval would be as wide as anything. */
  readonly relative: { readonly change: number; readonly low: number; readonly high: number } | null;
  readonly p: number;
  /** What would have been found with a power of 0.8. */
  readonly detectable: number;
}

const degreesOf = (va: number, ga: number, vb: number, gb: number): number =>
  (va + vb) ** 2 / Math.max(Number.MIN_VALUE, va ** 2 / Math.max(1, ga - 1) + vb ** 2 / Math.max(1, gb - 1));

/** An estimate of b − a with a standard error, in the unit of the metric. */
export function intervalOf(a: number, b: number, error: number, df: number, scale: Scale): Omit<Difference, 'relative'> {
  const reach = quantileOfT((1 + CONFIDENCE) / 2, df) * error;
  const detectable = error * (quantileOfT((1 + CONFIDENCE) / 2, df) + quantileOfT(POWER, df));
  const difference = b - a;
  const p = error > 0 ? tailOfT(difference / error, df) : 1;
  if (scale === 'mean') return { a, b, difference, low: difference - reach, high: difference + reach, p, detectable };
  const base = Math.exp(a);
  const change = (log: number): number => base * Math.expm1(log);
  return {
    a: base,
    b: Math.exp(b),
    difference: change(difference),
    low: change(difference - reach),
    high: change(difference + reach),
    p,
    detectable: change(detectable),
  };
}

/** How many clusters each side has. */
export interface Clusters {
  readonly a: number;
  readonly b: number;
}
/** Places of the four values of a cluster. */
const [YA, NA, YB, NB] = [0, 1, 2, 3] as const;

/**
 * As many clusters of equal size say as much: of clusters of unequal size the largest decide (Kish, Survey Sampling, 1965). At least two, for a side with one that
 * outweighs all.
 */
const effectiveOf = ({ sums, products }: Moments, size: number): number =>
  Math.max(2, (sums[size] ?? 0) ** 2 / (products[size]?.[size] ?? 1));

/** Least clusters on a side that say anything of how clusters differ. */
export const LEAST_CLUSTERS = 5;

/**
 * The difference of two ratios of sums (means are ratios, too), from the moments of [y of a, n of a, y of b, n of b] by cluster: linearized, with what varies
 * between clusters as its error, so that sessions of a user may depend on each other, and a user may be on both sides; Student's t with the degrees of freedom of Welch
 * and Satterthwaite. Null where a side has fewer than five clusters, or nothing varies.
 */
export function differenceOf(moments: Moments, clusters: Clusters, scale: Scale = 'mean'): Difference | null {
  if (clusters.a < LEAST_CLUSTERS || clusters.b < LEAST_CLUSTERS) return null;
  if (!((moments.sums[NA] ?? 0) > 0 && (moments.sums[NB] ?? 0) > 0)) return null;
  const [a, b] = [ratioOf(moments, YA, NA), ratioOf(moments, YB, NB)];
  const [ga, gb] = [gradientOfRatio(moments, YA, NA), gradientOfRatio(moments, YB, NB)];
  const [fa, fb] = [effectiveOf(moments, NA), effectiveOf(moments, NB)];
  // What a cluster pulls the mean towards itself, its own rest lacks (the correction CR3).
  const few = (count: number): number => (count / (count - 1)) ** 2;
  const va = Math.max(0, bilinear(moments, ga, ga)) * few(fa);
  const vb = Math.max(0, bilinear(moments, gb, gb)) * few(fb);
  const covariance = bilinear(moments, ga, gb);
  const variance = va + vb - 2 * covariance;
  // What rounding leaves of equal values is no variance.
  const least = 1e-20 * (a * a + b * b);
  if (!(variance > least)) return null;
  const df = degreesOf(va, fa, vb, fb);
  const estimate = intervalOf(a, b, Math.sqrt(variance), df, scale);
  return { ...estimate, relative: relativeOf(a, b, { va, vb, covariance, df }, scale) };
}

interface Variances {
  readonly va: number;
  readonly vb: number;
  readonly covariance: number;
  readonly df: number;
}

/** b as a share of a, less 1: the logarithm of the ratio by the delta method. */
function relativeOf(a: number, b: number, { va, vb, covariance, df }: Variances, scale: Scale): Difference['relative'] {
  const isLog = scale === 'log';
  if (!isLog && !(a > 0 && b > 0)) return null;
  const change = isLog ? b - a : Math.log(b / a);
  const variance = isLog ? va + vb - 2 * covariance : va / a ** 2 + vb / b ** 2 - (2 * covariance) / (a * b);
  const reach = quantileOfT((1 + CONFIDENCE) / 2, df) * Math.sqrt(Math.max(0, variance));
  // Far from 0 a ratio is nothing to draw an interval from.
  if (reach > 3) return null;
  return { change: Math.expm1(change), low: Math.expm1(change - reach), high: Math.expm1(change + reach) };
}
