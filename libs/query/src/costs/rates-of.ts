import { type ModelPrices, type PriceBook, type PricedCall } from '@telltale/domain-pricing';
import { z } from 'zod';
import { named } from '../define/definition';

const usd = z.number().nonnegative().nullable();
export const ratesAnswer = named(
  'Rates',
  z.object({
    input: usd,
    output: usd,
    cache_read: usd,
    cache_write: usd,
    cache_write_1h: usd,
  }),
);
type Rates = z.infer<typeof ratesAnswer>;

export const pricesAnswer = named(
  'Prices',
  z.object({
    version: z.string().describe('As events have it in price_version'),
    usd_per_million: ratesAnswer.describe('Dollars per million tokens; null: unknown'),
    usd_per_million_at_300k: ratesAnswer.describe('The same of a call with 300,000 input tokens'),
  }),
);
export type PricesAnswer = z.infer<typeof pricesAnswer>;

/** Of a call of so many tokens the cost in nano-dollars is the price in dollars per million, times a million. */
const TOKENS = 1_000;
const LARGE = 300_000;

export interface Asked {
  readonly provider: string;
  readonly model: string;
  readonly at: number;
}

const BUCKETS = {
  input: 'inputUncached',
  output: 'output',
  cache_read: 'cacheRead',
  cache_write: 'cacheWrite',
  cache_write_1h: 'cacheWrite1h',
} as const satisfies Readonly<Record<keyof Rates, keyof PricedCall>>;

function callOf({ provider, model, at }: Asked, inputTokens: number): PricedCall {
  return { provider, requestModel: model, responseModel: '', at, inputUncached: inputTokens, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0, output: 0, reasoning: null };
} // prettier-ignore

function ratesAt(book: PriceBook, asked: Asked, inputTokens: number): Rates {
  const plain = callOf(asked, inputTokens);
  const base = book.priceOf(plain)?.costNanoUsd;
  const rateOf = (name: keyof Rates): number | null => {
    const bucket = BUCKETS[name];
    const cost = book.priceOf({ ...plain, [bucket]: Number(plain[bucket] ?? 0) + TOKENS })?.costNanoUsd;
    return cost === undefined || base === undefined ? null : (cost - base) / (TOKENS * 1_000);
  };
  return { input: rateOf('input'), output: rateOf('output'), cache_read: rateOf('cache_read'), cache_write: rateOf('cache_write'), cache_write_1h: rateOf('cache_write_1h') };
} // prettier-ignore

/** What a book charges for a model; null where it has no price. */
export function pricesOf(book: PriceBook, asked: Asked): PricesAnswer | null {
  const found = book.priceOf(callOf(asked, TOKENS));
  if (!found) return null;
  return {
    version: found.version,
    usd_per_million: ratesAt(book, asked, 0),
    usd_per_million_at_300k: ratesAt(book, asked, LARGE),
  };
}

export const askedOf = ({ provider, model }: Pick<ModelPrices, 'provider' | 'model'>, at: number): Asked => ({
  provider,
  model,
  at,
});
