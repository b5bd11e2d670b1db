import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '@telltale/kernel';
import { type Period } from '../define/params';

const STEPS = [
  SECOND_MS, 2 * SECOND_MS, 5 * SECOND_MS, 10 * SECOND_MS, 15 * SECOND_MS, 30 * SECOND_MS,
  MINUTE_MS, 2 * MINUTE_MS, 5 * MINUTE_MS, 10 * MINUTE_MS, 15 * MINUTE_MS, 30 * MINUTE_MS,
  HOUR_MS, 2 * HOUR_MS, 3 * HOUR_MS, 6 * HOUR_MS, 12 * HOUR_MS,
  DAY_MS, 2 * DAY_MS, 5 * DAY_MS, 7 * DAY_MS, 14 * DAY_MS,
]; // prettier-ignore

/** Stretches of equal length that cover a range, aligned to the epoch: the first and the last may begin or end outside it. */
export interface TimeSteps {
  readonly stepMs: number;
  /** Number of the first stretch since the epoch. */
  readonly first: number;
  readonly count: number;
}

/** The finest steps of which at most `most` cover the range. */
export function timeSteps({ since, until }: Period, most: number): TimeSteps {
  const coverOf = (stepMs: number): TimeSteps => {
    const first = Math.floor(since / stepMs);
    return { stepMs, first, count: Math.ceil(until / stepMs) - first };
  };
  const longest = coverOf(STEPS.at(-1) ?? DAY_MS);
  return STEPS.map(coverOf).find(({ count }) => count <= most) ?? longest;
}

export const startOf = ({ stepMs, first }: TimeSteps, at: number): number => (first + at) * stepMs;

/** Number of the stretch since the epoch; names the parameter `step`. */
export const STEP_OF_ROW = 'intDiv(toUnixTimestamp64Milli(ts), {step:Int64})';
