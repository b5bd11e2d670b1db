import {
  calcPrice,
  type ModelInfo,
  type ModelPrice,
  type PriceCalculation,
  type TieredPrices,
  type Usage,
} from '@pydantic/genai-prices';

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
}

export interface Price {
  readonly costNano: number;
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
  x_ai: 'x-ai',
  mistral_ai: 'mistral',
  moonshot_ai: 'moonshotai',
};

/** Nano-dollars a token: a price is in dollars a million tokens. */
const NANO = 1_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const MAX_REMEMBERED = 5_000;

type Amount = number | TieredPrices | undefined;
const SIMPLE: ReadonlySet<string> = new Set(['input_mtok', 'output_mtok', 'cache_read_mtok', 'cache_write_mtok']);
/** Units our usage never has; their prices multiply nothing. */
const UNUSED =
  /^(?:input|output|cache)_(?:audio|image|video|annotated_document|document|text|citation)|_1h_mtok$|_searches_kcount$|^audio_hours$/;

/** Prices of one model at one time, in the form the hot path needs; `whole` when only the library can do it. */
interface Tariff {
  readonly input: Amount;
  readonly output: Amount;
  readonly cacheRead: Amount;
  readonly cacheWrite: Amount;
  readonly whole: boolean;
}

function tariffOf(price: ModelPrice): Tariff {
  return {
    input: price['input_mtok'],
    output: price['output_mtok'],
    cacheRead: price['cache_read_mtok'],
    cacheWrite: price['cache_write_mtok'],
    whole: Object.keys(price).some((key) => !SIMPLE.has(key) && !UNUSED.test(key)),
  };
}

/** A tier counts for the whole call, by its whole input. */
function rate(amount: Amount, inputTotal: number): number {
  if (amount === undefined) return 0;
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

interface Known {
  /** Null when the table does not know the model. */
  readonly spanMs: number;
  readonly tariffs: Map<number, Tariff>;
}

/** Prices by @pydantic/genai-prices. Its search for the model is remembered, which is what it costs; the sum is made here. */
export function createPriceBook(): PriceBook {
  const known = new Map<string, Known | null>();

  const ask = (usage: Usage, provider: string, model: string, at: number): PriceCalculation | null =>
    calcPrice(usage, model, { timestamp: asDate(at), ...(provider ? { providerId: PROVIDERS[provider] ?? provider } : {}) });

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

  function wholeCost(call: PricedCall, model: string, input: number, output: number): number | null {
    const usage: Usage = {
      input_tokens: input,
      cache_read_tokens: call.cacheRead ?? 0,
      cache_write_tokens: call.cacheWrite ?? 0,
      output_tokens: output,
      output_reasoning_tokens: call.reasoning ?? 0,
    };
    const found = ask(usage, call.provider, model, call.at);
    return found && Math.round(found.total_price * 1e9);
  }

  function costOf(call: PricedCall, model: string): number | null {
    const prices = tariff(call.provider, model, call.at);
    if (!prices) return null;
    const cacheRead = call.cacheRead ?? 0;
    const cacheWrite = call.cacheWrite ?? 0;
    const uncached = call.inputUncached ?? 0;
    const input = uncached + cacheRead + cacheWrite;
    const output = (call.output ?? 0) + (call.reasoning ?? 0);
    if (prices.whole) return wholeCost(call, model, input, output);
    if (prices.input === undefined && prices.output === undefined) return null;
    // Without a price of their own, cached tokens cost what input costs.
    const cost =
      uncached * rate(prices.input, input) +
      cacheRead * rate(prices.cacheRead ?? prices.input, input) +
      cacheWrite * rate(prices.cacheWrite ?? prices.input, input) +
      output * rate(prices.output, input);
    return Math.round(cost * NANO);
  }

  return {
    priceOf(call) {
      if (call.inputUncached === null && call.output === null) return null;
      for (const model of call.responseModel === call.requestModel
        ? [call.responseModel]
        : [call.responseModel, call.requestModel]) {
        const costNano = model ? costOf(call, model) : null;
        if (costNano !== null && Number.isSafeInteger(costNano)) return { costNano, version: PRICE_VERSION };
      }
      return null;
    },
  };
}
