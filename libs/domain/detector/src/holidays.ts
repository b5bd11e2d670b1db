import { DAY_MS } from '@telltale/kernel';

/** Time in which a series need not keep to its usual day: [from, until), ms since the epoch. */
export interface Holiday {
  readonly from: number;
  readonly until: number;
}

/** On a holiday a series may have a twentieth of its usual traffic, and twenty times as much. */
export const HOLIDAY_FACTOR = 20;

/** A day, `2026-12-25`, where clocks are `utcOffset` (`+01:00`) ahead of UTC. */
export function holidayOf(date: string, utcOffset: string): Holiday {
  const from = Date.parse(`${date}T00:00:00${utcOffset}`);
  return { from, until: from + DAY_MS };
}

/** In order, and those that touch or overlap as one. */
export function mergeHolidays(all: readonly Holiday[]): readonly Holiday[] {
  const merged: Holiday[] = [];
  for (const next of [...all].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && next.from <= last.until) merged[merged.length - 1] = { from: last.from, until: Math.max(last.until, next.until) };
    else merged.push(next);
  }
  return merged;
}

/** Index of the first that is not over at `at`. */
function nextIndex(merged: readonly Holiday[], at: number): number {
  let low = 0;
  let high = merged.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((merged[middle]?.until ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function holidayAt(merged: readonly Holiday[], at: number): Holiday | undefined {
  const next = merged[nextIndex(merged, at)];
  return next && next.from <= at ? next : undefined;
}

/** When `spanMs` of usual time have passed since `from`, where the time of holidays counts a twentieth. */
export function afterUsualTime(merged: readonly Holiday[], from: number, spanMs: number): number {
  let at = from;
  let left = spanMs;
  for (let i = nextIndex(merged, from); i < merged.length; i++) {
    const holiday = merged[i];
    if (!holiday || at + left <= holiday.from) break;
    left -= Math.max(0, holiday.from - at);
    at = Math.max(at, holiday.from);
    const counted = (holiday.until - at) / HOLIDAY_FACTOR;
    if (left <= counted) return at + left * HOLIDAY_FACTOR;
    left -= counted;
    at = holiday.until;
  }
  return at + left;
}
