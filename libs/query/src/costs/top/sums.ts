import { type Select } from '../../define/definition';
import { type Period } from '../../define/params';
import { filterBy, SINCE_FIRST_MINUTE, within } from '../../define/where';
import { WEIGHTED_COST } from '../weighted-cost';
import { type Grouping } from './grouping';

export interface Chosen {
  readonly service?: string | undefined;
  readonly environment?: string | undefined;
}

const filters = ({ service, environment }: Chosen) => filterBy({ service_name: service, deployment_environment: environment });

const SUMS = `sum(calls) AS n_calls, sum(unpriced_calls) AS n_unpriced, sum(cost_nano_usd) AS nano, sum(estimated_cost_nano_usd) AS estimated_nano,
  sum(input_tokens) AS n_input, sum(output_tokens) AS n_output, sum(cache_read_tokens) AS n_cache_read`;

/** Spend of a period by the value of a grouping, the most expensive first; `null`: all of it, one row. */
export function spendSums(grouping: Grouping | null, chosen: Chosen, period: Period, limit: number): Select {
  const { where, params } = within(filters(chosen), "toDateTime64(hour, 3, 'UTC')", period);
  return {
    sql: `SELECT ${grouping?.inSpend ?? "''"} AS value, ${SUMS} FROM telltale.spend_corrected WHERE ${where} GROUP BY value ORDER BY nano DESC, value LIMIT {limit:UInt32}`,
    params: { ...params, limit },
  };
}

/** Corrections of the calls of each turn, the newest of each call; they are weighted. */
const CORRECTED = `LEFT JOIN (
  SELECT trace_id, sum(delta) AS delta_nano, sum(newly) AS newly_priced
  FROM (SELECT trace_id, event_id, argMax(delta_nano_usd, corrected_at) AS delta, argMax(unpriced_calls_delta, corrected_at) AS newly
    FROM telltale.cost_corrections WHERE tenant = {tenant:String} AND trace_id != '' AND hour >= toStartOfHour(fromUnixTimestamp64Milli({since:Int64}, 'UTC'))
    GROUP BY trace_id, event_id)
  GROUP BY trace_id) AS c ON c.trace_id = t.trace_id`;

const turnsIn = (chosen: Chosen, period: Period, columns: string) => {
  const { where, params } = within(filters(chosen), 'ts', period);
  return {
    from: `(SELECT ${columns} FROM telltale.turns ${SINCE_FIRST_MINUTE} WHERE ${where})`,
    params,
  };
};

/** Turns, sessions and answered turns of a period by the value of a grouping; `null`: all of them, one row. */
export function turnCounts(grouping: Grouping | null, chosen: Chosen, period: Period, values: readonly string[] | null): Select {
  const { from, params } = turnsIn(chosen, period, `${grouping?.inTurns ?? "''"} AS value, sampling_weight, session_id, outcome`);
  const bound = Object.fromEntries((values ?? []).map((value, i) => [`v${i}`, value]));
  const among =
    values === null ? '' : `WHERE value IN (${['NULL', ...Object.keys(bound).map((name) => `{${name}:String}`)].join(', ')})`;
  return {
    sql: `SELECT value, sum(sampling_weight) AS n_turns, uniqExactIf(session_id, session_id != '') AS n_sessions, sumIf(sampling_weight, outcome = 'answered') AS n_answered
      FROM ${from} ${among} GROUP BY value`,
    params: { ...params, ...bound, name: grouping?.name ?? '' },
  };
}

/** The same with what the turns cost, with their corrections: for what only turns know. */
export function turnSums(grouping: Grouping, chosen: Chosen, period: Period, limit: number): Select {
  const columns = `${grouping.inTurns} AS value, trace_id, sampling_weight, session_id, outcome, cost_nano_usd, unpriced_calls, calls, usage_cache_read,
    ifNull(usage_input_uncached, 0) + ifNull(usage_cache_read, 0) + ifNull(usage_cache_write, 0) + ifNull(usage_cache_write_1h, 0) + ifNull(usage_input_audio, 0) + ifNull(usage_input_image, 0) AS input,
    ifNull(usage_output, 0) + ifNull(usage_reasoning, 0) + ifNull(usage_output_audio, 0) + ifNull(usage_output_image, 0) AS output`;
  const { from, params } = turnsIn(chosen, period, columns);
  return {
    sql: `SELECT value, sum(sampling_weight) AS n_turns, uniqExactIf(session_id, session_id != '') AS n_sessions, sumIf(sampling_weight, outcome = 'answered') AS n_answered,
        round(sum((calls['llm'] + calls['embedding']) * sampling_weight)) AS n_calls, greatest(0, round(sum(t.unpriced_calls * sampling_weight)) + sum(c.newly_priced)) AS n_unpriced,
        sum(${WEIGHTED_COST} + c.delta_nano) AS nano,
        round(sum(input * sampling_weight)) AS n_input, round(sum(output * sampling_weight)) AS n_output, round(sum(ifNull(usage_cache_read, 0) * sampling_weight)) AS n_cache_read
      FROM ${from} AS t ${CORRECTED} GROUP BY value ORDER BY nano DESC, value LIMIT {limit:UInt32}`,
    params: { ...params, name: grouping.name, limit },
  };
}
