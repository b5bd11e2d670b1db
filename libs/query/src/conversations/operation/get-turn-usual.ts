import { DAY_MS } from '@telltale/kernel';
import { z } from 'zod';
import { ApiError } from '../../define/api-error';
import { named } from '../../define/definition';
import { defineQuery } from '../../define/define-query';
import { text, wholeNumberIn } from '../../define/params';
import { count } from '../../define/row-fields';
import { numberOf, type Row, textOf } from '../../define/row-values';
import { LIKENESS } from './likeness';

/** Kinds of operations of a turn that are looked at, and the latest operations of its service among which those are counted. */
const MAX_ALIKE = 200;
const MAX_LOOKED_AT = 50_000;
const USUAL_DAYS = 7;
const MAX_DAYS = 60;
/** Too few to say what is usual. */
const LEAST_CALLS = 20;

const quantilesOf = (row: Row): readonly [number, number, number] => {
  const [p50 = 0, p95 = 0, p99 = 0] = (row['quantiles'] as readonly (number | string)[]).map(Number);
  return [p50, p95, p99];
};

export const getTurnUsual = defineQuery({
  name: 'getTurnUsual',
  about: 'How long operations like those of a turn usually take, and how often they fail: from the days before it, in the same service.',
  tag: 'conversations',
  scope: 'read',
  path: '/api/turns/{id}/usual',
  params: {
    id: text('turn_id of the turn: its trace id'),
    days: wholeNumberIn(1, MAX_DAYS, 'Days before it').default(USUAL_DAYS),
  },
  example: { id: 'T1' },
  missing: 'there is no turn of this id',
  answer: named(
    'GetTurnUsualAnswer',
    z.object({
      turn_id: z.string(),
      days: count,
      usual: z
        .array(
          z.object({
            kind: z.string(),
            of: z.string().describe('Name of the tool, else of the model, else of the operation'),
            calls: count,
            failed: count,
            p50: z.number().describe('Duration in ms of those that worked'),
            p95: z.number(),
            p99: z.number(),
          }),
        )
        .describe(`By what the operations of the turn call, at most ${MAX_ALIKE}; the latest ${MAX_LOOKED_AT} operations are looked at. Fewer than ${LEAST_CALLS} calls say nothing, and are left out`),
    }),
  ),
  limits: { maxRows: MAX_ALIKE },
  run: async ({ id, days }, { rowsOf }) => {
    const own = await rowsOf({
      sql: `SELECT kind, ${LIKENESS} AS of, any(service_name) AS service, toUnixTimestamp64Milli(min(ts)) AS at FROM telltale.events_core
        WHERE tenant = {tenant:String} AND trace_id = {id:String} GROUP BY kind, of ORDER BY count() DESC, kind, of LIMIT ${MAX_ALIKE}`,
      params: { id },
    });
    const [first] = own;
    if (!first) throw new ApiError('not_found', 'there is no turn of this id', { fix: 'GET /api/turns lists them' });
    const at = Math.min(...own.map((row) => numberOf(row, 'at')));
    const found = await rowsOf({
      sql: `SELECT kind, of, count() AS calls, countIf(status = 'error') AS failed, quantilesIf(0.5, 0.95, 0.99)(ifNull(duration_ms, 0), status != 'error' AND isNotNull(duration_ms)) AS quantiles,
          countIf(status != 'error' AND isNotNull(duration_ms)) AS timed
        FROM (SELECT kind, ${LIKENESS} AS of, status, duration_ms FROM telltale.events_core WHERE tenant = {tenant:String} AND service_name = {service:String} AND kind IN {kinds:Array(String)}
          AND ts >= fromUnixTimestamp64Milli({since:Int64}, 'UTC') AND ts < fromUnixTimestamp64Milli({at:Int64}, 'UTC') ORDER BY toStartOfMinute(ts) DESC LIMIT ${MAX_LOOKED_AT})
        WHERE of IN {names:Array(String)} GROUP BY kind, of HAVING timed >= ${LEAST_CALLS} LIMIT ${MAX_ALIKE}`,
      params: {
        service: textOf(first, 'service'),
        kinds: [...new Set(own.map((row) => textOf(row, 'kind')))],
        names: [...new Set(own.map((row) => textOf(row, 'of')))],
        since: at - days * DAY_MS,
        at,
      },
    });
    const usual = found.map((row) => {
      const [p50, p95, p99] = quantilesOf(row);
      return { kind: textOf(row, 'kind'), of: textOf(row, 'of'), calls: numberOf(row, 'calls'), failed: numberOf(row, 'failed'), p50, p95, p99 };
    });
    return { turn_id: id, days, usual };
  },
}); // prettier-ignore
