export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** Start of the window of `size` milliseconds that contains `ts`. */
export const windowStart = (ts: number, size: number): number => Math.floor(ts / size) * size;

/** `2026-11-23T02:47:30.123Z`, the format of every time in records and rows. */
export const isoTime = (ts: number): string => new Date(ts).toISOString();

/** `2026-11-23`, in UTC. */
export const isoDay = (ts: number): string => new Date(ts).toISOString().slice(0, 10);
