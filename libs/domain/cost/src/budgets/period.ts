import { DAY_MS, windowStart } from '@telltale/kernel';

export type BudgetPeriod = 'day' | 'month';
/** Half-open, ms since the epoch. */
export interface PeriodRange {
  readonly start: number;
  readonly end: number;
}

/** The day or month in UTC that a moment lies in. */
export function periodAt(per: BudgetPeriod, at: number): PeriodRange {
  if (per === 'day') {
    const start = windowStart(at, DAY_MS);
    return { start, end: start + DAY_MS };
  }
  const date = new Date(at);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return { start: Date.UTC(year, month), end: Date.UTC(year, month + 1) };
}
