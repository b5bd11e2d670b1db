import { type BudgetDimension } from '@telltale/contracts';
import {
  type Budget,
  type BudgetSums,
  isBySpend,
  KEPT_DAYS,
  NO_SUMS,
  type SpanSum,
  SPEND_FIELDS,
  type SpendDimension,
} from '@telltale/domain-cost';
import { DAY_MS, HOUR_MS, windowStart } from '@telltale/kernel';
import { type Select } from '../../define/definition'; // prettier-ignore

type Row = Readonly<Record<string, unknown>>;
import { WEIGHTED_COST } from '../weighted-cost';
type Columns = Readonly<Record<BudgetDimension, string>>;

/** What a budget by user, agent, region or release counts is asked of the events, for no sum has these. */
const OF_EVENTS: Columns = {
  ...SPEND_FIELDS,
  model: "if(response_model != '', response_model, request_model)",
  tool: "if(kind = 'tool', tool_name, '')",
  prompt: "if(prompt_name != '' AND prompt_version != '', concat(prompt_name, '@', prompt_version), prompt_name)",
  user: 'user_id',
  agent: 'agent_name',
  region: 'region',
  release: 'release',
};
const SINCE = "fromUnixTimestamp64Milli({since:Int64}, 'UTC')";
const EVENTS = (
  columns: string,
  where: string,
): string => `(SELECT ${columns} AS value, toStartOfHour(toDateTime(e.ts, 'UTC')) AS at,
    ${WEIGHTED_COST} + c.delta_nano AS nano, sampling_weight AS n_calls, if(cost_nano_usd IS NULL, sampling_weight, 0) + c.newly_priced AS n_unpriced
  FROM (SELECT * FROM telltale.events WHERE tenant = {tenant:String} AND ts >= ${SINCE} AND (kind IN ('llm', 'embedding') OR (kind = 'tool' AND price_version != '')) AND ${where}) AS e
  LEFT JOIN (SELECT event_id, argMax(delta_nano_usd, corrected_at) AS delta_nano, argMax(unpriced_calls_delta, corrected_at) AS newly_priced
    FROM telltale.cost_corrections WHERE tenant = {tenant:String} AND hour >= toStartOfHour(${SINCE}) GROUP BY event_id) AS c ON c.event_id = e.id)`;
const SPEND = (
  columns: string,
  where: string,
): string => `(SELECT ${columns} AS value, hour AS at, cost_nano_usd AS nano, calls AS n_calls, unpriced_calls AS n_unpriced
  FROM telltale.spend_corrected WHERE tenant = {tenant:String} AND hour >= toDateTime(${SINCE}) AND ${where})`;

function sourceOf(budget: Budget): { readonly from: string; readonly params: Readonly<Record<string, string>> } {
  const isOfSpend = isBySpend(budget);
  const { where = {}, each } = budget.value;
  const column = (name: string): string =>
    isOfSpend ? SPEND_FIELDS[name as SpendDimension] : OF_EVENTS[name as BudgetDimension];
  const given = Object.entries(where);
  const filter = ['1', ...given.map(([name], i) => `${column(name)} = {w${i}:String}`)].join(' AND ');
  return {
    from: (isOfSpend ? SPEND : EVENTS)(each === undefined ? "''" : column(each), filter),
    params: Object.fromEntries(given.map(([, value], i) => [`w${i}`, value])),
  };
}

/** When the sums begin that a budget's status rests on. */
const firstDay = (now: number): number => windowStart(now, DAY_MS) - KEPT_DAYS * DAY_MS;

/** The values of a budget that spent most since `from`. */
export function topValues(budget: Budget, from: number, limit: number): Select {
  const { from: source, params } = sourceOf(budget);
  return {
    sql: `SELECT value, sum(nano) AS total FROM ${source} GROUP BY value ORDER BY total DESC, value LIMIT {limit:UInt32}`,
    params: { ...params, since: from, limit },
  };
}

/** Spend of these values by day, and by hour of the last day. */
export function sumsByTime(budget: Budget, values: readonly string[], now: number): Select {
  const { from, params } = sourceOf(budget);
  const names = values.map((_, i) => `{v${i}:String}`).join(', ');
  const recent = windowStart(now, HOUR_MS) - DAY_MS;
  return {
    sql: `SELECT value, span, start, sum(nano) AS total, round(sum(n_calls)) AS total_calls, greatest(0, round(sum(n_unpriced))) AS total_unpriced
      FROM (SELECT value, nano, n_calls, n_unpriced, arrayJoin(if(toUnixTimestamp(at) * 1000 >= {recent:Int64}, ['day', 'hour'], ['day'])) AS span,
        toUnixTimestamp(if(span = 'day', toStartOfDay(at), at)) * 1000 AS start FROM ${from} WHERE value IN (${names}))
      GROUP BY value, span, start ORDER BY value, start`,
    params: { ...params, ...Object.fromEntries(values.map((value, i) => [`v${i}`, value])), since: firstDay(now), recent },
  };
}

/** The rows of `sumsByTime` as the sums that budgets are judged by. */
export function sumsOf(rows: readonly Row[]): Map<string, BudgetSums> {
  const sums = new Map<string, { days: SpanSum[]; hours: SpanSum[]; fives: [] }>();
  for (const row of rows) {
    const value = String(row['value']);
    const of = sums.get(value) ?? { ...NO_SUMS, days: [], hours: [], fives: [] };
    const span: SpanSum = [Number(row['start']), Number(row['total']), Number(row['total_calls']), Number(row['total_unpriced'])];
    (row['span'] === 'day' ? of.days : of.hours).push(span);
    sums.set(value, of);
  }
  return sums;
}

/** Nano-dollars an hour over the last whole hours and the one that runs: the table knows no shorter time. */
export function presentRate({ hours }: BudgetSums, windowMs: number, now: number): number {
  const from = windowStart(now, HOUR_MS) - windowMs;
  const nano = hours.reduce((total, [at, spent]) => (at >= from ? total + spent : total), 0);
  return (nano / (now - from)) * HOUR_MS;
}
