import { INPUT_BUCKETS, OUTPUT_BUCKETS } from '@telltale/contracts';
import { type StoredDay } from '@telltale/domain-cost';
import { type RowsOf } from '../../define/definition';
import { WEIGHTED_COST } from '../weighted-cost';

const TOKENS = [...INPUT_BUCKETS, ...OUTPUT_BUCKETS].map((name) => `ifNull(${name}, 0)`).join(' + ');
const MAX_ROWS = 50_000;

/** Calls of models by day, provider and model, from the day before `from` until before `to`; days are of UTC. */
export async function readStoredDays(rowsOf: RowsOf, from: string, to: string): Promise<StoredDay[]> {
  const rows = await rowsOf({
    sql: `SELECT toString(toDate(ts, 'UTC')) AS day, provider, if(response_model != '', response_model, request_model) AS model,
        sum(sampling_weight) AS n_calls, sum(${WEIGHTED_COST}) AS recorded, sum(c.delta) AS corrected,
        sumIf(${WEIGHTED_COST} + c.delta, usage_estimated) AS estimated,
        sumIf(sampling_weight, cost_nano_usd IS NULL AND c.times = 0) AS n_unpriced, sumIf((${TOKENS}) * sampling_weight, cost_nano_usd IS NULL AND c.times = 0) AS unpriced_tokens,
        sumIf(${WEIGHTED_COST} + c.delta, toHour(ts, 'UTC') = 23) AS border
      FROM telltale.events AS e
      LEFT JOIN (SELECT event_id, count() AS times, argMax(delta_nano_usd, corrected_at) AS delta FROM telltale.cost_corrections
        WHERE tenant = {tenant:String} AND hour >= toDateTime(toDate({from:String}) - 1, 'UTC') AND hour < toDateTime(toDate({to:String}), 'UTC') GROUP BY event_id) AS c ON c.event_id = e.id
      WHERE e.tenant = {tenant:String} AND e.kind IN ('llm', 'embedding') AND e.ts >= toDateTime64(toDate({from:String}) - 1, 3, 'UTC') AND e.ts < toDateTime64(toDate({to:String}), 3, 'UTC')
      GROUP BY day, provider, model ORDER BY day, provider, model LIMIT ${MAX_ROWS}`,
    params: { from, to },
  });
  return rows.map((row) => ({
    day: String(row['day']),
    provider: String(row['provider']),
    model: String(row['model']),
    calls: Number(row['n_calls']),
    recordedNano: Number(row['recorded']),
    correctedNano: Number(row['corrected']),
    estimatedNano: Number(row['estimated']),
    unpricedCalls: Number(row['n_unpriced']),
    unpricedTokens: Number(row['unpriced_tokens']),
    borderNano: Number(row['border']),
  }));
}
