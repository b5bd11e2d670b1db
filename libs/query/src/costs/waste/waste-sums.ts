import { DAY_MS } from '@telltale/kernel';
import { type Select } from '../../define/definition';
import { type Period } from '../../define/params';
import { filterBy, within } from '../../define/where';

/** What waste is summed by: columns of the table. A finding is a rule, in a service, with a model, for an intent. */
export const WASTE_GROUPINGS = {
  finding: ['rule', 'service_name', 'model', 'intent'],
  rule: ['rule'],
  service: ['service_name'],
  model: ['model'],
  intent: ['intent'],
  hour: ['hour'],
} as const;
export type WasteGrouping = keyof typeof WASTE_GROUPINGS;

export interface WasteFilters {
  readonly rule?: string | undefined;
  readonly service?: string | undefined;
  readonly model?: string | undefined;
  readonly intent?: string | undefined;
}

const MAX_EVIDENCE = 5;
/** Turns of a group among which evidence is looked for. */
const MAX_LOOKED_AT = 10_000;

const SUMS = `sum(turns) AS n_turns, sum(calls) AS n_calls, sum(unpriced_calls) AS n_unpriced, sum(nano_lost) AS lost, sum(nano_avoidable) AS avoidable`;
const FROM = (where: string): string =>
  `telltale.waste FINAL WHERE ${where} AND first_minute >= toStartOfMinute(fromUnixTimestamp64Milli({since:Int64}, 'UTC')) AND calls > 0`;

const whereOf = ({ rule, service, model, intent }: WasteFilters, period: Period) =>
  within(filterBy({ rule, service_name: service, model, intent }), 'ts', period);

/** Waste of a period by group, what lost most first, with the turns that lost most; `null`: all of it, one row. */
export function wasteSums(by: WasteGrouping | null, filters: WasteFilters, period: Period, limit: number): Select {
  const { where, params } = whereOf(filters, period);
  if (by === null) return { sql: `SELECT ${SUMS} FROM ${FROM(where)}`, params };
  const columns = WASTE_GROUPINGS[by].join(', ');
  return {
    sql: `SELECT ${columns}, ${SUMS},
      arrayMap(one -> one.2, arraySlice(arraySort(one -> (-one.1, one.2), groupArray(${MAX_LOOKED_AT})((nano_lost, turn_id))), 1, ${MAX_EVIDENCE})) AS evidence,
      argMax(detail, (nano_lost, turn_id)) AS shown_detail, argMax(span_ids, (nano_lost, turn_id)) AS shown_spans
      FROM ${FROM(where)} GROUP BY ${columns} ORDER BY ${by === 'hour' ? '' : 'lost DESC, n_turns DESC, '}${columns} LIMIT {limit:UInt32}`,
    params: { ...params, limit },
  };
}

const MAX_PROMPT = 300_000;
/** The prompts of two calls as they are stored. */
export function promptsOf(spans: readonly string[], { since, until }: Period): Select {
  const [a = '', b = ''] = spans;
  return {
    sql: `SELECT span_id, substring(input, 1, ${MAX_PROMPT}) AS prompt FROM telltale.events
      WHERE tenant = {tenant:String} AND span_id IN ({a:String}, {b:String}) AND kind = 'llm'
        AND ts >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND ts < fromUnixTimestamp64Milli({to:Int64}, 'UTC') LIMIT 4`,
    params: { a, b, from: since - DAY_MS, to: until + DAY_MS },
  };
}
