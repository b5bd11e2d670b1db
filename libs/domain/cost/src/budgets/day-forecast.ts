import { DAY_MS, HOUR_MS, windowStart } from '@telltale/kernel';
import { forecastOf } from './forecast';
import { periodAt } from './period';
import { type SpanSum, totalBetween } from './sums';

/** Days before today that the forecast of a day rests on. */
export const DAYS_OF_DAY_FORECAST = 35;

/** Spend by day of what lies behind this time of day; of the hour that it falls into the part behind it. */
function restByDay(hours: readonly SpanSum[], today: number, timeOfDay: number): SpanSum[] {
  const rest = new Map<number, number>();
  for (const [hour, nano] of hours) {
    const day = windowStart(hour, DAY_MS);
    const behind = (hour + HOUR_MS - day - timeOfDay) / HOUR_MS;
    if (day < today) rest.set(day, (rest.get(day) ?? 0) + nano * Math.min(1, Math.max(0, behind)));
  }
  return [...rest].sort(([a], [b]) => a - b).map(([day, nano]) => [day, nano, 0, 0]);
}

/**
 * What today comes to: what is spent, and the usual spend of the hours that are left, by the same hours of the days before. `hours`: oldest first.
 * Null as long as there are fewer than seven whole days.
 */
export function dayForecastOf(hours: readonly SpanSum[], now: number): number | null {
  const { start: today, end } = periodAt('day', now);
  const spent = totalBetween(hours, today).nano;
  const asWholeDays = (days: readonly SpanSum[], sofar: number) => forecastOf(days, sofar, { start: today, end }, today);
  const rest = restByDay(hours, today, now - today);
  const forecast = asWholeDays(rest, spent);
  if (forecast) return forecast.expected;
  // On most days all is spent by now; a usual day must be known all the same.
  if (!asWholeDays(restByDay(hours, today, 0), 0)) return null;
  return spent + Math.round(totalBetween(rest, 0).nano / Math.max(1, rest.length));
}
