import { type EventRecord, INPUT_BUCKETS, OUTPUT_BUCKETS, tokensIn, USAGE_BUCKETS } from '@telltale/contracts';
import { ESTIMATED_SPENDER, type TurnFacts } from './turn-facts';

/**
 * Takes tokens and cost from a call of a model that has such a call right beneath it: two instrumentations saw one request, and the inner
 * one is the request. What it reported is kept as attributes; what was estimated for it is not, and what it reported is not taken for an estimate.
 * Answers whether it did.
 */
export function withoutRepeatedUsage(event: EventRecord, facts: TurnFacts): boolean {
  if (event.kind !== 'llm') return false;
  const { span_id: span, usage_estimated: isEstimated } = event;
  if (!facts.usageReporters.includes(span) && !(isEstimated && facts.usageReporters.includes(ESTIMATED_SPENDER + span)))
    return false;
  if (!isEstimated) keepTotals(event);
  const nothing = Object.fromEntries(USAGE_BUCKETS.map((name) => [name, null]));
  Object.assign(event, nothing, { usage_estimated: false, cost_nano_usd: null, price_version: '' });
  return true;
}

function keepTotals(event: EventRecord): void {
  event.attributes['rollup.usage.input_tokens'] = String(tokensIn(event, INPUT_BUCKETS) ?? 0);
  event.attributes['rollup.usage.output_tokens'] = String(tokensIn(event, OUTPUT_BUCKETS) ?? 0);
}
