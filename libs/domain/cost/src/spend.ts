import {
  type CostRecord,
  type EventRecord,
  INPUT_BUCKETS,
  OUTPUT_BUCKETS,
  tokensIn,
  type UsageBucket,
} from '@telltale/contracts';
import { HOUR_MS, isoTime, windowStart } from '@telltale/kernel';

/** The fields of an event that its cost depends on. */
export type Spender = Pick<
  EventRecord,
  | 'tenant'
  | 'kind'
  | 'ts'
  | 'service_name'
  | 'provider'
  | 'request_model'
  | 'response_model'
  | 'tool_name'
  | 'cost_nano_usd'
  | 'price_version'
  | 'sampling_weight'
  | 'backfill'
> & { readonly [bucket in UsageBucket]?: number | null | undefined };

export type Spend = Omit<CostRecord, 'watermark' | 'correction' | 'newly_priced_calls'>;

const MODELS: ReadonlySet<string> = new Set(['llm', 'embedding']);
/**
 * Calls of models are paid for, and those of tools whose tenant set a price; turns and agents include the cost of their calls and would count it
 * twice.
 */
export const isPaid = ({ kind, price_version: version }: Pick<EventRecord, 'kind' | 'price_version'>): boolean =>
  MODELS.has(kind) || (kind === 'tool' && version !== '');

const keyOf = (s: Spend): string =>
  JSON.stringify([s.tenant, s.hour, s.service_name, s.provider, s.model, s.tool_name ?? '', s.kind, s.backfill]);

/** The spend of one event, multiplied by its sampling weight. */
export function spendOf(event: Spender): Spend {
  const { sampling_weight: weight, cost_nano_usd: cost } = event;
  const input = tokensIn(event, INPUT_BUCKETS) ?? 0;
  const output = tokensIn(event, OUTPUT_BUCKETS) ?? 0;
  return {
    tenant: event.tenant,
    hour: isoTime(windowStart(Date.parse(event.ts), HOUR_MS)),
    service_name: event.service_name,
    provider: event.provider,
    model: event.response_model || event.request_model,
    tool_name: MODELS.has(event.kind) ? '' : event.tool_name,
    kind: event.kind,
    calls: weight,
    unpriced_calls: cost === null ? weight : 0,
    cost_nano_usd: (cost ?? 0) * weight,
    input_tokens: input * weight,
    output_tokens: output * weight,
    backfill: event.backfill,
  };
}

/** Sums by hour and dimensions, in order of first occurrence. Integers only: tables and money have no fractions. */
export function sumSpend(spends: Iterable<Spend>): Spend[] {
  const sums = new Map<string, Spend>();
  for (const spend of spends) {
    const key = keyOf(spend);
    const sum = sums.get(key);
    sums.set(
      key,
      sum
        ? {
            ...sum,
            calls: sum.calls + spend.calls,
            unpriced_calls: sum.unpriced_calls + spend.unpriced_calls,
            cost_nano_usd: sum.cost_nano_usd + spend.cost_nano_usd,
            input_tokens: sum.input_tokens + spend.input_tokens,
            output_tokens: sum.output_tokens + spend.output_tokens,
          }
        : spend,
    );
  }
  return [...sums.values()].map((sum) => ({
    ...sum,
    calls: Math.round(sum.calls),
    unpriced_calls: Math.round(sum.unpriced_calls),
    cost_nano_usd: Math.round(sum.cost_nano_usd),
    input_tokens: Math.round(sum.input_tokens),
    output_tokens: Math.round(sum.output_tokens),
  }));
}
