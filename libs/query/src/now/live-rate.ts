import { HOUR_MS, isoTime, MINUTE_MS, SECOND_MS, windowStart } from '@telltale/kernel';
import { z } from 'zod';
import { named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { text } from '../define/params';
import { count, isoTime as time } from '../define/row-fields';
import { numberOf } from '../define/row-values';

const STEP_MS = 5 * SECOND_MS;
const SHOWN_MS = 5 * MINUTE_MS;
/** What arrives longer after its own time was imported. */
const LATEST_MS = HOUR_MS;

const step = named('RateStep', z.object({ at: time, events: count, errors: count.describe('Of these, failed ones') }));

export const getLiveRate = defineQuery({
  name: 'getLiveRate',
  about: 'How many events arrive right now: the last five minutes in steps of five seconds, without what is imported.',
  tag: 'conversations',
  scope: 'read',
  path: '/api/now/rate',
  params: { service: text('Only of this service').optional() },
  example: { service: 'shop' },
  answer: named(
    'GetLiveRateAnswer',
    z.object({
      until: time,
      per_second: z.number().describe('Events a second over the last whole minute of steps'),
      errors_per_second: z.number(),
      steps: z.array(step).describe('In order of time, those without events too; the last is still running'),
    }),
  ),
  run: async ({ service }, { clock, rowsOf }) => {
    const now = clock.now();
    const last = windowStart(now, STEP_MS);
    const since = last - SHOWN_MS + STEP_MS;
    const rows = await rowsOf({
      sql: `SELECT intDiv(toUnixTimestamp64Milli(received_at), ${STEP_MS}) * ${STEP_MS} AS start, count() AS events, countIf(status = 'error') AS errors FROM telltale.events
        WHERE tenant = {tenant:String} AND toStartOfMinute(ts) >= toStartOfMinute(fromUnixTimestamp64Milli({oldest:Int64}, 'UTC'))
          AND received_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC') AND ({service:String} = '' OR service_name = {service:String}) GROUP BY start`,
      params: { oldest: Math.max(0, now - LATEST_MS), since, service: service ?? '' },
    });
    const counts = new Map(rows.map((row) => [numberOf(row, 'start'), row]));
    const steps = Array.from({ length: SHOWN_MS / STEP_MS }, (_, i) => {
      const start = since + i * STEP_MS;
      return { at: isoTime(start), events: numberOf(counts.get(start), 'events'), errors: numberOf(counts.get(start), 'errors') };
    });
    const minute = steps.slice(-1 - MINUTE_MS / STEP_MS, -1);
    const perSecond = (what: 'events' | 'errors'): number =>
      minute.reduce((sum, one) => sum + one[what], 0) / (MINUTE_MS / SECOND_MS);
    return { until: isoTime(now), per_second: perSecond('events'), errors_per_second: perSecond('errors'), steps };
  },
});
