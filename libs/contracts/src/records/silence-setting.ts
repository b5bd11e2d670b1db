import { z } from 'zod';
import { matchers } from '../matchers';
import { moment, text } from './fields';
import { incidentRecord } from './incident';

/** Days of a week, in the order of JavaScript: the first is Sunday. */
export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

const clockTime = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'is no time of a day; give hours and minutes, such as 22:30');

/** An offset such as +02:00 would not follow the change to summer time, so only names are taken. */
function isTimeZone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const weeklyWindow = z.strictObject({
  days: z.array(z.enum(WEEKDAYS, { error: `is no day; give one of ${WEEKDAYS.join(', ')}` })).min(1, 'has no day; give at least one').max(7).describe('Days on which it begins'),
  from: clockTime.describe('First minute of it, on the clocks of its time zone'),
  to: clockTime.describe('First minute after it; of the next day where it is not after `from`'),
  time_zone: z.string().max(64).refine(isTimeZone, 'is no time zone; give a name of the IANA database, such as Europe/Berlin').default('UTC').describe('Time zone by name'),
}); // prettier-ignore
export type WeeklyWindow = z.infer<typeof weeklyWindow>;

/** Alerts that are held back. */
export const silenceValue = z
  .strictObject({
    service_name: text.min(1).max(200).optional().describe('Service whose alerts are held back; every one when absent'),
    kind: incidentRecord.shape.kind.optional().describe('Kind of incidents; every one when absent'),
    matchers: matchers.optional().describe('Only alerts that all of these match'),
    from: moment.optional().describe('First moment it holds; at once when absent'),
    until: moment.optional().describe('First moment it does not hold any more; at most 30 days after it is set, but where it is weekly'),
    weekly: z.array(weeklyWindow).min(1, 'has no window; leave it out, or give one').max(20).optional().describe('Only within these windows, week by week'),
    reason: text.min(1).max(500).describe('Why, for those who miss the alerts'),
  })
  .refine(({ until, weekly }) => until !== undefined || weekly !== undefined, {
    path: ['until'],
    message: 'is no time: give ISO 8601 in UTC, such as 2026-11-23T03:00:00Z, or a day, 2026-11-23, for its begin; a silence with weekly windows needs none',
  })
  .refine(({ from, until }) => from === undefined || until === undefined || Date.parse(from) < Date.parse(until), {
    path: ['until'],
    message: 'lies not after from: give a later until or an earlier from',
  }); // prettier-ignore
