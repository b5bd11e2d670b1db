import { isRecord } from '@telltale/kernel';
import { type ModelPrices, type NameRule, type SizedRates } from './model-prices';
import { type FileProblem, perMillion, problem, type ReadModels } from './price-file-form';
import { canonicalProvider } from './provider-names';
import { type TokenRates } from './rates';

/** Our rates ← units of genai-prices, in dollars per million tokens. */
const UNITS: readonly (readonly [keyof TokenRates, string])[] = [
  ['input', 'input_mtok'],
  ['output', 'output_mtok'],
  ['cache_read', 'cache_read_mtok'],
  ['cache_write', 'cache_write_mtok'],
  ['cache_write_1h', 'cache_write_1h_mtok'],
  ['input_audio', 'input_audio_mtok'],
  ['input_image', 'input_image_mtok'],
  ['output_audio', 'output_audio_mtok'],
  ['output_image', 'output_image_mtok'],
];
/** Units beside tokens that every call has. */
const PER_CALL = 'requests_kcount';
const MAX_RULES = 200;
const MAX_DEPTH = 4;
const MAX_TEXT = 200;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

type Entry = Readonly<Record<string, unknown>>;

/** A rule without its regular expressions, which are not run; null where nothing else is in it. */
function ruleOf(given: unknown, depth = 0): NameRule | null {
  if (!isRecord(given) || depth > MAX_DEPTH) return null;
  for (const kind of ['equals', 'starts_with', 'ends_with', 'contains'] as const) {
    const text = given[kind];
    if (typeof text === 'string' && text !== '' && text.length <= MAX_TEXT) return { [kind]: text.toLowerCase() } as unknown as NameRule;
  }
  const several = Array.isArray(given['or']) ? given['or'] : Array.isArray(given['and']) ? given['and'] : [];
  const rules = several.slice(0, MAX_RULES).map((one) => ruleOf(one, depth + 1));
  const known = rules.filter((one) => one !== null);
  if (Array.isArray(given['or'])) return known.length > 0 ? { or: known } : null;
  // Of rules that all must hold none may be missing.
  return known.length > 0 && known.length === several.length ? { and: known } : null;
} // prettier-ignore

interface Tier {
  readonly tokens: number;
  readonly price: number;
}
interface Amount {
  readonly base: number;
  readonly tiers: readonly Tier[];
}

/** A price, or one by size of the call. */
function amountOf(name: string, unit: string, given: unknown): Amount | undefined | FileProblem {
  const isTiered = isRecord(given) && 'base' in given;
  const base = perMillion(name, unit, isTiered ? given['base'] : given, 1);
  if (base === undefined || typeof base === 'object') return base;
  const tiers: Tier[] = [];
  for (const tier of isTiered && Array.isArray(given['tiers']) ? given['tiers'] : []) {
    const start: unknown = isRecord(tier) ? tier['start'] : undefined;
    const price = perMillion(name, unit, isRecord(tier) ? tier['price'] : undefined, 1);
    if (typeof start !== 'number' || !(start >= 0) || typeof price !== 'number')
      return typeof price === 'object' ? price : problem(name, unit, 'has a tier without start or price: give both');
    tiers.push({ tokens: start, price });
  }
  return { base, tiers };
}

function ratesOf(name: string, prices: Entry): SizedRates | FileProblem {
  const rates: { -readonly [rate in keyof TokenRates]: number } = {};
  const above = new Map<number, { -readonly [rate in keyof TokenRates]: number }>();
  for (const [rate, unit] of UNITS) {
    const amount = amountOf(name, unit, prices[unit]);
    if (amount === undefined) continue;
    if ('problem' in amount) return amount;
    rates[rate] = amount.base;
    for (const { tokens, price } of amount.tiers) above.set(tokens, { ...above.get(tokens), [rate]: price });
  }
  if (above.size === 0) return rates;
  return { ...rates, above: [...above].map(([tokens, more]) => ({ tokens, ...more })) };
}

/** Prices from a day on; `constraint` is absent for those of before. */
function datedOf(name: string, given: unknown): readonly { readonly from?: string; readonly prices: Entry }[] | FileProblem | null {
  if (isRecord(given)) return [{ prices: given }];
  if (!Array.isArray(given)) return problem(name, 'prices', 'is missing');
  const dated: { from?: string; prices: Entry }[] = [];
  for (const one of given) {
    if (!isRecord(one) || !isRecord(one['prices'])) return problem(name, 'prices', 'has an entry without prices');
    const constraint = one['constraint'];
    if (!isRecord(constraint)) {
      dated.push({ prices: one['prices'] });
      continue;
    }
    const from = constraint['start_date'];
    if (constraint['type'] === 'time_of_date' || 'start_time' in constraint) return null;
    if (typeof from !== 'string' || !DAY.test(from) || Number.isNaN(Date.parse(from)))
      return problem(name, 'constraint', 'has no start_date: give a day, such as 2026-11-23');
    dated.push({ from, prices: one['prices'] });
  }
  return dated;
} // prettier-ignore

/** The entries of one model, or why it is left out. */
function modelsOf(provider: string, given: unknown): readonly ModelPrices[] | string | FileProblem {
  if (!isRecord(given) || typeof given['id'] !== 'string' || given['id'] === '') return problem(provider, 'id', 'is missing: every model has one');
  const name = `${provider}/${given['id']}`;
  const dated = datedOf(name, given['prices']);
  if (dated === null) return 'time_of_day';
  if ('problem' in dated) return dated;
  const match = ruleOf(given['match']);
  const models: ModelPrices[] = [];
  for (const { from, prices } of dated) {
    const rates = ratesOf(name, prices);
    if ('problem' in rates) return rates;
    if (prices[PER_CALL] !== undefined) return 'other_units';
    if (rates.input === undefined && rates.output === undefined) return 'no_token_price';
    if ((rates.input ?? 0) === 0 && (rates.output ?? 0) === 0) return 'zero_price';
    models.push({ provider: canonicalProvider(provider), model: given['id'], rates, ...(match && { match }), ...(from !== undefined && { from }) });
  }
  return models;
} // prettier-ignore

/** genai-prices' `data.json`: a list of providers with their models. One bad entry, and nothing is read. */
export function readGenaiPrices(providers: readonly unknown[]): ReadModels {
  const models: ModelPrices[] = [];
  const leftOut: Record<string, number> = {};
  for (const [nth, provider] of providers.entries()) {
    if (!isRecord(provider) || typeof provider['id'] !== 'string') return problem(`providers[${nth}]`, 'id', 'is missing: every provider has one');
    if (!Array.isArray(provider['models'])) return problem(provider['id'], 'models', 'is no list');
    for (const given of provider['models'] as unknown[]) {
      const found = modelsOf(provider['id'], given);
      if (typeof found === 'string') leftOut[found] = (leftOut[found] ?? 0) + 1;
      else if ('problem' in found) return found;
      else models.push(...found);
    }
  }
  return { models, leftOut };
} // prettier-ignore
