import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '@telltale/kernel';
import { z } from 'zod';
import { badParameter } from './api-error';

// Parameters of questions and commands. The message of every schema is `<problem>; <fix>`; `parseParams` puts the name before it.

export type Given = Readonly<Record<string, unknown>>;

export const MAX_TEXT = 500;
const MAX_NAME = 100;
const UNIT_MS: Readonly<Record<string, number>> = { s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS };
/** The engine's times end there. */
const LAST_TIME = Date.parse('2299-12-31T00:00:00Z');
const TIME_FIX = 'give ISO 8601 (2026-11-23T03:00:00Z), Unix time in ms, or an age such as 15m, 2h, 7d';
const ISO_FIX = 'give ISO 8601 in UTC, such as 2026-11-23T03:00:00Z';

/** The text for a value of a wrong type: a repeated parameter arrives as a list. */
const wrongType =
  (problem: string, fix: string) =>
  ({ input }: { readonly input?: unknown }): string =>
    Array.isArray(input) ? 'is given more than once; give it once' : `${input === undefined ? 'is missing' : problem}; ${fix}`;

/** An object of exactly these fields, so that a misspelt one is not silently ignored. */
export const fields = <S extends z.core.$ZodShape>(shape: S) =>
  z.strictObject(shape, {
    error: ({ code, input }) => {
      const names = Object.keys(shape).join(', ');
      if (code === 'unrecognized_keys') return `is not a parameter here; there ${names ? `are ${names}` : 'is none'}`;
      return code === 'invalid_type'
        ? wrongType('is not an object', `give an object with any of ${names}`)({ input })
        : undefined;
    },
  });

export const text = (about: string, max = MAX_TEXT) => {
  const fix = `give a text of 1 to ${max} characters, or leave it out`;
  return z
    .string({ error: wrongType('is not a text', fix) })
    .min(1, `is empty; ${fix}`)
    .max(max, `is longer than ${max} characters; shorten it`)
    .describe(about);
};

export const choice = <const T extends readonly string[]>(values: T, about: string) =>
  z.enum(values, { error: wrongType('is none of its values', `give one of ${values.join(', ')}`) }).describe(about);

const LIMIT_ABOUT = 'Most rows of one answer';
/** `limit` of a list, a text in a URL. */
export const limitOf = ({ fallback, max }: { readonly fallback: number; readonly max: number }) => {
  const wrong = `is out of range; give a whole number from 1 to ${max}`;
  return z.coerce.number({ error: wrong }).int(wrong).min(1, wrong).max(max, wrong).default(fallback).describe(LIMIT_ABOUT);
};

/** A whole number in a query string. */
export const wholeNumberIn = (min: number, max: number, about: string) => {
  const wrong = `is out of range; give a whole number from ${min} to ${max}`;
  return z.coerce.number({ error: wrong }).int(wrong).min(min, wrong).max(max, wrong).describe(about);
};

export const wholeNumber = (min: number, max: number, about: string) => {
  const wrong = `is out of range; give a whole number from ${min} to ${max}`;
  return z.number({ error: wrong }).int(wrong).min(min, wrong).max(max, wrong).describe(about);
};

/** Milliseconds since the epoch of ISO 8601, Unix ms or an age before `now`; NaN for anything else. */
function timeOf(value: string, now: number): number {
  const age = /^(\d{1,6})([smhd])$/.exec(value);
  const time = age
    ? now - Number(age[1]) * (UNIT_MS[age[2] ?? ''] ?? 0)
    : /^\d{12,14}$/.test(value)
      ? Number(value)
      : /^\d{4}-\d\d-\d\d/.test(value)
        ? Date.parse(value)
        : NaN;
  return time >= 0 && time <= LAST_TIME ? time : NaN;
}

/** A time in a body, as ISO 8601 in UTC; parsed to milliseconds since the epoch. */
export const isoTimeParam = (about: string) =>
  z
    .string({ error: wrongType('is not a time', ISO_FIX) })
    .refine((value) => /T.*Z$/.test(value) && Number.isFinite(timeOf(value, 0)), `is not a time; ${ISO_FIX}`)
    .transform((value) => Date.parse(value))
    .describe(about);

/** A time in a query string; `momentOf` reads it. */
export const timeParam = (about: string) => z.string({ error: wrongType('is not a time', TIME_FIX) }).max(MAX_TEXT, `is not a time; ${TIME_FIX}`).describe(about); // prettier-ignore

/** Half-open range of time, ms since the epoch. */
export interface Period {
  readonly since: number;
  readonly until: number;
}
export interface RangeLimits {
  /** How far back a question looks that names no `since`. */
  readonly defaultMs: number;
  readonly maxMs: number;
}

export const rangeParams = ({ defaultMs, maxMs }: RangeLimits) => ({
  since: timeParam(
    `First moment: ISO 8601, Unix ms, or an age such as 2h; ${defaultMs / DAY_MS} d before until when left out, at most ${maxMs / DAY_MS} d`,
  ).optional(),
  until: timeParam('First moment after the range; now when left out').optional(),
});

/** Milliseconds since the epoch of what `timeParam` took. ApiError names the parameter where it is no time. */
export function momentOf(name: string, value: string, now: number): number {
  const time = timeOf(value, now);
  if (Number.isNaN(time)) throw badParameter(name, 'is not a time', TIME_FIX);
  return time;
}

/** The range that `since` and `until` name; up to a little ahead of now when absent, for clocks that differ. */
export function periodOf(
  given: { readonly since?: string | undefined; readonly until?: string | undefined },
  now: number,
  { defaultMs, maxMs }: RangeLimits,
): Period {
  const moment = (name: 'since' | 'until'): number | undefined => {
    const value = given[name];
    return value === undefined ? undefined : momentOf(name, value, now);
  };
  const until = moment('until') ?? now + HOUR_MS;
  const since = moment('since') ?? Math.min(until, now) - defaultMs;
  if (since >= until) throw badParameter('since', 'lies not before until', 'give an earlier since or a later until');
  // The hour ahead of now is not the asker's.
  if (Math.min(until, Math.max(now, since)) - since > maxMs)
    throw badParameter('since', `lies more than ${maxMs / DAY_MS} d before until`, 'ask for a shorter range');
  return { since, until };
}

/** Refuses a range longer than `maxMs` for a question that names no limit. */
export function requireLimitBeyond(maxMs: number, { since, until }: Period, now: number): void {
  if (Math.min(until, Math.max(now, since)) - since <= maxMs) return;
  const days = maxMs / DAY_MS;
  throw badParameter('limit', `is missing for a range of more than ${days} d`, `give limit, or a range of at most ${days} d`);
}

/** The values that a schema makes of what was given; ApiError names the first parameter that is wrong, and the fix. */
export function parseParams<S extends z.ZodType>(schema: S, given: Given): z.infer<S> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = [...(issue?.path ?? []), ...(issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])];
  const [problem = '', ...fix] = (issue?.message ?? '').split('; ');
  const name = path.map(String).join('.').slice(0, MAX_NAME) || 'body';
  throw badParameter(name, problem, fix.join('; '));
}
