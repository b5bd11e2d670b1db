import { gammaln } from 'simple-statistics';

const MAX_TERMS = 500;
const TINY = 1e-300;
const PRECISION = 1e-14;

/** Continued fraction of the incomplete beta function, by the method of Lentz (NIST Digital Library of Mathematical Functions, 8.17.22). */
function betaFraction(x: number, a: number, b: number): number {
  const atLeast = (value: number): number => (Math.abs(value) < TINY ? TINY : value);
  let c = 1;
  let d = 1 / atLeast(1 - ((a + b) * x) / (a + 1));
  let sum = d;
  for (let m = 1; m < MAX_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / atLeast(1 + even * d);
    c = atLeast(1 + even / c);
    sum *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / atLeast(1 + odd * d);
    c = atLeast(1 + odd / c);
    const step = d * c;
    sum *= step;
    if (Math.abs(step - 1) < PRECISION) break;
  }
  return sum;
}

/** Regularized incomplete beta function. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(gammaln(a + b) - gammaln(a) - gammaln(b) + a * Math.log(x) + b * Math.log(1 - x));
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(x, a, b)) / a : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

/** Beyond so many degrees of freedom Student's t is normal to six digits, and the fraction no better. */
const MAX_DF = 1e6;

/** Probability that Student's t lies as far from 0, on either side. */
export function tailOfT(t: number, df: number): number {
  if (Number.isNaN(t)) return 1;
  const n = Math.min(df, MAX_DF);
  return incompleteBeta(n / (n + t * t), n / 2, 0.5);
}

/** The value that Student's t stays below with probability `p`, 0.5 to 1. */
export function quantileOfT(p: number, df: number): number {
  const tail = 2 * (1 - p);
  let [low, high] = [0, 1];
  while (tailOfT(high, df) > tail && high < 1e9) high *= 2;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (tailOfT(middle, df) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
