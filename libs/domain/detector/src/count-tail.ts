/** Tail probabilities of counts, as natural logarithms; exact sums, no tables. */

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
]; // prettier-ignore

/** Natural logarithm of the gamma function for x > 0 (Lanczos 1964, g = 7, n = 9; relative error below 1e-13). */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  let sum = LANCZOS[0] ?? 0;
  for (let i = 1; i < LANCZOS.length; i++) sum += (LANCZOS[i] ?? 0) / (x - 1 + i);
  const t = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

const NEGLIGIBLE = 1e-12;
const MAX_TERMS = 10_000;

/** log Σ first · Π ratio(k), from k = `from`, until the terms are negligible. */
function logSum(logFirst: number, from: number, to: number, ratio: (k: number) => number): number {
  let term = 1;
  let sum = 1;
  for (let k = from, terms = 0; k < to && terms < MAX_TERMS; k++, terms++) {
    term *= ratio(k);
    sum += term;
    if (term < NEGLIGIBLE * sum) break;
  }
  return Math.min(0, logFirst + Math.log(sum));
}

/** Mean, and variance divided by mean (≥ 1), of a count. */
export interface CountModel {
  readonly mean: number;
  readonly dispersion: number;
}

/** log P(X ≥ count): Poisson, or negative binomial where the dispersion is above 1. `mean` > 0. */
export function logCountAtLeast(count: number, { mean, dispersion }: CountModel): number {
  if (count <= 0) return 0;
  if (dispersion <= 1.001) {
    const logFirst = count * Math.log(mean) - mean - logGamma(count + 1);
    return count <= mean ? 0 : logSum(logFirst, count, Infinity, (k) => mean / (k + 1));
  }
  const size = mean / (dispersion - 1);
  const q = 1 - 1 / dispersion;
  if (count <= mean) return 0;
  const logFirst =
    logGamma(count + size) - logGamma(size) - logGamma(count + 1) + size * Math.log(1 / dispersion) + count * Math.log(q);
  return logSum(logFirst, count, Infinity, (k) => ((k + size) / (k + 1)) * q);
}

/**
 * log P(X ≥ errors) of `count` trials whose error ratio is Beta(a, b)-distributed: beta-binomial. a + b is the amount of evidence about the
 * ratio, so little evidence gives wide ranges. Counts may be decayed, so they need not be integers.
 */
export function logErrorsAtLeast(errors: number, count: number, a: number, b: number): number {
  if (errors <= 0 || errors / count <= a / (a + b)) return 0;
  const k = Math.min(errors, count);
  const logBeta = (x: number, y: number): number => logGamma(x) + logGamma(y) - logGamma(x + y);
  const logChoose = logGamma(count + 1) - logGamma(k + 1) - logGamma(count - k + 1);
  const logFirst = logChoose + logBeta(k + a, count - k + b) - logBeta(a, b);
  return logSum(logFirst, k, count, (i) => (Math.max(0, count - i) / (i + 1)) * ((a + i) / Math.max(b + count - i - 1, 1e-9)));
}
