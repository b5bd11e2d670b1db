import { OUTPUT_BUCKETS } from '@telltale/contracts';
import { type HourOfCalls } from '@telltale/domain-cost';
import { type RowsOf } from '../../define/definition';
import { type Period } from '../../define/params';
import { filterBy, within } from '../../define/where';
import { WEIGHTED_COST } from '../weighted-cost';

const MAX_ROWS = 100_000;
const sumOf = (...names: string[]): string => names.map((name) => `ifNull(${name}, 0)`).join(' + ');
const INPUT = sumOf('usage_input_uncached', 'usage_input_audio', 'usage_input_image');
const CACHE_WRITE = sumOf('usage_cache_write', 'usage_cache_write_1h');
const OUTPUT = sumOf(...OUTPUT_BUCKETS);
/** Some models are more expensive beyond so many input tokens: calls on either side are not averaged together. */
const LONG = 200_000;
const MODEL = "if(response_model != '', response_model, request_model)";

export interface Affected {
  readonly service?: string | undefined;
  readonly model?: string | undefined;
}

const scopeOf = ({ service, model }: Affected, period: Period) => {
  const { where, params } = within(filterBy({ service_name: service }), 'ts', period);
  const ofModel = model === undefined ? '' : ` AND ${MODEL} = {model:String}`;
  return { where: `${where} AND kind = 'llm'${ofModel}`, params: { ...params, ...(model === undefined ? {} : { model }) } };
};

/** Priced calls of models by hour. `cap`: most output tokens of a call, null for no cap. */
export async function readHours(rowsOf: RowsOf, affected: Affected, period: Period, cap: number | null): Promise<HourOfCalls[]> {
  const { where, params } = scopeOf(affected, period);
  const rows = await rowsOf({
    sql: `SELECT toString(toStartOfHour(toDateTime(ts, 'UTC')), 'UTC') AS hour, provider, ${MODEL} AS model_name, service_tier AS tier, ${INPUT} + ifNull(usage_cache_read, 0) + ${CACHE_WRITE} > ${LONG} AS is_long,
        sum(sampling_weight) AS n_calls, sum(${WEIGHTED_COST}) AS nano, sum((${INPUT}) * sampling_weight) AS n_input,
        sum(ifNull(usage_cache_read, 0) * sampling_weight) AS n_cache_read, sum((${CACHE_WRITE}) * sampling_weight) AS n_cache_write,
        sum((${OUTPUT}) * sampling_weight) AS n_output, sum(least(${OUTPUT}, {cap:UInt64}) * sampling_weight) AS n_capped
      FROM telltale.events_core WHERE ${where} AND cost_nano_usd IS NOT NULL GROUP BY hour, provider, model_name, tier, is_long ORDER BY nano DESC LIMIT ${MAX_ROWS}`,
    params: { ...params, cap: cap ?? Number.MAX_SAFE_INTEGER },
  });
  return rows.map((row) => ({
    hour: `${String(row['hour']).replace(' ', 'T')}Z`,
    provider: String(row['provider']),
    model: String(row['model_name']),
    tier: String(row['tier']),
    calls: Number(row['n_calls']),
    nano: Number(row['nano']),
    tokens: {
      input: Number(row['n_input']),
      cache_read: Number(row['n_cache_read']),
      cache_write: Number(row['n_cache_write']),
      output: Number(row['n_output']),
    },
    cappedOutput: Number(row['n_capped']),
  }));
}

/** How fast a model answered, of calls whose duration is known. */
export interface ModelSpeed {
  readonly provider: string;
  readonly model: string;
  readonly calls: number;
  readonly outputTokens: { readonly mean: number; readonly p95: number };
  readonly firstTokenMs: number;
  /** After the first token. */
  readonly msPerToken: { readonly p10: number; readonly p50: number; readonly p90: number };
}

/** Speeds of every model that answered in the period, those of other services too: they tell how fast a model is. */
export async function readSpeeds(rowsOf: RowsOf, period: Period): Promise<ModelSpeed[]> {
  const { where, params } = scopeOf({}, period);
  const perToken = `(duration_ms - ifNull(time_to_first_token_ms, 0)) / greatest(1, ${OUTPUT})`;
  const rows = await rowsOf({
    sql: `SELECT provider, ${MODEL} AS model_name, count() AS n_calls, avg(${OUTPUT}) AS mean_output, quantile(0.95)(${OUTPUT}) AS p95_output,
        ifNull(quantile(0.5)(time_to_first_token_ms), 0) AS first_token, quantiles(0.1, 0.5, 0.9)(${perToken}) AS per_token
      FROM telltale.events_core WHERE ${where} AND status != 'error' AND duration_ms > 0 AND ${OUTPUT} > 0 GROUP BY provider, model_name ORDER BY n_calls DESC LIMIT 1000`,
    params,
  });
  return rows.map((row) => {
    const [p10 = 0, p50 = 0, p90 = 0] = (row['per_token'] as unknown[]).map(Number);
    return {
      provider: String(row['provider']),
      model: String(row['model_name']),
      calls: Number(row['n_calls']),
      outputTokens: { mean: Number(row['mean_output']), p95: Number(row['p95_output']) },
      firstTokenMs: Number(row['first_token']),
      msPerToken: { p10, p50, p90 },
    };
  });
}
