import { type EventRecord, tokensIn, USAGE_BUCKETS } from '@telltale/contracts';
import { type PriceBook, pricedCallOf, tierOf } from '@telltale/domain-pricing';
import { adding, ok } from '@telltale/streaming';
import { type EnrichStep, type Normalized, type Priced, type Redacted, type UsageKnown } from '../types';

/** Where conventions put the tier a call was served at; what was served counts before what was requested. */
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
  const name = TIER_NAMES.map((attribute) => event.attributes[attribute]).find((value) => value) ?? '';
  const tier = tierOf(name);
  // A tier nobody knows stays as it was written: its price is unknown, and people see why.
  return tier === 'standard' ? '' : (tier ?? name.slice(0, 40));
}

type PriceBookOf = (tenant: string) => PriceBook;

/** Sets the cost of a call of a model; answers why it has none, or ''. `at`: ms since the epoch. */
function setCost(event: EventRecord, at: number, priceBookOf: PriceBookOf): Priced['priceGap'] {
  // Only of calls: an agent or a turn repeats the usage of the calls inside it.
  if (event.kind !== 'llm' && event.kind !== 'embedding') return '';
  event.service_tier ||= tierNameOf(event);
  const found = priceBookOf(event.tenant).priceOf(pricedCallOf(event, at));
  if (!found) return tokensIn(event, USAGE_BUCKETS) === null ? 'without_usage' : 'without_price';
  event.cost_nano_usd = found.costNanoUsd;
  event.price_version = found.version;
  return '';
}

/** Puts a price on calls of a model. */
export function createPriceStep(priceBookOf: PriceBookOf): EnrichStep<Normalized & UsageKnown & Redacted, Priced> {
  return function price(item, { effects }) {
    const priceGap = setCost(item.event, item.draft.at, priceBookOf);
    if (priceGap !== '') effects.count(`calls_${priceGap}`);
    return ok(adding(item, { priceGap }));
  };
}
