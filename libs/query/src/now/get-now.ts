import { HOUR_MS, isoTime, MINUTE_MS } from '@telltale/kernel';
import { z } from 'zod';
import { budget, wholeBudgets } from '../costs/budgets/list-budgets';
import { named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { withIsoTimes } from '../define/iso-times';
import { periodOf, rangeParams, text } from '../define/params';
import { isoTime as time } from '../define/row-fields';
import { type Row } from '../define/row-values';
import { SINCE_FIRST_MINUTE } from '../define/where';
import { changed, incidentsShape, readChanges, readIncidents } from './changes';
import { figures, figuresOf, KNOWN_TURNS, minute, minuteOf, OF_SPAN, OF_TURNS, sentenceOf, service } from './figures';
import { readSpendToday, spendToday } from './spend-today';

const RANGE = { defaultMs: HOUR_MS, maxMs: 24 * HOUR_MS };

export const getNow = defineQuery({
  name: 'getNow',
  about:
    'How the bots are right now: a sentence, the last hour beside the one before, by minute and by service, what changed, incidents, and spend today against what the day comes to.',
  tag: 'conversations',
  scope: 'read',
  path: '/api/now',
  params: { service: text('Only of this service').optional(), ...rangeParams(RANGE) },
  example: { service: 'shop', since: '1h' },
  answer: named(
    'GetNowAnswer',
    z.object({
      since: time,
      until: time,
      sentence: z.string(),
      now: figures,
      before: figures.describe('The same span of time before since'),
      minutes: z.array(minute).describe('Of the minutes that had turns'),
      services: z.array(service).describe('Those with the most turns first, at most 50'),
      changed,
      ...incidentsShape,
      spend_today: spendToday,
      budgets: z.array(budget).describe('Those of all spend or of a part of it that are not divided, the one that is used up most first, at most five; none where one service is asked for'), // prettier-ignore
    }),
  ),
  limits: { maxRangeMs: RANGE.maxMs },
  run: async ({ service: only, ...times }, { clock, rowsOf, settings, tenant }) => {
    const at = clock.now();
    const period = periodOf(times, at, RANGE);
    // Nothing is known of what is to come, and a figure of it would look like silence.
    const until = Math.min(period.until, at);
    const since = times.since === undefined ? until - RANGE.defaultMs : Math.min(period.since, until - MINUTE_MS);
    const span = until - since;
    const params = { since: since - span, middle: since, until, service: only ?? '' };
    const from = `FROM (SELECT * FROM telltale.turns ${SINCE_FIRST_MINUTE}
        AND first_minute < fromUnixTimestamp64Milli({until:Int64}, 'UTC') AND ({service:String} = '' OR service_name = {service:String}))`;
    const isNow = "first_minute >= toStartOfMinute(fromUnixTimestamp64Milli({middle:Int64}, 'UTC'))";
    const asked = { rowsOf, service: only };
    // One after another, and few: a tenant's queries run one at a time, and those that wait take the places of other people.
    const spans = await rowsOf({
      sql: `SELECT is_now, minute, grouping(minute) = 0 AS is_of_minute, ${OF_SPAN} FROM (SELECT *, ${isNow} AS is_now, first_minute AS minute ${from})
        GROUP BY GROUPING SETS ((is_now), (is_now, minute)) HAVING is_now OR NOT is_of_minute ORDER BY minute`,
      params,
    });
    const services = await rowsOf({
      sql: `SELECT service_name, ${OF_TURNS}, ${KNOWN_TURNS} ${from} WHERE ${isNow} GROUP BY service_name ORDER BY turns DESC, service_name LIMIT 50`,
      params,
    });
    const changes = await readChanges(asked, { since, until });
    const incidents = await readIncidents(asked, at);
    const spend = await readSpendToday(rowsOf, only, at);
    const budgets = only === undefined ? await wholeBudgets({ rowsOf, settings, tenant }, at) : [];
    const is = (row: Row, name: string): boolean => Boolean(Number(row[name]));
    const of = (isThis: boolean) => figuresOf(spans.find((row) => !is(row, 'is_of_minute') && is(row, 'is_now') === isThis));
    const [now, before] = [of(true), of(false)];
    return {
      since: isoTime(since),
      until: isoTime(until),
      sentence: sentenceOf(now, before, span, incidents.open_incidents),
      now,
      before,
      minutes: spans.filter((row) => is(row, 'is_of_minute')).map((row) => withIsoTimes(minuteOf(row))),
      services,
      changed: changes,
      ...incidents,
      spend_today: spend,
      budgets,
    };
  },
});
