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
  readonly version: string;
}

export interface PriceBook {
  /** Null when the model, its price or its usage is unknown; an unknown cost is never 0. */
  priceOf(call: PricedCall): Price | null;
}

/** OpenTelemetry's provider names that differ from those of the table. */
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

/** Nano-dollars per token, for a price in dollars per million tokens. */
const NANO = 1_000;
const MAX_REMEMBERED = 5_000;

type Amount = number | TieredPrices | undefined;
const SIMPLE: ReadonlySet<string> = new Set([
  'input_mtok', 'output_mtok', 'cache_read_mtok', 'cache_write_mtok', 'cache_write_1h_mtok',
  'input_audio_mtok', 'input_image_mtok', 'output_audio_mtok', 'output_image_mtok',
]); // prettier-ignore
/** Units that our usage does not have; their prices have no effect. */
const UNUSED =
  /^(?:input|output|cache)_(?:audio|image|video|annotated_document|document|text|citation)|_searches_kcount$|^audio_hours$/;

/** Prices of one model at one time, in the form for the hot path; `whole` when only the library can compute the cost. */
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

/** The tier of the whole call, selected by its total input. NaN without a price, so that such tokens are not free. */
function rate(amount: Amount, inputTotal: number): number {
  if (amount === undefined) return NaN;
  if (typeof amount === 'number') return amount;
  let price = amount.base;
  for (const tier of amount.tiers) if (inputTotal > tier.start) price = tier.price;
  return price;
}

const asDate = (at: number): Date => new Date(at);

/** How long prices of a model can be cached; Infinity when they never change. */
function spanOf(model: ModelInfo): number {
  if (!Array.isArray(model.prices)) return Infinity;
  return model.prices.some(({ constraint }) => constraint?.type === 'time_of_date') ? MINUTE_MS : DAY_MS;
}

const canonical = (provider: string): string => PROVIDERS[provider] ?? provider;

function factorOf({ provider, tier = 'standard' }: PricedCall, model: string): number | null {
  return tier && tierFactor(canonical(provider), tier, model.toLowerCase());
}

/** Total input and total output: a tier applies to the whole call. */
function totalsOf(call: PricedCall): { readonly input: number; readonly output: number } {
  const sum = (...parts: readonly (number | null | undefined)[]): number =>
    parts.reduce<number>((all, one) => all + (one ?? 0), 0);
  return {
    input: sum(call.inputUncached, call.inputAudio, call.inputImage, call.cacheRead, call.cacheWrite, call.cacheWrite1h),
    output: sum(call.output, call.reasoning, call.outputAudio, call.outputImage),
  };
}

type Ask = (usage: Usage, provider: string, model: string, at: number) => PriceCalculation | null;

/** Computes the cost in the library, for a tariff with units other than tokens. */
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

/** A model without an entry costs what its `-preview` costs, until the table lists it. */
const namesOf = (model: string): readonly string[] => [model, `${model}-preview`];

interface Known {
  /** Null when the table does not list the model. */
  readonly spanMs: number;
  readonly tariffs: Map<number, Tariff>;
}

/** Prices of @pydantic/genai-prices. Its slow model lookup is cached; the sum over buckets is computed here. */
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
    const slot = Math.floor(at / entry.spanMs);
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

  /** Sums tokens times price over all buckets; a bucket without its own price costs what its parent bucket costs. */
  function costOf(call: PricedCall, model: string): number | null {
    const factor = factorOf(call, model);
    const prices = tariff(call.provider, model, call.at);
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
      for (const model of [call.responseModel, call.requestModel]) {
        const costNanoUsd = model ? costOf(call, model) : null;
        if (costNanoUsd !== null && Number.isSafeInteger(costNanoUsd)) return { costNanoUsd, version: PRICE_VERSION };
      }
      return null;
    },
  };
}
