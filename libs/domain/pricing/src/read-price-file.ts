import { hashId, isRecord, parseJson } from '@telltale/kernel';
import { type ModelPrices } from './model-prices';
import { type FileProblem, problem } from './price-file-form';
import { readGenaiPrices } from './read-genai-prices';
import { readLitellm } from './read-litellm';

/** Longest price file, in characters; LiteLLM's has 3.5 million. */
export const MAX_PRICE_FILE_CHARS = 20_000_000;
/** Most models of a price file; LiteLLM's has 4,000 that are priced by tokens. */
export const MAX_PRICED_MODELS = 10_000;
const MAX_NAME = 200;
const MAX_SIZES = 10;
const MAX_MATCH_CHARS = 8_000;
const MAX_DEPTH = 16;
const REVISION_CHARS = 12;

export type PriceFileSource = 'litellm' | 'genai-prices';

export interface ReadPriceFile {
  readonly source: PriceFileSource;
  /** Digest of what was read: the same prices have the same one. */
  readonly revision: string;
  readonly models: readonly ModelPrices[];
  readonly leftOut: Readonly<Record<string, number>>;
}

const FORM = 'is neither LiteLLM\'s model_prices_and_context_window.json nor genai-prices\' data.json: give one of them'; // prettier-ignore

function parsed(text: string): unknown {
  try {
    return parseJson(text, MAX_DEPTH);
  } catch {
    return undefined;
  }
}

function boundProblem(models: readonly ModelPrices[]): FileProblem | null {
  if (models.length === 0) return problem('the file', 'models', 'has none that is priced by tokens');
  if (models.length > MAX_PRICED_MODELS) return problem('the file', 'models', `has ${models.length}, which is more than ${MAX_PRICED_MODELS}: give fewer`);
  for (const { provider, model, rates, tiers, match } of models) {
    if (match && JSON.stringify(match).length > MAX_MATCH_CHARS) return problem(model, 'match', `is longer than ${MAX_MATCH_CHARS} characters: give fewer names`);
    if (model.length > MAX_NAME || provider.length > MAX_NAME || model === '') return problem(model.slice(0, MAX_NAME), 'name', `is not 1 to ${MAX_NAME} characters long`);
    if ([rates, ...Object.values(tiers ?? {})].some((sized) => (sized?.above ?? []).length > MAX_SIZES))
      return problem(model, 'prices', `has more than ${MAX_SIZES} sizes of calls`);
  }
  return null;
} // prettier-ignore

/** Reads a price list in one of its two published forms. One bad entry, and it is that problem and nothing else. */
export function readPriceFile(text: string): ReadPriceFile | FileProblem {
  if (text.length > MAX_PRICE_FILE_CHARS)
    return problem('the file', 'size', `is more than ${MAX_PRICE_FILE_CHARS} characters: give a price list`);
  const file = parsed(text);
  const providers = Array.isArray(file) ? file : isRecord(file) && Array.isArray(file['providers']) ? file['providers'] : null;
  if (!providers && !isRecord(file)) return problem('the file', 'form', FORM);
  const isLitellm = isRecord(file) && Object.values(file).some((entry) => isRecord(entry) && 'litellm_provider' in entry);
  if (!providers && !isLitellm) return problem('the file', 'form', FORM);
  const read = providers ? readGenaiPrices(providers) : readLitellm(file as Readonly<Record<string, unknown>>);
  if ('problem' in read) return read;
  const wrong = boundProblem(read.models);
  if (wrong) return wrong;
  const revision = hashId(REVISION_CHARS, JSON.stringify(read.models));
  return { source: providers ? 'genai-prices' : 'litellm', revision, ...read };
}
