const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STALE_MS = 10_000;

/** ISO 8601 as the API sends it; rows of tables have a space and no zone, and are UTC. */
export const timeOf = (text: string): number =>
  Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(text) ? text : `${text.replace(' ', 'T')}Z`);

/** 12 s ago, 5 min ago, 3 h ago, 2 days ago; in 5 min for what is to come. */
export function agoOf(at: number, now: number): string {
  // `now` is read a few times a minute: what happened since does not lie ahead.
  if (at > now && at - now < STALE_MS) return 'just now';
  const span = Math.abs(now - at);
  const amount =
    span < MINUTE
      ? `${Math.round(span / 1_000)} s`
      : span < HOUR
        ? `${Math.round(span / MINUTE)} min`
        : span < 2 * DAY
          ? `${Math.round(span / HOUR)} h`
          : `${Math.round(span / DAY)} days`;
  return at <= now ? `${amount} ago` : `in ${amount}`;
}

export type Zone = 'utc' | 'local';

/** 2026-11-29 14:03:22.120, in UTC or as the clock of this machine has it. */
export function clockOf(at: number, zone: Zone): string {
  const shifted = zone === 'utc' ? at : at - new Date(at).getTimezoneOffset() * MINUTE;
  return new Date(shifted)
    .toISOString()
    .replace('T', ' ')
    .replace(/(?:\.000)?Z$/, '');
}
