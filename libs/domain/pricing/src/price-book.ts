import { calcPrice, type ModelInfo, type ModelPrice, type PriceCalculation, type Usage } from '@pydantic/genai-prices';
import { MINUTE_MS, DAY_MS } from '@telltale/kernel';
import { asFamilyCache, familyCacheRates } from './cache-factors';
import { type Amount, withLongContext } from './long-context';
import { type Place, placesOf } from './provider-names';
import { RATE_NAMES, sumOf, type TokenRates, totalsOf } from './rates';
import { type ServiceTier, tierFactor } from './service-tier';

/** The price table in use; a test compares it with the installed version. */
export const PRICE_VERSION = 'genai-prices/0.1.8';

/** Tokens in disjoint buckets, as in an event. */
export interface PricedCall {
  readonly provider: string;
  readonly requestModel: string;
  readonly responseModel: string;
  /** Time of the call, ms since the epoch: prices change. */
  readonly at: number;
  readonly inputUncached: number | null;
  readonly cacheRead: number | null;
  readonly cacheWrite: number | null;
  readonly output: number | null;
  readonly reasoning: number | null;
  /** Written to a one-hour cache. */
  readonly cacheWrite1h?: number | null;
  readonly inputAudio?: number | null;
  readonly inputImage?: number | null;
  readonly outputAudio?: number | null;
  readonly outputImage?: number | null;
  /** Standard when absent; null when the call names an unknown tier. */
  readonly tier?: ServiceTier | null;
}

export interface Price {
  readonly costNanoUsd: number;
  /** Where the price comes from, and what was done to it. */
  readonly version: string;
  /** What it costs without the discount that is taken off, where there is one. */
  readonly listNanoUsd?: number;
}

export interface PriceBook {
  /** Null when the model, its price or its usage is unknown; an unknown cost is never 0. */
  priceOf(call: PricedCall): Price | null;
}

const MAX_REMEMBERED = 5_000;

const SIMPLE: ReadonlySet<string> = new Set([
  'input_mtok', 'output_mtok', 'cache_read_mtok', 'cache_write_mtok', 'cache_write_1h_mtok',
  'input_audio_mtok', 'input_image_mtok', 'output_audio_mtok', 'output_image_mtok',
]); // prettier-ignore
/** Units that our usage does not have; their prices have no effect. */
const UNUSED =
  /^(?:input|output|cache)_(?:audio|image|video|annotated_document|document|text|citation)|_searches_kcount$|^audio_hours$/;

/** Prices of one model at one time, in the form for the hot path; `whole` when only the library can compute the cost. */
interface Tariff {
  readonly amounts: Readonly<Record<keyof TokenRates, Amount>>;
  /** The same, where no price depends on the size of the call. */
  readonly flat: TokenRates | null;
  readonly whole: boolean;
}

function tariffOf(price: ModelPrice, provider: string, model: string): Tariff {
  const amount = withLongContext(provider, model);
  const amounts = {
    input: amount(price['input_mtok'], 'input'),
    output: amount(price['output_mtok'], 'output'),
    cache_read: amount(price['cache_read_mtok'], 'input'),
    cache_write: amount(price['cache_write_mtok'], 'input'),
    cache_write_1h: amount(price['cache_write_1h_mtok'], 'input'),
    input_audio: amount(price['input_audio_mtok'], 'input'),
    input_image: amount(price['input_image_mtok'], 'input'),
    output_audio: amount(price['output_audio_mtok'], 'output'),
    output_image: amount(price['output_image_mtok'], 'output'),
  };
  const isFlat = Object.values(amounts).every((one) => typeof one !== 'object');
  return {
    amounts,
    flat: isFlat ? (amounts as TokenRates) : null,
    whole: Object.keys(price).some((key) => !SIMPLE.has(key) && !UNUSED.test(key)),
  };
}

/** The tier of the whole call, selected by its total input. */
function rateAt(amount: Amount, inputTotal: number): number | undefined {
  if (typeof amount !== 'object') return amount;
  let price = amount.base;
  for (const tier of amount.tiers) if (inputTotal > tier.start) price = tier.price;
  return price;
}

function ratesAt({ amounts, flat }: Tariff, inputTotal: number): TokenRates {
  if (flat) return flat;
  const rates: { -readonly [rate in keyof TokenRates]: number | undefined } = {};
  for (const name of RATE_NAMES) rates[name] = rateAt(amounts[name], inputTotal);
  return rates;
}

const asDate = (at: number): Date => new Date(at);

/** How long prices of a model can be cached; Infinity when they never change. */
function spanOf(model: ModelInfo): number {
  if (!Array.isArray(model.prices)) return Infinity;
  return model.prices.some(({ constraint }) => constraint?.type === 'time_of_date') ? MINUTE_MS : DAY_MS;
}

type Ask = (usage: Usage, [provider, model]: Place, at: number) => PriceCalculation | null;

/** Computes the cost in the library, for a tariff with units other than tokens. */
function wholeCost(ask: Ask, call: PricedCall, place: Place, factor: number): number | null {
  const { input, output } = totalsOf(call);
  const usage: Usage = {
    input_tokens: input,
    cache_read_tokens: call.cacheRead ?? 0,
    cache_write_tokens: (call.cacheWrite ?? 0) + (call.cacheWrite1h ?? 0),
    output_tokens: output,
    output_reasoning_tokens: call.reasoning ?? 0,
  };
  const found = ask(usage, place, call.at);
  return found && Math.round(found.total_price * factor * 1e9);
}

const priceOf = (costNanoUsd: number | null, version: string): Price | null =>
  costNanoUsd !== null && Number.isSafeInteger(costNanoUsd) ? { costNanoUsd, version } : null;

/** A model without an entry costs what its `-preview` costs, until the table lists it. */
const namesOf = (model: string): readonly string[] => [model, `${model}-preview`];

const ask: Ask = (usage, [provider, model], at) => {
  for (const name of namesOf(model)) {
    const found = calcPrice(usage, name, { timestamp: asDate(at), ...(provider ? { providerId: provider } : {}) });
    if (found) return found;
  }
  return null;
};

/** A model that the table lists. */
interface Known {
  readonly place: Place;
  /** By the table. */
  readonly provider: string;
  readonly spanMs: number;
  readonly tariffs: Map<number, Tariff>;
}

function findKnown(provider: string, model: string, at: number): Known | null {
  for (const place of placesOf(provider, model)) {
    const found = ask({}, place, at);
    if (found) return { place, provider: found.provider.id, spanMs: spanOf(found.model), tariffs: new Map() };
  }
  return null;
}

function tariffAt({ place, provider, spanMs, tariffs }: Known, at: number): Tariff | null {
  const slot = Math.floor(at / spanMs);
  const known = tariffs.get(slot);
  if (known) return known;
  const found = ask({}, place, at);
  if (!found) return null;
  if (tariffs.size >= MAX_REMEMBERED) tariffs.clear();
  const tariff = tariffOf(found.model_price, provider, place[1]);
  tariffs.set(slot, tariff);
  return tariff;
}

/** Sums tokens times price over all buckets; a bucket without its own price costs what its family says, else what its parent bucket costs. */
function costOf(call: PricedCall, known: Known): Price | null {
  const { place, provider } = known;
  const name = place[1].toLowerCase();
  const factor = call.tier === null ? null : tierFactor(provider, call.tier ?? 'standard', name);
  const prices = tariffAt(known, call.at);
  if (factor === null || !prices) return null;
  if (prices.whole) return priceOf(wholeCost(ask, call, place, factor), PRICE_VERSION);
  const rates = ratesAt(prices, totalsOf(call).input);
  if (rates.input === undefined && rates.output === undefined) return null;
  const family = familyCacheRates(call, rates, provider, name);
  const cost = Math.round(sumOf(call, family ?? rates) * factor);
  return priceOf(cost, family ? asFamilyCache(PRICE_VERSION) : PRICE_VERSION);
}

/** Prices of @pydantic/genai-prices. Its slow model lookup is cached; the sum over buckets is computed here. */
export function createPriceBook(): PriceBook {
  const remembered = new Map<string, Known | null>();

  function knownOf(provider: string, model: string, at: number): Known | null {
    const key = `${provider}\u0000${model}`;
    const known = remembered.get(key);
    if (known !== undefined) return known;
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    const found = findKnown(provider, model, at);
    remembered.set(key, found);
    return found;
  }

  return {
    priceOf(call) {
      if (call.inputUncached === null && call.output === null) return null;
      for (const model of [call.responseModel, call.requestModel]) {
        const known = model ? knownOf(call.provider, model, call.at) : null;
        const price = known && costOf(call, known);
        if (price) return price;
      }
      return null;
    },
  };
}
