export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** Start of the window of `size` milliseconds that contains `ts`. */
export const windowStart = (ts: number, size: number): number => Math.floor(ts / size) * size;

const padded = (length: number, digits: number): readonly string[] =>
  Array.from({ length }, (_, value) => String(value).padStart(digits, '0'));
const TWO_DIGITS = padded(60, 2);
const THREE_DIGITS = padded(1_000, 3);
/** Up to here years have four digits. */
const MOST_COMMON = Date.UTC(10_000, 0, 1);
const TO_MINUTE = 'yyyy-mm-ddThh:mm:'.length;
let minuteAt = -1;
let minuteText = '';

/**
 * `2026-11-23T02:47:30.123Z`, the format of every time in records and rows. RangeError for what is no time. Times that are formatted one
 * after another mostly share their minute, which is kept.
 */
export function isoTime(ts: number): string {
  if (!(ts >= 0 && ts < MOST_COMMON)) return new Date(ts).toISOString();
  const minute = Math.floor(ts / MINUTE_MS);
  if (minute !== minuteAt) {
    minuteText = new Date(minute * MINUTE_MS).toISOString().slice(0, TO_MINUTE);
    minuteAt = minute;
  }
  const ms = Math.floor(ts - minute * MINUTE_MS);
  const second = Math.floor(ms / SECOND_MS);
  return `${minuteText}${TWO_DIGITS[second]}.${THREE_DIGITS[ms - second * SECOND_MS]}Z`;
}

let dayAt = NaN;
let dayText = '';

/** `2026-11-23`, in UTC. RangeError for what is no time. The day of the time before is kept. */
export function isoDay(ts: number): string {
  const day = Math.floor(ts / DAY_MS);
  if (day !== dayAt) {
    dayText = new Date(ts).toISOString().slice(0, 10);
    dayAt = day;
  }
  return dayText;
}
