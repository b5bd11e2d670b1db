import { bilinear, gradientOfRatio, type Moments } from './moments';
import { CONFIDENCE, type Difference, LEAST_CLUSTERS } from './difference';
import { quantileOfT, tailOfT } from './student';

const POWER = 0.8;

/**
 * Between which quantiles of the values a quantile lies, with the confidence of an interval (Woodruff, JASA 47, 1952). `below`: moments of [weight of values at most the
 * estimate, weight of all] by cluster. Null where there are too few clusters.
 */
export function levelsAround(
  level: number,
  below: Moments,
  clusters: number,
): { readonly low: number; readonly high: number } | null {
  if (clusters < LEAST_CLUSTERS) return null;
  const gradient = gradientOfRatio(below, 0, 1);
  const variance = (Math.max(0, bilinear(below, gradient, gradient)) * clusters) / (clusters - 1);
  const reach = quantileOfT((1 + CONFIDENCE) / 2, clusters - 1) * Math.sqrt(variance);
  const [low, high] = [level - reach, level + reach];
  // Beyond the extremes nothing was seen.
  return low <= 0 || high >= 1 ? null : { low, high };
}

interface Located {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly clusters: number;
}

/** The difference of two quantiles that have intervals each (square-and-add; Zou and Donner, Statistics in Medicine 27, 2008). */
export function quantileDifference(a: Located, b: Located): Difference {
  const difference = b.value - a.value;
  const low = difference - Math.hypot(b.value - b.low, a.high - a.value);
  const high = difference + Math.hypot(b.high - b.value, a.value - a.low);
  const df = Math.min(a.clusters, b.clusters) - 1;
  const t = quantileOfT((1 + CONFIDENCE) / 2, df);
  // The side of 0 is what counts: an interval that touches 0 has p = 1 − CONFIDENCE.
  const towardsZero = (difference > 0 ? difference - low : high - difference) / t;
  const p = towardsZero > 0 ? tailOfT(difference / towardsZero, df) : difference === 0 ? 1 : 0;
  const error = (high - low) / (2 * t);
  return {
    a: a.value,
    b: b.value,
    difference,
    low,
    high,
    relative: a.value > 0 && low > -a.value ? { change: difference / a.value, low: low / a.value, high: high / a.value } : null,
    p,
    detectable: error * (t + quantileOfT(POWER, df)),
  };
}
