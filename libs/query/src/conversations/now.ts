import { HOUR_MS, isoTime, MINUTE_MS } from '@telltale/kernel';
import { z } from 'zod';
import { named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { withIsoTimes } from '../define/iso-times';
import { periodOf, rangeParams, text } from '../define/params';
import { count, isoTime as time } from '../define/row-fields';
import { SINCE_FIRST_MINUTE } from '../define/where';

const RANGE = { defaultMs: HOUR_MS, maxMs: 24 * HOUR_MS };
/** A turn is written once it was quiet for a minute: the newest minutes are not whole yet. */
const UNHELPED = "outcome IN ('error', 'abandoned', 'refused', 'transferred')";

const figures = named(
  'NowFigures',
  z.object({
    turns: count.describe('Weighted'),
    unhelped_turns: count.describe('Turns that ended in an error, were abandoned, refused or transferred, weighted'),
    known_turns: count.describe('Turns whose outcome is known, weighted'),
    users: count,
    p50_ms: z.number().nullable().describe('Of the duration of turns with their root'),
    p95_ms: z.number().nullable(),
    cost_nano_usd: count.describe('Of turns with a known cost, weighted'),
    unpriced_turns: count.describe('Turns with a call without a known price'),
  }),
);
const minute = named(
  'NowMinute',
  z.object({ minute: time, turns: count, unhelped_turns: count, p95_ms: z.number().nullable(), cost_nano_usd: count }),
);
const service = named(
  'NowService',
  z.object({
    service_name: z.string(),
    turns: count,
    unhelped_turns: count,
    p95_ms: z.number().nullable(),
    cost_nano_usd: count,
  }),
);

/** The share of failed answers may double by chance where few turns are known. */
const FEW_TURNS = 30;
const percent = (part: number, whole: number): string => `${Number(((100 * part) / whole).toPrecision(2))} %`;

type Figures = z.output<typeof figures>;

/** What the figures say, in a sentence; `before`: of the same span of time before. */
export function sentenceOf(now: Figures, before: Figures, spanMs: number): string {
  const span = spanMs > 2 * HOUR_MS ? `${Math.round(spanMs / HOUR_MS)} hours` : `${Math.round(spanMs / MINUTE_MS)} minutes`;
  if (now.turns === 0)
    return before.turns > 0
      ? `No turn in the last ${span}; there were ${before.turns} in those before.`
      : `No turn in the last ${span}.`;
  const turns = `${now.turns.toLocaleString('en-US')} ${now.turns === 1 ? 'turn' : 'turns'} in the last ${span}`;
  if (now.known_turns === 0) return `${turns}; how they ended is not known.`;
  const share = percent(now.unhelped_turns, now.known_turns);
  const usual = before.known_turns >= FEW_TURNS ? `, ${percent(before.unhelped_turns, before.known_turns)} before` : '';
  return `${turns}; ${share} ended without what was asked for${usual}.`;
}

const COLUMNS = `round(sum(sampling_weight)) AS turns, round(sumIf(sampling_weight, ${UNHELPED})) AS unhelped_turns,
  if(countIf(has_root) = 0, NULL, quantileIf(0.95)(duration_ms, has_root)) AS p95_ms, toInt64(sum(ifNull(cost_nano_usd, 0) * sampling_weight)) AS cost_nano_usd`;

export const getNow = defineQuery({
  name: 'getNow',
  about:
    'How the bots are right now: the last hour beside the one before, by minute and by service, and a sentence that says it.',
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
    }),
  ),
  limits: { maxRangeMs: RANGE.maxMs },
  run: async ({ service: only, ...times }, { clock, rowsOf }) => {
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
    const [both, minutes, services] = await Promise.all([
      rowsOf({
        sql: `SELECT ${isNow} AS is_now, ${COLUMNS}, round(sumIf(sampling_weight, outcome != 'unknown')) AS known_turns, uniqIf(user_id, user_id != '') AS users,
           if(countIf(has_root) = 0, NULL, quantileIf(0.5)(duration_ms, has_root)) AS p50_ms, countIf(unpriced_calls > 0) AS unpriced_turns
         ${from} GROUP BY is_now`,
        params,
      }),
      rowsOf({ sql: `SELECT first_minute AS minute, ${COLUMNS} ${from} WHERE ${isNow} GROUP BY minute ORDER BY minute`, params }),
      rowsOf({
        sql: `SELECT service_name, ${COLUMNS} ${from} WHERE ${isNow} GROUP BY service_name ORDER BY turns DESC, service_name LIMIT 50`,
        params,
      }),
    ]);
    const none: Figures = {
      turns: 0,
      unhelped_turns: 0,
      known_turns: 0,
      users: 0,
      p50_ms: null,
      p95_ms: null,
      cost_nano_usd: 0,
      unpriced_turns: 0,
    };
    const of = (isThis: boolean): Figures => {
      const row = both.find((one) => Boolean(Number(one['is_now'])) === isThis);
      return row
        ? figures.parse(
            Object.fromEntries(Object.keys(none).map((name) => [name, row[name] === null ? null : Number(row[name])])),
          )
        : none;
    };
    const [now, before] = [of(true), of(false)];
    return {
      since: isoTime(since),
      until: isoTime(until),
      sentence: sentenceOf(now, before, span),
      now,
      before,
      minutes: minutes.map(withIsoTimes),
      services,
    };
  },
});
