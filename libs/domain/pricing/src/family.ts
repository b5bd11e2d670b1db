import { findProvider } from '@pydantic/genai-prices';
import { type PriceBook, type PricedCall } from './price-book';
import { canonicalProvider } from './provider-names';

/** Providers of the built-in table whose models are compared with one that has no price: makers first, then who serves open models. */
const COMPARED = [
  'openai', 'anthropic', 'google', 'mistral', 'x-ai', 'deepseek', 'cohere', 'moonshotai', 'minimax', 'zai', 'aws', 'groq', 'together', 'fireworks',
] as const; // prettier-ignore
/** Most models of a family that are compared. */
const MAX_COMPARED = 100;

/** Words in names that say how large a model is. */
const SIZES = [
  'nano', 'mini', 'micro', 'flash-lite', 'lite', 'flash', 'haiku', 'sonnet', 'opus', 'small', 'medium', 'large', 'pro', 'premier', 'luna', 'terra', 'sol', 'embedding', 'embed',
] as const; // prettier-ignore

/** A family such as `claude`, and the word for its size such as `sonnet`, where the name has one. */
export interface Family {
  readonly name: string;
  readonly size: string;
}

/** The family of a model by its name, without path, region and maker; null where there is no word in it. */
export function familyOf(model: string): Family | null {
  const name = (model.toLowerCase().split('/').at(-1) ?? '').replace(/^(?:[a-z-]{2,12}\.)+(?=[a-z])/, '');
  const word = /^(?:gpt|o(?=\d)|text-embedding|[a-z]{3,})/.exec(name)?.[0];
  if (word === undefined) return null;
  // OpenAI's thinking models are named by a digit, and cost what its others do.
  return { name: word === 'o' ? 'gpt' : word, size: SIZES.find((size) => new RegExp(`(?:^|[-_.\\d])${size}(?:$|[-_.:@])`).test(name)) ?? '' };
} // prettier-ignore

export interface Listed {
  readonly provider: string;
  readonly model: string;
}

/** Models that the built-in table lists, of the providers that are compared. */
export const builtInModels = (): readonly Listed[] =>
  COMPARED.flatMap((provider) =>
    (findProvider({ providerId: provider })?.models ?? []).map(({ id }) => ({ provider, model: id })),
  );

/** What calls without a price may have cost, by the cheapest and the most expensive known model of their family. */
export interface CostBand {
  readonly family: string;
  /** Models compared. */
  readonly models: number;
  readonly leastNanoUsd: number;
  readonly mostNanoUsd: number;
}

/** Those of the same family and size, where there are any; else of the family. Those of the call's own provider, where there are any. */
function relativesOf(call: PricedCall, model: string, known: readonly Listed[]): { readonly family: string; readonly models: readonly Listed[] } | null {
  const family = familyOf(model);
  if (!family) return null;
  const related = known.filter((one) => familyOf(one.model)?.name === family.name);
  const provider = canonicalProvider(call.provider.toLowerCase());
  const same = related.filter((one) => familyOf(one.model)?.size === family.size);
  const alike = same.length > 0 ? same : related;
  const own = alike.filter((one) => one.provider === provider);
  const label = same.length > 0 && family.size !== '' ? `${family.name}-${family.size}` : family.name;
  return { family: label, models: (own.length > 0 ? own : alike).slice(0, MAX_COMPARED) };
} // prettier-ignore

/** The band of one call; null where no relative of its model has a price. */
export function costBandOf(call: PricedCall, known: readonly Listed[], book: PriceBook): CostBand | null {
  const relatives = relativesOf(call, call.responseModel || call.requestModel, known);
  if (!relatives) return null;
  const costs = relatives.models.flatMap(({ provider, model }) => {
    const price = book.priceOf({ ...call, provider, requestModel: model, responseModel: '', tier: 'standard' });
    return price ? [price.costNanoUsd] : [];
  });
  if (costs.length === 0) return null;
  return { family: relatives.family, models: costs.length, leastNanoUsd: Math.min(...costs), mostNanoUsd: Math.max(...costs) };
}
