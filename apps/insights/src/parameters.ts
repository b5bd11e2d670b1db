import { DAY_MS, HOUR_MS, isRecord, MINUTE_MS, SECOND_MS } from '@telltale/kernel';
import { badParameter } from './api-error';

export type Query = Readonly<Record<string, unknown>>;

const UNIT_MS: Readonly<Record<string, number>> = { s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS };
const MAX_TEXT = 500;
const TIME_FIX = 'give ISO 8601 (2026-11-23T03:00:00Z), Unix time in ms, or an age such as 15m, 2h, 7d';

/** One query parameter as text; undefined when it is absent or empty. */
export function textOf(query: Query, parameter: string): string | undefined {
  const value = query[parameter];
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw badParameter(parameter, 'is given more than once', 'give it once');
  if (value.length > MAX_TEXT) throw badParameter(parameter, `is longer than ${MAX_TEXT} characters`, 'shorten it');
  return value;
}

export function limitOf(query: Query, { fallback = 100, max = 1_000 } = {}): number {
  const text = textOf(query, 'limit');
  if (text === undefined) return fallback;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > max)
    throw badParameter('limit', 'is out of range', `give a whole number from 1 to ${max}`);
  return limit;
}

function timeOf(query: Query, parameter: string, now: number): number | undefined {
  const text = textOf(query, parameter);
  if (text === undefined) return undefined;
  const age = /^(\d{1,6})([smhd])$/.exec(text);
  const time = age
    ? now - Number(age[1]) * (UNIT_MS[age[2] ?? ''] ?? 0)
    : /^\d{12,14}$/.test(text)
      ? Number(text)
      : Date.parse(text);
  if (!Number.isFinite(time) || time < 0 || time > 8.64e15) throw badParameter(parameter, 'is not a time', TIME_FIX);
  return time;
}

/** `since` and `until` in ms since the epoch; a week up to now when absent, a little ahead for clocks that differ. */
export function periodOf(
  query: Query,
  now: number,
  { fallbackMs = 7 * DAY_MS } = {},
): { readonly since: number; readonly until: number } {
  const until = timeOf(query, 'until', now) ?? now + HOUR_MS;
  const since = timeOf(query, 'since', now) ?? Math.min(until, now) - fallbackMs;
  if (since >= until) throw badParameter('since', 'lies not before until', 'give an earlier since or a later until');
  return { since, until };
}

export function choiceOf<T extends string>(query: Query, parameter: string, choices: readonly [T, ...T[]]): T | undefined {
  const text = textOf(query, parameter);
  if (text === undefined) return undefined;
  const choice = choices.find((candidate) => candidate === text);
  if (choice === undefined) throw badParameter(parameter, 'is none of its values', `give one of ${choices.join(', ')}`);
  return choice;
}

/** Refuses parameters nobody reads, so that a misspelt filter is not silently ignored; a key reads its own tenant only. */
export function rejectUnknownParams(query: Query, known: readonly string[], tenant: string): void {
  for (const parameter of Object.keys(query)) {
    if (parameter === 'tenant') {
      if (textOf(query, 'tenant') !== tenant)
        throw badParameter('tenant', 'is not the tenant of your key', `leave it out, your key reads ${tenant}`);
    } else if (!known.includes(parameter))
      throw badParameter(parameter, 'is not a parameter here', `there are ${[...known, 'tenant'].join(', ')}`);
  }
}

/** The body as a JSON object. The parser's message quotes its input, so it stays here. */
export function jsonBodyOf(body: unknown): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = Buffer.isBuffer(body) && body.length > 0 ? JSON.parse(body.toString('utf8')) : {};
  } catch {
    throw badParameter('body', 'is not JSON', 'send one JSON object');
  }
  if (!isRecord(value)) throw badParameter('body', 'is not an object', 'send one JSON object');
  return value;
}
