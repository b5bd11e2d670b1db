import { type EventRecord, tokensIn, USAGE_BUCKETS } from '@telltale/contracts';
import { type PriceBook, pricedCallOf, tierOf } from '@telltale/domain-pricing';
import { ok, type BatchContext, type Step } from '@telltale/streaming';
import { type EnrichingEvent } from '../types';

/** Where conventions put the tier a call was served at; what was served counts before what was asked for. */
const TIER_NAMES = [
  'openai.response.service_tier',
  'gen_ai.openai.response.service_tier',
  'gen_ai.response.service_tier',
  'usage.service_tier',
  'service_tier',
  'openai.request.service_tier',
  'gen_ai.openai.request.service_tier',
] as const;

function tierNameOf(event: EventRecord): string {
  const said = TIER_NAMES.map((name) => event.attributes[name]).find((value) => value) ?? '';
  const tier = tierOf(said);
  // A tier nobody knows stays as it was said: its price is unknown, and people see why.
  return tier === 'standard' ? '' : (tier ?? said.slice(0, 40));
}

/** Puts a price on calls of a model. Only on those: an agent or a turn repeats the usage of the calls inside it. */
export function createPriceStep(
  priceBook: PriceBook,
  onGap: (gap: string) => void = () => undefined,
): Step<EnrichingEvent, EnrichingEvent, BatchContext> {
  return function price(draft) {
    const { event, at } = draft;
    if (event.kind !== 'llm' && event.kind !== 'embedding') return ok(draft);
    event.service_tier ||= tierNameOf(event);
    const found = priceBook.priceOf(pricedCallOf(event, at));
    if (found) {
      event.cost_nano_usd = found.costNanoUsd;
      event.price_version = found.version;
    } else onGap(tokensIn(event, USAGE_BUCKETS) === null ? 'without_usage' : 'without_price');
    return ok(draft);
  };
}
