import {
  calcPrice,
  type ModelInfo,
  type ModelPrice,
  type PriceCalculation,
  type TieredPrices,
  type Usage,
} from '@pydantic/genai-prices';
import { MINUTE_MS, DAY_MS } from '@telltale/kernel';
import { type ServiceTier, tierFactor } from './service-tier';

/** The table a cost comes from; a test holds it to the version that is installed. */
export const PRICE_VERSION = 'genai-prices/0.1.8';

/** Tokens in disjoint buckets, as an event has them. */
export interface PricedCall {
  readonly provider: string;
  readonly requestModel: string;
  readonly responseModel: string;
  /** When it was made, ms since the epoch: prices change. */
  readonly at: number;
  readonly inputUncached: number | null;
  readonly cacheRead: number | null;
  readonly cacheWrite: number | null;
  readonly output: number | null;
  readonly reasoning: number | null;
  /** Written to a cache for an hour. */
  readonly cacheWrite1h?: number | null;
  readonly inputAudio?: number | null;
  readonly inputImage?: number | null;
  readonly outputAudio?: number | null;
  readonly outputImage?: number | null;
  /** Standard when not said; null when a tier was said that nobody knows. */
  readonly tier?: ServiceTier | null;
}

export interface Price {
  readonly costNanoUsd: number;
  readonly version: string;
}

export interface PriceBook {
  /** Null when the model, its price or its usage is unknown: never 0 for want of knowing. */
  priceOf(call: PricedCall): Price | null;
}

/** Names OpenTelemetry gives providers that the table calls otherwise. */
const PROVIDERS: Readonly<Record<string, string>> = {
  'gcp.gen_ai': 'google',
  'gcp.gemini': 'google',
  'gcp.vertex_ai': 'google',
  'azure.ai.openai': 'azure',
  'azure.ai.inference': 'azure',
  'aws.bedrock': 'aws',
  'aws-bedrock': 'aws',
  bedrock: 'aws',
  gemini: 'google',
  vertex_ai: 'google',
  google_genai: 'google',
  google_vertexai: 'google',
  azure_openai: 'azure',
  xai: 'x-ai',
  x_ai: 'x-ai',
  mistral_ai: 'mistral',
  moonshot_ai: 'moonshotai',
};

/** Nano-dollars a token: a price is in dollars a million tokens. */
const NANO = 1_000;
const MAX_REMEMBERED = 5_000;

type Amount = number | TieredPrices | undefined;
const SIMPLE: ReadonlySet<string> = new Set([
  'input_mtok', 'output_mtok', 'cache_read_mtok', 'cache_write_mtok', 'cache_write_1h_mtok',
  'input_audio_mtok', 'input_image_mtok', 'output_audio_mtok', 'output_image_mtok',
]); // prettier-ignore
/** Units our usage never has; their prices multiply nothing. */
const UNUSED =
  /^(?:input|output|cache)_(?:audio|image|video|annotated_document|document|text|citation)|_searches_kcount$|^audio_hours$/;

/** Prices of one model at one time, in the form the hot path needs; `whole` when only the library can do it. */
interface Tariff {
  readonly input: Amount;
  readonly output: Amount;
  readonly cacheRead: Amount;
  readonly cacheWrite: Amount;
  readonly cacheWrite1h: Amount;
  readonly inputAudio: Amount;
  readonly inputImage: Amount;
  readonly outputAudio: Amount;
  readonly outputImage: Amount;
  readonly whole: boolean;
}

function tariffOf(price: ModelPrice): Tariff {
  return {
    input: price['input_mtok'],
    output: price['output_mtok'],
    cacheRead: price['cache_read_mtok'],
    cacheWrite: price['cache_write_mtok'],
    cacheWrite1h: price['cache_write_1h_mtok'],
    inputAudio: price['input_audio_mtok'],
    inputImage: price['input_image_mtok'],
    outputAudio: price['output_audio_mtok'],
    outputImage: price['output_image_mtok'],
    whole: Object.keys(price).some((key) => !SIMPLE.has(key) && !UNUSED.test(key)),
  };
}

/** A tier counts for the whole call, by its whole input. What has no price is no number: it must not make tokens free. */
function rate(amount: Amount, inputTotal: number): number {
  if (amount === undefined) return NaN;
  if (typeof amount === 'number') return amount;
  let price = amount.base;
  for (const tier of amount.tiers) if (inputTotal > tier.start) price = tier.price;
  return price;
}

const asDate = (at: number): Date => new Date(at);

/** How long a price found at one time may be used for others. */
function spanOf(model: ModelInfo): number {
  if (!Array.isArray(model.prices)) return Infinity;
  return model.prices.some(({ constraint }) => constraint?.type === 'time_of_date') ? MINUTE_MS : DAY_MS;
}

const canonical = (provider: string): string => PROVIDERS[provider] ?? provider;

function factorOf({ provider, tier = 'standard' }: PricedCall, model: string): number | null {
  return tier && tierFactor(canonical(provider), tier, model.toLowerCase());
}

/** Whole input and whole output: a tier is of the whole call. */
function totalsOf(call: PricedCall): { readonly input: number; readonly output: number } {
  const sum = (...parts: readonly (number | null | undefined)[]): number =>
    parts.reduce<number>((all, one) => all + (one ?? 0), 0);
  return {
    input: sum(call.inputUncached, call.inputAudio, call.inputImage, call.cacheRead, call.cacheWrite, call.cacheWrite1h),
    output: sum(call.output, call.reasoning, call.outputAudio, call.outputImage),
  };
}

type Ask = (usage: Usage, provider: string, model: string, at: number) => PriceCalculation | null;

/** A tariff with units beyond tokens: the library knows best. */
function wholeCost(ask: Ask, call: PricedCall, model: string, factor: number): number | null {
  const { input, output } = totalsOf(call);
  const usage: Usage = {
    input_tokens: input,
    cache_read_tokens: call.cacheRead ?? 0,
    cache_write_tokens: (call.cacheWrite ?? 0) + (call.cacheWrite1h ?? 0),
    output_tokens: output,
    output_reasoning_tokens: call.reasoning ?? 0,
  };
  const found = ask(usage, call.provider, model, call.at);
  return found && Math.round(found.total_price * factor * 1e9);
}

/** A model that left its preview costs what the preview did, until a table lists it under its own name. */
const namesOf = (model: string): readonly string[] => (model.endsWith('-preview') ? [model] : [model, `${model}-preview`]);

interface Known {
  /** Null when the table does not know the model. */
  readonly spanMs: number;
  readonly tariffs: Map<number, Tariff>;
}

/** Prices by @pydantic/genai-prices. Its search for the model is remembered, which is what it costs; the sum is made here. */
export function createPriceBook(): PriceBook {
  const known = new Map<string, Known | null>();

  const ask: Ask = (usage, provider, model, at) => {
    for (const name of namesOf(model)) {
      const found = calcPrice(usage, name, { timestamp: asDate(at), ...(provider ? { providerId: canonical(provider) } : {}) });
      if (found) return found;
    }
    return null;
  };

  function tariff(provider: string, model: string, at: number): Tariff | null {
    const key = `${provider}\u0000${model}`;
    let entry = known.get(key);
    if (entry === undefined) {
      if (known.size >= MAX_REMEMBERED) known.clear();
      const found = ask({}, provider, model, at);
      entry = found && { spanMs: spanOf(found.model), tariffs: new Map() };
      known.set(key, entry);
    }
    if (!entry) return null;
    const slot = entry.spanMs === Infinity ? 0 : Math.floor(at / entry.spanMs);
    let prices = entry.tariffs.get(slot);
    if (!prices) {
      const found = ask({}, provider, model, at);
      if (!found) return null;
      if (entry.tariffs.size >= MAX_REMEMBERED) entry.tariffs.clear();
      prices = tariffOf(found.model_price);
      entry.tariffs.set(slot, prices);
    }
    return prices;
  }

  /** Of every bucket its tokens and what one of them costs; without a price of their own, parts cost what their whole costs. */
  function costOf(call: PricedCall, model: string): number | null {
    const factor = factorOf(call, model);
    const prices = factor === null ? null : tariff(call.provider, model, call.at);
    if (factor === null || !prices) return null;
    if (prices.whole) return wholeCost(ask, call, model, factor);
    if (prices.input === undefined && prices.output === undefined) return null;
    const { input } = totalsOf(call);
    const of = (tokens: number | null | undefined, ...amounts: Amount[]): number =>
      tokens
        ? tokens *
          rate(
            amounts.find((amount) => amount !== undefined),
            input,
          )
        : 0;
    const cost =
      of(call.inputUncached, prices.input) +
      of(call.inputAudio, prices.inputAudio, prices.input) +
      of(call.inputImage, prices.inputImage, prices.input) +
      of(call.cacheRead, prices.cacheRead, prices.input) +
      of(call.cacheWrite, prices.cacheWrite, prices.input) +
      of(call.cacheWrite1h, prices.cacheWrite1h, prices.cacheWrite, prices.input) +
      of((call.output ?? 0) + (call.reasoning ?? 0), prices.output) +
      of(call.outputAudio, prices.outputAudio, prices.output) +
      of(call.outputImage, prices.outputImage, prices.output);
    return Math.round(cost * factor * NANO);
  }

  return {
    priceOf(call) {
      if (call.inputUncached === null && call.output === null) return null;
      for (const model of call.responseModel === call.requestModel
        ? [call.responseModel]
        : [call.responseModel, call.requestModel]) {
        const costNanoUsd = model ? costOf(call, model) : null;
        if (costNanoUsd !== null && Number.isSafeInteger(costNanoUsd)) return { costNanoUsd, version: PRICE_VERSION };
      }
      return null;
    },
  };
}
