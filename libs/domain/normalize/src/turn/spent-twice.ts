import { type EventRecord } from '@telltale/contracts';
import { ESTIMATED_SPENDER, type TurnFacts } from './turn-facts';

const sum = (...counts: readonly (number | null)[]): string => String(counts.reduce<number>((all, one) => all + (one ?? 0), 0));

/**
 * Takes tokens and cost from a call of a model that has such a call right beneath it: two instrumentations saw one request, and the inner
 * one is the request. What it told is kept as attributes; what was estimated for it is not, and what it told is not taken for an estimate.
 * Answers whether it did.
 */
export function withoutRepeatedUsage(event: EventRecord, facts: TurnFacts): boolean {
  if (event.kind !== 'llm') return false;
  const { span_id: span, usage_estimated: isEstimated } = event;
  if (!facts.spenders.includes(span) && !(isEstimated && facts.spenders.includes(ESTIMATED_SPENDER + span))) return false;
  if (!isEstimated) keepTotals(event);
  const buckets = Object.keys(event).filter((name) => name.startsWith('usage_') && name !== 'usage_estimated');
  const nothing = Object.fromEntries(buckets.map((name) => [name, null]));
  Object.assign(event, nothing, { usage_estimated: false, cost_nano: null, price_version: '' });
  return true;
}

function keepTotals(event: EventRecord): void {
  event.attributes['rollup.usage.input_tokens'] = sum(
    event.usage_input_uncached,
    event.usage_cache_read,
    event.usage_cache_write,
  );
  event.attributes['rollup.usage.output_tokens'] = sum(event.usage_output, event.usage_reasoning);
}
