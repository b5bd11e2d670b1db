import { type BaselineTuning, type ChannelScore, gainOf } from './model';

/** Decayed counts of errors and of all. */
export interface Ratio {
  readonly errors: number;
  readonly count: number;
}

export const FIRST_RATIO: Ratio = { errors: 0, count: 0 };

/** Errors come in company (retries, one broken session), so they prove less than independent ones would. */
const OVERDISPERSION = 1.2;
const PRIOR_ERRORS = 0.2;
const PRIOR_COUNT = 10;

const share = ({ errors, count }: Ratio): number => (errors + PRIOR_ERRORS) / (count + PRIOR_COUNT);

const part = (a: number, b: number): number => (a <= 0 ? 0 : a * Math.log(a / b));

/** Signed root of the binomial deviance: close to a standard normal even where a few errors are all there is. */
export function scoreRatio(ratio: Ratio, pooled: Ratio, warm: boolean, tuning: BaselineTuning): ChannelScore {
  const expected = share(ratio);
  const p = Math.min(Math.max(expected, tuning.ratioFloor), 1 - tuning.ratioFloor);
  const n = Math.max(pooled.count, 1);
  const seen = Math.min(Math.max(pooled.errors / n, 0), 1);
  const deviance = 2 * n * Math.max(0, part(seen, p) + part(1 - seen, 1 - p));
  const half = 3 * OVERDISPERSION * Math.sqrt((p * (1 - p)) / n);
  return {
    score: warm ? (Math.sign(seen - p) * Math.sqrt(deviance)) / OVERDISPERSION : null,
    large: seen - expected >= tuning.minRatioRise,
    value: seen,
    expected,
    low: Math.max(0, expected - half),
    high: Math.min(1, expected + half),
    restsOn: n,
  };
}

export function trainRatio(ratio: Ratio, window: Ratio, windows: number, score: number | null, tuning: BaselineTuning): Ratio {
  const usual = gainOf(windows, null, tuning);
  const trust = gainOf(windows, score, tuning) / usual;
  const keep = 1 - trust / tuning.memoryWindows;
  return { errors: ratio.errors * keep + window.errors * trust, count: ratio.count * keep + window.count * trust };
}
