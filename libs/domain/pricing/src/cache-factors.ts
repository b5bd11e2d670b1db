import { type PricedCall } from './price-book';
import { type TokenRates } from './rates';

/** What cached input costs, as a share of the price of input; absent where it is not known. */
interface CacheFactors {
  readonly read?: number;
  readonly write?: number;
  readonly write1h?: number;
}

type Rule = readonly [model: RegExp, factors: CacheFactors];

/** Behind a path or a region such as `openai/`, `us.anthropic.`; what follows is the name at its maker. */
const NAME = '(?:^|[/.])';
const of = (name: string): RegExp => new RegExp(`${NAME}${name}`);
/** Models of these names have no discount on cached input, or only other units: [L] lists none. */
const WITHOUT = /-(?:pro|audio|realtime|search|transcribe|tts|live|image|sonic|instruct)(?:-|$)|gpt-4o-2024-05-13|^ft:/;

/**
 * Factors of families whose makers price cached input alike in every model; the first match wins. Source: the prices per model of LiteLLM 1.110.2 at
 * OpenAI, Azure, Anthropic, Google, AWS and Mistral, which agree in all 1,064 cases. Families whose models differ (Grok, DeepSeek, Qwen) are not
 * listed, nor are later generations: what they will cost is unknown.
 */
const RULES: readonly Rule[] = [
  [of('claude-(?:fable|mythos)-5-1'), { read: 0.025, write: 1.25, write1h: 2 }],
  [of('claude-(?:opus|sonnet)-5[-.]5'), { read: 0.05, write: 1.25, write1h: 2 }],
  [of('claude-(?:3|4|(?:opus|sonnet|haiku)-4|(?:opus|sonnet|haiku|fable|mythos)-5(?![-.]\\d(?!\\d)))'), { read: 0.1, write: 1.25, write1h: 2 }],
  [of('gpt-4o'), { read: 0.5 }],
  [of('gpt-4\\.1'), { read: 0.25 }],
  [of('gpt-6\\.1'), { read: 0.05, write: 1.25 }],
  [of('gpt-(?:5\\.6|6)'), { read: 0.1, write: 1.25 }],
  [of('gpt-5(?:\\.[1-5])?(?![.\\d])'), { read: 0.1 }],
  [of('(?:o1|o3-mini)'), { read: 0.5 }],
  [of('(?:o3|o4-mini)'), { read: 0.25 }],
  [of('gemini-(?:2\\.5|3(?:\\.[1-7])?)-(?:pro|flash)'), { read: 0.1 }],
  [of('nova-(?:micro|lite|pro|premier|2-lite)'), { read: 0.25 }],
]; // prettier-ignore
/** Of Mistral's own models at its own API; elsewhere they have no discount. */
const MISTRAL: CacheFactors = { read: 0.1 };
const OF_MISTRAL = /^(?:mistral|ministral|magistral|codestral|devstral|pixtral|voxtral|mixtral|open-mi)(?!.*embed)/;

/** Shares of the price of input that cached input of a model costs, from its family; null where the family says none. */
export function cacheFactorsOf(provider: string, model: string): CacheFactors | null {
  const name = model.toLowerCase();
  const found = RULES.find(([models]) => models.test(name));
  if (found) return /claude|nova-/.test(name) || !WITHOUT.test(name) ? found[1] : null;
  return provider === 'mistral' && OF_MISTRAL.test(name) ? MISTRAL : null;
}

/** The marker in `price_version` of a cost in which cached input has the price of its family, where the table has none. */
const FAMILY_CACHE = '+family_cache';

/** Rates that a table lacks for buckets of the call, from the family of the model; none where the table has them or the family is not known. */
export function familyCacheRates(call: PricedCall, rates: TokenRates, provider: string, model: string): TokenRates | null {
  const isMissing =
    (call.cacheRead && rates.cache_read === undefined) ||
    (call.cacheWrite && rates.cache_write === undefined) ||
    (call.cacheWrite1h && rates.cache_write_1h === undefined);
  const { input } = rates;
  const factors = isMissing && input !== undefined ? cacheFactorsOf(provider, model) : null;
  if (!factors || input === undefined) return null;
  const from = (own: number | undefined, factor: number | undefined): number | undefined =>
    own ?? (factor === undefined ? undefined : factor * input);
  return {
    ...rates,
    cache_read: from(rates.cache_read, factors.read),
    cache_write: from(rates.cache_write, factors.write),
    cache_write_1h: from(rates.cache_write_1h, factors.write1h),
  };
}

export const asFamilyCache = (version: string): string => version + FAMILY_CACHE;
