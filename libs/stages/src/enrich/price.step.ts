import { type PriceBook } from '@telltale/domain-pricing';
import { ok, type RangeContext, type Step } from '@telltale/engine';
import { type Draft } from './flow';

/** Puts a price on calls of a model. Only on those: an agent or a turn repeats the usage of the calls inside it. */
export function createPriceStep(priceBook: PriceBook): Step<Draft, Draft, RangeContext> {
  return function price(draft) {
    const { event, at } = draft;
    if (event.kind !== 'llm' && event.kind !== 'embedding') return ok(draft);
    const found = priceBook.priceOf({
      provider: event.provider,
      requestModel: event.request_model,
      responseModel: event.response_model,
      at,
      inputUncached: event.usage_input_uncached,
      cacheRead: event.usage_cache_read,
      cacheWrite: event.usage_cache_write,
      output: event.usage_output,
      reasoning: event.usage_reasoning,
    });
    if (found) {
      event.cost_nano = found.costNano;
      event.price_version = found.version;
    }
    return ok(draft);
  };
}
