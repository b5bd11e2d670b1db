import { type EventRecord } from '@telltale/contracts';
import { type TurnFacts } from './turn-facts';

const sum = (...counts: readonly (number | null)[]): string => String(counts.reduce<number>((all, one) => all + (one ?? 0), 0));

/**
 * Takes tokens and cost from a call of a model that has such a call right beneath it: two instrumentations saw one request, and the inner
 * one is the request. What it told is kept as attributes. Answers whether it did.
 */
export function withoutRepeatedUsage(event: EventRecord, facts: TurnFacts): boolean {
  if (event.kind !== 'llm' || !facts.spenders.includes(event.span_id)) return false;
  event.attributes['rollup.usage.input_tokens'] = sum(
    event.usage_input_uncached,
    event.usage_cache_read,
    event.usage_cache_write,
  );
  event.attributes['rollup.usage.output_tokens'] = sum(event.usage_output, event.usage_reasoning);
  const buckets = Object.keys(event).filter((name) => name.startsWith('usage_'));
  Object.assign(event, Object.fromEntries(buckets.map((name) => [name, null])), { cost_nano: null, price_version: '' });
  return true;
}
