import { DAY_MS } from '@telltale/kernel';

const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)(Z|[+-]\d\d:?\d\d)?)?$/i;
const NUMBER = /^-?\d{1,19}(?:\.\d{1,9})?$/;

/** Unix time in s, ms, us or ns, distinguished by size; as milliseconds. */
function fromEpoch(value: number): number {
  const size = Math.abs(value);
  if (size < 1e11) return value * 1e3;
  if (size < 1e14) return value;
  return size < 1e17 ? value / 1e3 : value / 1e6;
}

function fromText(text: string): number {
  if (text.length === 24 && text.charCodeAt(10) === 84 && text.charCodeAt(23) === 90) return Date.parse(text);
  const iso = ISO.exec(text);
  if (!iso) return NUMBER.test(text) ? fromEpoch(Number(text)) : NaN;
  // A time without a zone would be read in that of the machine.
  return Date.parse(`${iso[1] ?? ''}T${(iso[2] ?? '00:00').replace(',', '.')}${(iso[3] ?? 'Z').toUpperCase()}`);
}

/** Milliseconds since the epoch of an ISO 8601 text or a Unix time; NaN when it is neither. */
export function readTime(value: unknown): number {
  const ms = typeof value === 'number' ? fromEpoch(value) : typeof value === 'string' ? fromText(value.trim()) : NaN;
  // The span a Date can hold.
  return Math.abs(ms) <= 8.64e15 ? Math.floor(ms) : NaN;
}

/** Nobody logged an agent before this; such a time is a field that was never set. */
const EARLIEST = Date.UTC(2000, 0, 1);
/** Clocks are wrong by minutes, seldom by a day. */
const MAX_AHEAD_MS = DAY_MS;

/** What is wrong with the time of an event that is looked at at `now`, as gateway and enricher both say it; null when nothing is. */
export function timeProblem(at: number, now: number): string | null {
  if (Number.isNaN(at)) return 'is no time: send ISO 8601 such as 2026-01-31T12:00:00Z, or Unix time in s, ms, us or ns';
  if (at < EARLIEST) return 'lies before the year 2000: send the time it happened, in UTC';
  return at > now + MAX_AHEAD_MS ? 'lies more than a day ahead: check the clock of the sender, and the unit' : null;
}
