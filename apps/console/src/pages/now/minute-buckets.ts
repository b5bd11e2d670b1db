import { timeOf } from '../../format/times';
import { numberOf } from '../../format/numbers';

const MINUTE = 60_000;
/** Minutes of one bar that are offered, so that bars begin at round times. */
const STEPS = [1, 2, 5, 10, 15, 30, 60];

interface Minute {
  readonly minute: string;
  readonly turns: number;
  readonly unhelped_turns: number;
}

/** A bar: turns of some minutes. */
export interface Bucket {
  readonly at: number;
  readonly until: number;
  readonly turns: number;
  readonly unhelped: number;
}

/** Turns by bars of equal length, at most `most` of them; minutes without turns are there as bars of none. */
export function bucketsOf(minutes: readonly Minute[], since: number, until: number, most: number): Bucket[] {
  const step = MINUTE * (STEPS.find((one) => (until - since) / (one * MINUTE) <= most) ?? STEPS.at(-1) ?? 1);
  const first = Math.floor(since / step) * step;
  const count = Math.max(1, Math.ceil((until - first) / step));
  const bars = Array.from({ length: count }, (_, i) => ({ at: first + i * step, until: first + (i + 1) * step, turns: 0, unhelped: 0 }));
  for (const { minute, turns, unhelped_turns: unhelped } of minutes) {
    const bar = bars[Math.floor((timeOf(minute) - first) / step)];
    if (!bar) continue;
    bar.turns += numberOf(turns);
    bar.unhelped += numberOf(unhelped);
  }
  return bars;
} // prettier-ignore
