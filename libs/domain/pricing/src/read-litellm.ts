import { isRecord } from '@telltale/kernel';
import { type ModelPrices, type PricedTier, type SizedRates } from './model-prices';
import { canonicalProvider } from './provider-names';
import { type FileProblem, perMillion, problem, type ReadModels } from './price-file-form';
import { type TokenRates } from './rates';

/** Our rates ← fields of LiteLLM, in dollars per token. */
const FIELDS: Readonly<Record<keyof TokenRates, string>> = {
  input: 'input_cost_per_token',
  output: 'output_cost_per_token',
  cache_read: 'cache_read_input_token_cost',
  cache_write: 'cache_creation_input_token_cost',
  cache_write_1h: 'cache_creation_input_token_cost_above_1hr',
  input_audio: 'input_cost_per_audio_token',
  input_image: 'input_cost_per_image_token',
  output_audio: 'output_cost_per_audio_token',
  output_image: 'output_cost_per_image_token',
};
const RATES = Object.entries(FIELDS) as [keyof TokenRates, string][];
const TIERS: readonly (readonly [PricedTier | 'standard', ending: string])[] = [
  ['standard', ''],
  ['batch', '_batches'],
  ['flex', '_flex'],
  ['priority', '_priority'],
];
/** `input_cost_per_token_above_200k_tokens_priority` and the like. */
const SIZED = /^(.+?)_above_(\d+)k_tokens(_batches|_flex|_priority)?$/;

/** Its providers that are APIs of one of ours; all others have their own name. */
const PROVIDERS: readonly (readonly [RegExp, string])[] = [
  [/^(?:text-completion-)?openai$/, 'openai'],
  [/^azure/, 'azure'],
  [/^(?:gemini$|vertex_ai)/, 'google'],
  [/^bedrock/, 'aws'],
  [/^cohere/, 'cohere'],
  [/^moonshot$/, 'moonshotai'],
  [/^fireworks_ai/, 'fireworks'],
  [/^together_ai$/, 'together'],
];
/** Where several APIs of a provider serve one model, theirs is the price that counts; else that of the first. */
const FIRST_OF_ALL = new Set(['gemini', 'azure', 'bedrock', 'bedrock_converse']);
const providerOf = (listed: string): string =>
  PROVIDERS.find(([form]) => form.test(listed))?.[1] ?? canonicalProvider(listed.toLowerCase());

/** The model without the API that the list puts before it, such as `azure/` and `vertex_ai/`. */
function modelOf(name: string, listed: string): string {
  const [api = '', ...rest] = name.split('/');
  return rest.length > 0 && (listed.startsWith(api) || providerOf(api) === providerOf(listed)) ? rest.join('/') : name;
}

type Entry = Readonly<Record<string, unknown>>;

function ratesOf(name: string, entry: Entry, ending: string): TokenRates | FileProblem {
  const rates: { -readonly [rate in keyof TokenRates]: number } = {};
  for (const [rate, field] of RATES) {
    const price = perMillion(name, `${field}${ending}`, entry[`${field}${ending}`], 1e6);
    if (typeof price === 'object') return price;
    if (price !== undefined) rates[rate] = price;
  }
  return rates;
}

/** Sizes above which other prices hold, as the names of the fields say. */
function sizesOf(entry: Entry): string[] {
  const sizes = new Set<string>();
  for (const field of Object.keys(entry)) {
    const found = SIZED.exec(field);
    if (found?.[2] && RATES.some(([, plain]) => plain === found[1])) sizes.add(found[2]);
  }
  return [...sizes];
}

function sizedOf(name: string, entry: Entry, ending: string): SizedRates | FileProblem {
  const rates = ratesOf(name, entry, ending);
  if ('problem' in rates) return rates;
  const above: (TokenRates & { readonly tokens: number })[] = [];
  for (const thousands of sizesOf(entry)) {
    const more = ratesOf(name, entry, `_above_${thousands}k_tokens${ending}`);
    if ('problem' in more) return more;
    if (Object.keys(more).length > 0) above.push({ tokens: Number(thousands) * 1_000, ...more });
  }
  const ranges = ending === '' ? rangesOf(name, entry) : [];
  if ('problem' in ranges) return ranges;
  const sizes = [...above, ...ranges];
  return sizes.length > 0 ? { ...rates, above: sizes } : rates;
}

/** Prices by ranges of the input, of some providers: the first range has the plain rates where the entry names none. */
function rangesOf(name: string, entry: Entry): (TokenRates & { readonly tokens: number })[] | FileProblem {
  const given = entry['tiered_pricing'];
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) return problem(name, 'tiered_pricing', 'is no list');
  const ranges: (TokenRates & { readonly tokens: number })[] = [];
  for (const range of given) {
    const from: unknown = isRecord(range) && Array.isArray(range['range']) ? range['range'][0] : undefined;
    if (!isRecord(range) || typeof from !== 'number' || !(from >= 0)) return problem(name, 'tiered_pricing', 'has an entry without range: give [from, to] in tokens');
    const rates = ratesOf(name, range, '');
    if ('problem' in rates) return rates;
    ranges.push({ tokens: from, ...rates });
  }
  return ranges;
} // prettier-ignore

const hasTokenPrice = (entry: Entry): boolean => entry['input_cost_per_token'] != null || entry['output_cost_per_token'] != null;
const rangesIn = (entry: Entry): readonly unknown[] => (Array.isArray(entry['tiered_pricing']) ? entry['tiered_pricing'] : []);

/** Why an entry is left out: its calls cannot be priced by tokens alone. */
function leftOutOf(entry: Entry): string | null {
  const priceAt = (field: string): number => (typeof entry[field] === 'number' ? entry[field] : 0);
  if (!hasTokenPrice(entry))
    return rangesIn(entry).some((range) => isRecord(range) && hasTokenPrice(range)) ? null : 'no_token_price';
  if (priceAt('input_cost_per_request') > 0) return 'other_units';
  if (isRecord(entry['off_peak_pricing'])) return 'time_of_day';
  return priceAt('input_cost_per_token') === 0 && priceAt('output_cost_per_token') === 0 ? 'zero_price' : null;
}

function modelIn(name: string, entry: Entry): ModelPrices | FileProblem {
  const listed = entry['litellm_provider'];
  if (typeof listed !== 'string' || listed === '') return problem(name, 'litellm_provider', 'is missing');
  const sized: Partial<Record<PricedTier | 'standard', SizedRates>> = {};
  for (const [tier, ending] of TIERS) {
    const rates = sizedOf(name, entry, ending);
    if ('problem' in rates) return rates;
    if (tier === 'standard' || rates.input !== undefined || rates.output !== undefined) sized[tier] = rates;
  }
  const { standard = {}, ...tiers } = sized;
  // Where only ranges are listed, the first of them is what plain calls cost.
  const first = standard.input === undefined && standard.output === undefined ? standard.above?.find(({ tokens }) => tokens === 0) : undefined;
  const rates = first ? { ...Object.fromEntries(Object.entries(first).filter(([rate]) => rate !== 'tokens')), ...standard } : standard;
  return { provider: providerOf(listed), model: modelOf(name, listed), rates, ...(Object.keys(tiers).length > 0 && { tiers }) };
} // prettier-ignore

/** LiteLLM's `model_prices_and_context_window.json`: an object of models. One bad entry, and nothing is read. */
export function readLitellm(file: Readonly<Record<string, unknown>>): ReadModels {
  const models = new Map<string, ModelPrices>();
  const settled = new Set<string>();
  const leftOut: Record<string, number> = {};
  for (const [name, entry] of Object.entries(file)) {
    if (name === 'sample_spec') continue;
    if (!isRecord(entry)) return problem(name, '', 'is no object');
    const reason = leftOutOf(entry);
    if (reason !== null) {
      // Its prices are looked at all the same: a file with a bad entry is not taken.
      const rates = ratesOf(name, entry, '');
      if ('problem' in rates) return rates;
      leftOut[reason] = (leftOut[reason] ?? 0) + 1;
      continue;
    }
    const model = modelIn(name, entry);
    if ('problem' in model) return model;
    const key = `${model.provider}/${model.model.toLowerCase()}`;
    if (models.has(key)) leftOut['listed_twice'] = (leftOut['listed_twice'] ?? 0) + 1;
    if (!models.has(key) || (FIRST_OF_ALL.has(String(entry['litellm_provider'])) && !settled.has(key))) models.set(key, model);
    if (FIRST_OF_ALL.has(String(entry['litellm_provider']))) settled.add(key);
  }
  return { models: [...models.values()], leftOut };
}
