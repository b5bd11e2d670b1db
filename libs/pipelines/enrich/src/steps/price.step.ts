import { BILLED_COST, type EventRecord, tokensIn, USAGE_BUCKETS } from '@telltale/contracts';
import {
  billedPrice,
  type PriceBook,
  pricedCallOf,
  tierOf,
  toolCost,
  type ToolPrice,
  toolPriceVersion,
} from '@telltale/domain-pricing';
import { adding, ok } from '@telltale/streaming';
import { type TenantRules } from '../settings';
import { type EnrichStep, type Normalized, type Priced, type Redacted, type UnitsKnown, type UsageKnown } from '../types';

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

/** Sets the cost of a call of a model: what was charged, where that is known, else its price. Answers why it has none, or ''. `at`: ms since the epoch. */
function setModelCost(event: EventRecord, at: number, prices: PriceBook): Priced['priceGap'] {
  event.service_tier ||= tierNameOf(event);
  const found = billedPrice(event.attributes[BILLED_COST]) ?? prices.priceOf(pricedCallOf(event, at));
  if (!found) return tokensIn(event, USAGE_BUCKETS) === null ? 'without_usage' : 'without_price';
  event.cost_nano_usd = found.costNanoUsd;
  event.price_version = found.version;
  return '';
}

/** Sets the cost of a call of a tool that its tenant pays for. The version tells one whose cost is unknown from one that nobody pays for. */
function setToolCost(event: EventRecord, units: number | null, prices: ReadonlyMap<string, ToolPrice>): Priced['priceGap'] {
  const price = prices.get(event.tool_name);
  if (!price) return '';
  event.cost_nano_usd = toolCost(price, units);
  event.price_version = toolPriceVersion(price);
  return event.cost_nano_usd === null ? 'without_units' : '';
}

/** Puts a price on calls of models and tools. Only on calls: an agent or a turn repeats the usage of the calls inside it. */
export function createPriceStep({
  priceBookOf,
  toolPricesOf,
}: Pick<TenantRules, 'priceBookOf' | 'toolPricesOf'>): EnrichStep<Normalized & UsageKnown & UnitsKnown & Redacted, Priced> {
  function setCost({ event, draft, units }: Normalized & UnitsKnown & Redacted): Priced['priceGap'] {
    switch (event.kind) {
      case 'llm':
      case 'embedding':
        return setModelCost(event, draft.at, priceBookOf(event.tenant));
      case 'tool':
        return setToolCost(event, units, toolPricesOf(event.tenant));
      default:
        return '';
    }
  }
  return function price(item, { effects }) {
    const priceGap = setCost(item);
    if (priceGap !== '') effects.count(`calls_${priceGap}`);
    return ok(adding(item, { priceGap }));
  };
}
