import { DAY_MS, HOUR_MS, windowStart } from '@telltale/kernel';
import { FIVE_MINUTES_MS } from '../spend';

/** What was spent in a span of time. */
export type SpanSum = readonly [start: number, nano: number, calls: number, unpriced: number];
type Part = readonly [start: number, nano: number];

/** Spend of one budget, or of one value of it: by day, by hour and by five minutes, each oldest first and only where there is some. */
export interface BudgetSums {
  readonly days: readonly SpanSum[];
  readonly hours: readonly SpanSum[];
  readonly fives: readonly Part[];
}
export const NO_SUMS: BudgetSums = { days: [], hours: [], fives: [] };

/** A month and the days that its forecast rests on. */
export const KEPT_DAYS = 35;
const KEPT_HOURS = 72;
const KEPT_FIVES_MS = 6 * HOUR_MS;

/** What is added to a budget: spend of an hour, or what a later price changes of it. */
export interface SpendChange {
  readonly hour: number;
  readonly nano: number;
  readonly calls: number;
  readonly unpriced: number;
  /** Cost by five minutes of the hour; empty where it is of the past. */
  readonly byFiveMinutes: readonly number[];
  /** `live`: spent now, which alone counts for rates; `past`: imported; `repriced`: what a later price changes of what was live. */
  readonly origin: 'live' | 'past' | 'repriced';
}

const addSpan = (spans: readonly SpanSum[], start: number, { nano, calls, unpriced }: Pick<SpendChange, 'nano' | 'calls' | 'unpriced'>): SpanSum[] => {
  const i = spans.findIndex(([at]) => at >= start);
  const known = i >= 0 && spans[i]?.[0] === start ? spans[i] : undefined;
  const sum: SpanSum = [start, (known?.[1] ?? 0) + nano, (known?.[2] ?? 0) + calls, (known?.[3] ?? 0) + unpriced];
  if (i < 0) return [...spans, sum];
  return [...spans.slice(0, i), sum, ...spans.slice(known ? i + 1 : i)];
}; // prettier-ignore

function addFives(fives: readonly Part[], hour: number, parts: readonly number[]): readonly Part[] {
  if (parts.every((nano) => nano === 0)) return fives;
  const sums = new Map(fives);
  parts.forEach((nano, i) => {
    const start = hour + i * FIVE_MINUTES_MS;
    if (nano !== 0) sums.set(start, (sums.get(start) ?? 0) + nano);
  });
  return [...sums].sort(([a], [b]) => a - b);
}

/** Adds spend, and drops what no rule looks at any more at `now`. */
export function addToSums(sums: BudgetSums, change: SpendChange, now: number): BudgetSums {
  const { hour, nano, origin } = change;
  const isLive = origin === 'live';
  const [oldestDay, oldestHour, oldestFive] = [
    windowStart(now, DAY_MS) - KEPT_DAYS * DAY_MS,
    windowStart(now, HOUR_MS) - KEPT_HOURS * HOUR_MS,
    windowStart(now, FIVE_MINUTES_MS) - KEPT_FIVES_MS,
  ];
  const days = addSpan(sums.days, windowStart(hour, DAY_MS), change).filter(([at]) => at >= oldestDay);
  // Of a later price the hours take the calls that have one now, never the money: it was not spent at this rate.
  const hours = origin === 'past' ? sums.hours : addSpan(sums.hours, hour, isLive ? change : { ...change, nano: 0 });
  const fives = isLive && nano !== 0 ? addFives(sums.fives, hour, change.byFiveMinutes) : sums.fives;
  return { days, hours: hours.filter(([at]) => at >= oldestHour), fives: fives.filter(([at]) => at >= oldestFive) };
}

export interface Totals {
  readonly nano: number;
  readonly calls: number;
  readonly unpriced: number;
}
export const totalBetween = (spans: readonly SpanSum[], from: number, to = Infinity): Totals => {
  const total = { nano: 0, calls: 0, unpriced: 0 };
  for (const [at, nano, calls, unpriced] of spans)
    if (at >= from && at < to) {
      total.nano += nano;
      total.calls += calls;
      total.unpriced += unpriced;
    }
  return total;
};

/**
 * Spend per hour over the last `windowMs`, from whole buckets: the window reaches back to the start of the bucket it begins in, so that one
 * that has just begun does not look like a high rate.
 */
export function rateOver({ hours, fives }: BudgetSums, windowMs: number, now: number): number {
  const isShort = windowMs <= KEPT_FIVES_MS;
  const from = windowStart(now, isShort ? FIVE_MINUTES_MS : HOUR_MS) - windowMs;
  let nano = 0;
  for (const [at, spent] of isShort ? fives : hours) if (at >= from) nano += spent;
  return (nano / (now - from)) * HOUR_MS;
}

/** The sums of both together, by day. */
export const mergeSums = (a: BudgetSums, b: BudgetSums): BudgetSums => ({
  days: b.days.reduce((days, [start, nano, calls, unpriced]) => addSpan(days, start, { nano, calls, unpriced }), a.days),
  hours: a.hours,
  fives: a.fives,
});
