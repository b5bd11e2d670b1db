import {
  type EventRecord,
  INPUT_BUCKETS,
  OUTPUT_BUCKETS,
  type ParsedCostRecord,
  promptVersionOf,
  tokensIn,
  type UsageBucket,
} from '@telltale/contracts';
import { HOUR_MS, isoTime, MINUTE_MS, windowStart } from '@telltale/kernel';

/** The fields of an event that its cost depends on. */
export type Spender = Pick<
  EventRecord,
  | 'tenant'
  | 'kind'
  | 'ts'
  | 'service_name'
  | 'service_version'
  | 'deployment_environment'
  | 'provider'
  | 'request_model'
  | 'response_model'
  | 'tool_name'
  | 'prompt_name'
  | 'prompt_version'
  | 'usage_estimated'
  | 'cost_nano_usd'
  | 'price_version'
  | 'sampling_weight'
  | 'backfill'
> & { readonly [bucket in UsageBucket]?: number | null | undefined };

export type Spend = Readonly<Omit<ParsedCostRecord, 'watermark' | 'correction' | 'newly_priced_calls'>>;

/** Dimensions of spend, in the order of the table's key. */
const DIMENSIONS = [
  'tenant', 'hour', 'service_name', 'provider', 'model', 'kind', 'backfill', 'tool_name', 'deployment_environment', 'service_version', 'prompt_version',
] as const satisfies readonly (keyof Spend)[]; // prettier-ignore

/** What is summed. */
export const EMPTY_SPEND = {
  calls: 0,
  unpriced_calls: 0,
  cost_nano_usd: 0,
  input_tokens: 0,
  output_tokens: 0,
  cache_read_tokens: 0,
  cache_write_tokens: 0,
  reasoning_tokens: 0,
  estimated_calls: 0,
  estimated_cost_nano_usd: 0,
} as const satisfies Omit<Spend, (typeof DIMENSIONS)[number] | 'cost_by_5_minutes'>;
type Summed = keyof typeof EMPTY_SPEND;
const SUMMED = Object.keys(EMPTY_SPEND) as Summed[];

const MODELS: ReadonlySet<string> = new Set(['llm', 'embedding']);
/**
 * Calls of models are paid for, and those of tools whose tenant set a price; turns and agents include the cost of their calls and would count it
 * twice.
 */
export const isPaid = ({ kind, price_version: version }: Pick<EventRecord, 'kind' | 'price_version'>): boolean =>
  MODELS.has(kind) || (kind === 'tool' && version !== '');

/** Cost of one event and those it represents, nano-dollars: rounded here and nowhere after, so that sums are exact. */
export const weightedCost = (costNanoUsd: number, weight: number): number => Math.round(costNanoUsd * weight);

export const FIVE_MINUTES_MS = 5 * MINUTE_MS;
const PARTS_OF_HOUR = HOUR_MS / FIVE_MINUTES_MS;

/** The cost of a call under the five minutes of its hour in which it started. */
const byFiveMinutes = (at: number, nano: number): number[] => {
  const part = Math.floor((at - windowStart(at, HOUR_MS)) / FIVE_MINUTES_MS);
  return Array.from({ length: PARTS_OF_HOUR }, (_, i) => (i === part ? nano : 0));
};
/** Empty stands for no cost at all. */
const addedTo = (sum: readonly number[], more: readonly number[]): number[] =>
  more.length === 0 ? [...sum] : more.map((nano, i) => nano + (sum[i] ?? 0));

/** The spend of one event, multiplied by its sampling weight. */
export function spendOf(event: Spender): Spend {
  const { sampling_weight: weight, cost_nano_usd: cost, usage_estimated: estimated } = event;
  const weighted = (tokens: number | null | undefined): number => (tokens ?? 0) * weight;
  const nano = cost === null ? 0 : weightedCost(cost, weight);
  const at = Date.parse(event.ts);
  return {
    tenant: event.tenant,
    hour: isoTime(windowStart(at, HOUR_MS)),
    service_name: event.service_name,
    provider: event.provider,
    model: event.response_model || event.request_model,
    tool_name: MODELS.has(event.kind) ? '' : event.tool_name,
    kind: event.kind,
    deployment_environment: event.deployment_environment,
    service_version: event.service_version,
    prompt_version: promptVersionOf(event),
    calls: weight,
    unpriced_calls: cost === null ? weight : 0,
    cost_nano_usd: nano,
    input_tokens: weighted(tokensIn(event, INPUT_BUCKETS)),
    output_tokens: weighted(tokensIn(event, OUTPUT_BUCKETS)),
    cache_read_tokens: weighted(event.usage_cache_read),
    cache_write_tokens: weighted(event.usage_cache_write) + weighted(event.usage_cache_write_1h),
    reasoning_tokens: weighted(event.usage_reasoning),
    estimated_calls: estimated ? weight : 0,
    estimated_cost_nano_usd: estimated ? nano : 0,
    cost_by_5_minutes: event.backfill || nano === 0 ? [] : byFiveMinutes(at, nano),
    backfill: event.backfill,
  };
}

const keyOf = (spend: Spend): string => JSON.stringify(DIMENSIONS.map((name) => spend[name]));

/** Sums by hour and dimensions, in order of first occurrence. Integers only: tables and money have no fractions. */
export function sumSpend(spends: Iterable<Spend>): Spend[] {
  const sums = new Map<string, Spend & { -readonly [name in Summed]: number } & { cost_by_5_minutes: number[] }>();
  for (const spend of spends) {
    const key = keyOf(spend);
    const sum = sums.get(key);
    if (sum) {
      for (const name of SUMMED) sum[name] += spend[name];
      sum.cost_by_5_minutes = addedTo(sum.cost_by_5_minutes, spend.cost_by_5_minutes);
    } else sums.set(key, { ...spend });
  }
  for (const sum of sums.values()) for (const name of SUMMED) sum[name] = Math.round(sum[name]);
  return [...sums.values()];
}
