import { HOUR_MS, MINUTE_MS } from '@telltale/kernel';
import { type BudgetPeriod, type PeriodRange } from './period';
import { type BudgetSums, rateOver } from './sums';

export type BurnSeverity = 'fast' | 'slow' | 'ticket';

/** Fires when both windows burn at least at `factor`: the long one says that it matters, the short one that it still goes on. */
export interface BurnRule {
  readonly severity: BurnSeverity;
  readonly factor: number;
  readonly longMs: number;
  readonly shortMs: number;
}

/**
 * Burn rates in two windows as in the SRE Workbook, chapter 5, "Multiwindow, Multi-Burn-Rate Alerts": 1 is the rate that uses a budget up
 * exactly at the end of its period. For a month they are those of the book: 2 % of the budget in an hour, 5 % in six, 10 % in three days.
 * The same shares of a day are gone in minutes, and a day has a shape, so a day has two of its own: 20 % in an hour, half in six.
 */
export const BURN_RULES: Readonly<Record<BudgetPeriod, readonly BurnRule[]>> = {
  month: [
    { severity: 'fast', factor: 14.4, longMs: HOUR_MS, shortMs: 5 * MINUTE_MS },
    { severity: 'slow', factor: 6, longMs: 6 * HOUR_MS, shortMs: 30 * MINUTE_MS },
    { severity: 'ticket', factor: 1, longMs: 72 * HOUR_MS, shortMs: 6 * HOUR_MS },
  ],
  day: [
    { severity: 'fast', factor: 4.8, longMs: HOUR_MS, shortMs: 5 * MINUTE_MS },
    { severity: 'slow', factor: 2, longMs: 6 * HOUR_MS, shortMs: 30 * MINUTE_MS },
  ],
};

/** A firing alert stays until a rate is this far below the factor, so that one about the factor does not flap. */
const STAYS = { long: 0.8, short: 0.5 };

export interface BurnRates {
  /** Nano-dollars an hour over the long window. */
  readonly perHour: number;
  readonly long: number;
  readonly short: number;
}

export function burnRates(sums: BudgetSums, rule: BurnRule, limitNano: number, { start, end }: PeriodRange, now: number): BurnRates {
  const even = (limitNano / (end - start)) * HOUR_MS;
  const perHour = rateOver(sums, rule.longMs, now);
  return { perHour, long: perHour / even, short: rateOver(sums, rule.shortMs, now) / even };
} // prettier-ignore

/**
 * Whether the alert of a rule fires. A calendar's budget starts again, other than an SLO's: a rate that does not use it up before its
 * period ends is none to be alarmed by, and of one that is used up another alert speaks.
 */
export function isBurning(
  rule: BurnRule,
  rates: BurnRates,
  { spent, limit, left, wasFiring }: { readonly spent: number; readonly limit: number; readonly left: number; readonly wasFiring: boolean },
): boolean {
  if (wasFiring) return rates.long >= STAYS.long * rule.factor && rates.short >= STAYS.short * rule.factor;
  return rates.long >= rule.factor && rates.short >= rule.factor && spent < limit && spent + (rates.perHour * left) / HOUR_MS > limit;
} // prettier-ignore

/** When the budget is used up at a rate; null when it is already, or not in its period. */
export function exhaustedAt(spent: number, limit: number, perHour: number, now: number, end: number): number | null {
  if (spent >= limit || perHour <= 0) return null;
  const at = Math.ceil(now + ((limit - spent) / perHour) * HOUR_MS);
  return at < end ? at : null;
}
