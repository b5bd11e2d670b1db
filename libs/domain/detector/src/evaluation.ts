export type Reason = 'none' | 'spike' | 'season' | 'level' | 'change';

/** What was said of the last value; one object, filled again each time. */
export interface Evaluation {
  /** Natural logarithm of the probability of such a value on normal data, ≤ 0. */
  logP: number;
  /** Natural logarithm of how often an hour such a value comes on normal data: logP + log(values an hour). */
  logPerHour: number;
  direction: -1 | 0 | 1;
  reason: Reason;
  /** Where the value was expected before it came, and the range that all but one in a hundred keep to. */
  expected: number;
  low: number;
  high: number;
}
