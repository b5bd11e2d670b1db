import { gammaln } from 'simple-statistics';
import { CONFIDENCE } from './difference';
import { quantileOfT, tailOfT } from './student';

/** How many of some things have a property. */
export interface Share {
  readonly has: number;
  readonly of: number;
}

export interface ShareDifference {
  readonly a: number;
  readonly b: number;
  /** a − b, with its 95 % interval. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** Chance of a difference as great, or greater, where there is none. */
  readonly p: number;
}

/** Below so many expected ones the normal curve says too little. */
const LEAST_EXPECTED = 5;
const NORMAL = 1e9;
const Z = quantileOfT((1 + CONFIDENCE) / 2, NORMAL);
/** Tables whose chances differ by rounding alone are alike. */
const ALIKE = 1e-7;

/** Interval of one share (Wilson, JASA 22, 1927). */
function wilson({ has, of }: Share): { readonly low: number; readonly high: number } {
  const p = has / of;
  const middle = p + (Z * Z) / (2 * of);
  const reach = Z * Math.sqrt((p * (1 - p)) / of + (Z * Z) / (4 * of * of));
  const whole = 1 + (Z * Z) / of;
  return { low: Math.max(0, (middle - reach) / whole), high: Math.min(1, (middle + reach) / whole) };
}

const logChoose = (n: number, k: number): number => gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1);

/** Fisher's exact test, two-sided: the chance of all tables of these margins that are no more likely than this one. */
function fisher(a: Share, b: Share): number {
  const [m, n, k] = [Math.round(a.of), Math.round(b.of), Math.round(a.has) + Math.round(b.has)];
  const all = logChoose(m + n, k);
  const chanceOf = (x: number): number => Math.exp(logChoose(m, x) + logChoose(n, k - x) - all);
  const seen = chanceOf(Math.round(a.has)) * (1 + ALIKE);
  let sum = 0;
  for (let x = Math.max(0, k - n); x <= Math.min(m, k); x++) {
    const chance = chanceOf(x);
    if (chance <= seen) sum += chance;
  }
  return Math.min(1, sum);
}

/**
 * Whether a property is more frequent among some things than among others that are independent of each other: the score test, or Fisher's where few are
 * expected; the interval is Newcombe's of two Wilson intervals (Statistics in Medicine 17, 1998, method 10). Null where a side is empty.
 */
export function shareDifference(a: Share, b: Share): ShareDifference | null {
  if (!(a.of >= 1 && b.of >= 1)) return null;
  const [pa, pb] = [a.has / a.of, b.has / b.of];
  const pooled = (a.has + b.has) / (a.of + b.of);
  const [wa, wb] = [wilson(a), wilson(b)];
  const difference = pa - pb;
  const expected = Math.min(a.of, b.of) * Math.min(pooled, 1 - pooled);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / a.of + 1 / b.of));
  return {
    a: pa,
    b: pb,
    difference,
    low: difference - Math.hypot(pa - wa.low, wb.high - pb),
    high: difference + Math.hypot(wa.high - pa, pb - wb.low),
    p: expected < LEAST_EXPECTED ? fisher(a, b) : tailOfT(difference / error, NORMAL),
  };
}
