import { DAY_MS } from '@telltale/kernel';
import { z } from 'zod';
import { ApiError } from '../../define/api-error';
import { named, type RowsOf } from '../../define/definition';
import { defineQuery } from '../../define/define-query';
import { withIsoTimes } from '../../define/iso-times';
import { text, wholeNumberIn } from '../../define/params';
import { count, isoTime } from '../../define/row-fields';
import { numberOf, type Row, textOf } from '../../define/row-values';
import { likenessOf, MODEL } from './likeness';
import { operationOf } from './operation-of';

/** The latest calls of the same, which the table is read from its end for, by minute. */
const MAX_CALLS = 10_000;
const MAX_WORKED = 5;
const USUAL_DAYS = 7;
const MAX_DAYS = 60;

/** What is measured of a call, and how a statement reads it. */
const MEASURES = {
  duration_ms: 'duration_ms',
  time_to_first_token_ms: 'time_to_first_token_ms',
  input_tokens: 'usage_input_uncached + ifNull(usage_cache_read, 0) + ifNull(usage_cache_write, 0)',
  output_tokens: 'usage_output + ifNull(usage_reasoning, 0)',
  cost_nano_usd: 'cost_nano_usd',
} as const;
const MEASURE_NAMES = Object.keys(MEASURES) as (keyof typeof MEASURES)[];

const share = z.number().min(0).max(1);
const measure = named(
  'UsualMeasure',
  z.object({
    name: z.enum(Object.keys(MEASURES) as [keyof typeof MEASURES, ...(keyof typeof MEASURES)[]]),
    value: z.number().describe('Of this operation'),
    calls: count.describe('Of those that worked, the ones that it is known of'),
    p50: z.number(),
    p95: z.number(),
    p99: z.number(),
    less: share.describe('Part of them with less'),
    more: share.describe('Part of them with more'),
  }),
);

const measureColumns = MEASURE_NAMES.flatMap((name) => [
  `countIf(status != 'error' AND isNotNull(${name}_)) AS ${name}_calls`,
  `quantilesExactIf(0.5, 0.95, 0.99)(ifNull(${name}_, 0), status != 'error' AND isNotNull(${name}_)) AS ${name}_quantiles`,
  `countIf(status != 'error' AND ${name}_ < {${name}:Float64}) AS ${name}_less`,
  `countIf(status != 'error' AND ${name}_ > {${name}:Float64}) AS ${name}_more`,
]).join(', ');

function measuresOf(operation: Row, sums: Row) {
  return MEASURE_NAMES.flatMap((name) => {
    const calls = numberOf(sums, `${name}_calls`);
    if (calls === 0 || operation[name] === null || operation[name] === undefined) return [];
    const [p50 = 0, p95 = 0, p99 = 0] = (sums[`${name}_quantiles`] as readonly (number | string)[]).map(Number);
    const [less, more] = [numberOf(sums, `${name}_less`) / calls, numberOf(sums, `${name}_more`) / calls];
    return [{ name, value: numberOf(operation, name), calls, p50, p95, p99, less, more }];
  });
}

async function findOperation(id: string, turn: string | undefined, rowsOf: RowsOf): Promise<Row> {
  const measured = MEASURE_NAMES.map((name) => `${MEASURES[name]} AS ${name}`).join(', ');
  const [operation] = await rowsOf({
    sql: `SELECT id, kind, name, tool_name, ${MODEL} AS model, service_name, trace_id, toUnixTimestamp64Milli(ts) AS at, status, error_type, ${measured} FROM telltale.events_core WHERE ${operationOf(turn)} LIMIT 1`,
    params: { id, ...(turn !== undefined && { turn }) },
  });
  if (!operation) throw new ApiError('not_found', 'there is no operation of this id', { fix: 'GET /api/operations lists them' });
  return operation;
}

export const getUsual = defineQuery({
  name: 'getUsual',
  about:
    'How one operation stands among the calls of the same tool or model in the days before it: percentiles of time, tokens and cost, how often they fail, and calls that worked.',
  tag: 'conversations',
  scope: 'read',
  path: '/api/operations/{id}/usual',
  params: {
    id: text('id of the operation'),
    turn: text('Trace id of its turn: with it the operation is found much faster').optional(),
    days: wholeNumberIn(1, MAX_DAYS, 'Days before it').default(USUAL_DAYS),
  },
  example: { id: 'op-1' },
  missing: 'there is no operation of this id',
  answer: named(
    'GetUsualAnswer',
    z.object({
      id: z.string(),
      by: z.enum(['tool', 'model', 'name']).describe('What the others have in common with it, beside service and kind'),
      value: z.string(),
      days: count,
      calls: count.describe(`Of the others; the latest ${MAX_CALLS} are looked at`),
      since: isoTime.nullable().describe('The first of them; null where there is none'),
      failed: count.describe('Of the others'),
      failed_alike: count.describe('Of those, with the error_type of this one'),
      measures: z.array(measure),
      worked: z
        .array(z.object({ id: z.string(), turn_id: z.string(), ts: isoTime }))
        .describe(`The latest calls of other turns that worked, at most ${MAX_WORKED}`),
    }),
  ),
  run: async ({ id, turn, days }, { rowsOf }) => {
    const operation = await findOperation(id, turn, rowsOf);
    const { by, column, value } = likenessOf(operation);
    const at = numberOf(operation, 'at');
    const alike = `FROM telltale.events_core WHERE tenant = {tenant:String} AND ts >= fromUnixTimestamp64Milli({since:Int64}, 'UTC') AND ts <= fromUnixTimestamp64Milli({at:Int64}, 'UTC')
      AND service_name = {service:String} AND kind = {kind:String} AND ${column} = {value:String} AND id != {id:String}`;
    const latest = 'ORDER BY toStartOfMinute(ts) DESC';
    const params = { id, since: at - days * DAY_MS, at, service: textOf(operation, 'service_name'), kind: textOf(operation, 'kind'), value };
    const own = Object.fromEntries(MEASURE_NAMES.map((name) => [name, numberOf(operation, name)]));
    const measured = MEASURE_NAMES.map((name) => `${MEASURES[name]} AS ${name}_`).join(', ');
    const [sums = {}] = await rowsOf({
      sql: `SELECT count() AS calls, min(ts) AS since_at, countIf(status = 'error') AS failed, countIf(status = 'error' AND error_type = {error:String}) AS failed_alike, ${measureColumns}
        FROM (SELECT ts, status, error_type, ${measured} ${alike} ${latest} LIMIT ${MAX_CALLS})`,
      params: { ...params, ...own, error: textOf(operation, 'error_type') },
    });
    const worked = await rowsOf({
      sql: `SELECT id, trace_id AS turn_id, ts ${alike} AND status != 'error' AND trace_id != {turn:String} ${latest} LIMIT ${MAX_WORKED}`,
      params: { ...params, turn: textOf(operation, 'trace_id') },
    });
    const calls = numberOf(sums, 'calls');
    return {
      id,
      by,
      value,
      days,
      calls,
      since: calls === 0 ? null : withIsoTimes(sums)['since_at'],
      failed: numberOf(sums, 'failed'),
      failed_alike: operation['status'] === 'error' ? numberOf(sums, 'failed_alike') : 0,
      measures: measuresOf(operation, sums),
      worked: worked.map(withIsoTimes),
    };
  },
}); // prettier-ignore
