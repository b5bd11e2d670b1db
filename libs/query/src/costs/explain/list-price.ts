import { type ByToken, PRICED_TOKENS, type PricedTokens } from '@telltale/domain-cost';
import { type PriceBook, type PricedCall } from '@telltale/domain-pricing';

/** Below the size where models become more expensive, and enough for nano-dollars without fractions. */
const TOKENS = 100_000;
const BUCKETS = {
  input: 'inputUncached',
  cache_read: 'cacheRead',
  cache_write: 'cacheWrite',
  output: 'output',
} as const satisfies Record<PricedTokens, keyof PricedCall>;

/** Nano-dollars a token of a model at a time, ms since the epoch, in the standard tier; null where no price is known. */
export function createListPrices(priceOf: PriceBook['priceOf']): (provider: string, model: string, at: number) => ByToken | null {
  const known = new Map<string, ByToken | null>();

  function read(provider: string, model: string, at: number): ByToken | null {
    const call: PricedCall = {
      provider,
      requestModel: model,
      responseModel: model,
      at,
      inputUncached: 0,
      cacheRead: 0,
      cacheWrite: 0,
      output: 0,
      reasoning: 0,
    };
    const of = (name: PricedTokens): number => (priceOf({ ...call, [BUCKETS[name]]: TOKENS })?.costNanoUsd ?? NaN) / TOKENS;
    const prices = Object.fromEntries(PRICED_TOKENS.map((name) => [name, of(name)])) as Record<PricedTokens, number>;
    if (Number.isNaN(prices.input)) return null;
    // A model that writes no cache, or has no output, has no price for it.
    for (const name of PRICED_TOKENS) if (Number.isNaN(prices[name])) prices[name] = prices.input;
    return prices;
  }

  return (provider, model, at) => {
    if (model === '') return null;
    const key = JSON.stringify([provider, model, at]);
    const found = known.get(key);
    if (found !== undefined) return found;
    const prices = read(provider, model, at);
    known.set(key, prices);
    return prices;
  };
}
