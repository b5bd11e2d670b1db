export type Reason = 'none' | 'spike' | 'season' | 'level' | 'change';

/** The evaluation of the last value; the object is reused. */
export interface Evaluation {
  /** Natural logarithm of the probability of such a value on normal data, ≤ 0. */
  logP: number;
  /** Natural logarithm of how often per hour such a value occurs on normal data: logP + log(values per hour). */
  logPerHour: number;
  direction: -1 | 0 | 1;
  reason: Reason;
  /** The expected value, and the range that contains all but one in a hundred values. */
  expected: number;
  low: number;
  high: number;
}
