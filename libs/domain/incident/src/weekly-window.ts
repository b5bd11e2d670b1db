import { WEEKDAYS, type WeeklyWindow } from '@telltale/contracts';
import { DAY_MS, MINUTE_MS } from '@telltale/kernel';

const DAY_MINUTES = DAY_MS / MINUTE_MS;
const WEEK_MINUTES = 7 * DAY_MINUTES;
const MAX_ZONES = 100;
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  if (formats.size >= MAX_ZONES) formats.clear();
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
  });
  formats.set(timeZone, made);
  return made;
}

/** Minutes since the week began on the clocks of a time zone, with their fraction. */
function minuteOfWeek(at: number, timeZone: string): number {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const number = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type) ?? 0);
  const day = WEEKDAYS.findIndex((name) => name === (parts.get('weekday') ?? '').toLowerCase());
  return (
    day * DAY_MINUTES + number('hour') * 60 + number('minute') + (number('second') + number('fractionalSecond') / 1_000) / 60
  );
}

const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
const around = (minutes: number): number => ((minutes % WEEK_MINUTES) + WEEK_MINUTES) % WEEK_MINUTES;

/** When the window that holds at `at` ends, ms since the epoch; null where none does. */
export function windowEnd({ days, from, to, time_zone: timeZone }: WeeklyWindow, at: number): number | null {
  const [first, last] = [minutesOf(from), minutesOf(to)];
  const length = last > first ? last - first : last - first + DAY_MINUTES;
  const now = minuteOfWeek(at, timeZone);
  let end: number | null = null;
  for (const day of days) {
    const start = WEEKDAYS.indexOf(day) * DAY_MINUTES + first;
    const since = around(now - start);
    if (since >= length) continue;
    const guess = Math.round(at + (length - since) * MINUTE_MS);
    // Clocks that are changed within the window make it shorter or longer.
    const shown = around(minuteOfWeek(guess, timeZone) - start - length + WEEK_MINUTES / 2) - WEEK_MINUTES / 2;
    end = Math.max(end ?? 0, Math.max(at + 1, Math.round(guess - shown * MINUTE_MS)));
  }
  return end;
}
