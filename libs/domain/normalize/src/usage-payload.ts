import { type TokenCounts, type UsageConvention } from './usage';

type ReportedUsage = TokenCounts & UsageConvention;

/** Forms in which providers tell usage. One payload has one form; models of several providers speak the same. */
export const USAGE_FORMS = ['openai-chat', 'openai-responses', 'embeddings', 'anthropic', 'gemini', 'bedrock', 'cohere'] as const;
export type UsageForm = (typeof USAGE_FORMS)[number];

type Payload = Readonly<Record<string, unknown>>;
const NOTHING: Payload = {};
const objectOf = (value: unknown): Payload =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Payload) : NOTHING;
const countOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;

/** The first of these names that has a count; `a.b` looks into an object. */
function firstOf(payload: Payload, ...names: readonly string[]): number | null {
  for (const name of names) {
    const [head = '', tail] = name.split('.');
    const found = countOf(tail === undefined ? payload[head] : objectOf(payload[head])[tail]);
    if (found !== null) return found;
  }
  return null;
}

const plus = (a: number | null, b: number | null): number | null => (a === null && b === null ? null : (a ?? 0) + (b ?? 0));

/** Sums what a list of `{ <by>: key, <of>: count }` says of one key; null when it says nothing of it. */
function sumOf(list: unknown, by: string, key: string, of: string): number | null {
  let sum: number | null = null;
  for (const entry of Array.isArray(list) ? list : []) {
    const one = objectOf(entry);
    if (one[by] === key) sum = plus(sum, countOf(one[of]));
  }
  return sum;
}

/** Names beside the totals, of providers and gateways that speak OpenAI's chat form. */
const FLAT = {
  cacheRead: ['cached_tokens', 'prompt_cache_hit_tokens', 'num_cached_tokens', 'cache_read_input_tokens'],
  cacheWrite: ['cache_creation_input_tokens'],
  reasoning: ['reasoning_tokens'],
} as const;
const NOT_FLAT: Readonly<Record<keyof typeof FLAT, readonly string[]>> = { cacheRead: [], cacheWrite: [], reasoning: [] };

function openAi(payload: Payload, input: string, output: string, flat: typeof NOT_FLAT): ReportedUsage {
  const of = (name: string, ...more: string[]) => firstOf(payload, name, ...more);
  return {
    input: of(`${input}_tokens`),
    cacheRead: of(`${input}_tokens_details.cached_tokens`, ...flat.cacheRead),
    cacheWrite: of(`${input}_tokens_details.cache_write_tokens`, ...flat.cacheWrite),
    inputAudio: of(`${input}_tokens_details.audio_tokens`),
    inputImage: of(`${input}_tokens_details.image_tokens`),
    output: of(`${output}_tokens`),
    reasoning: of(`${output}_tokens_details.reasoning_tokens`, ...flat.reasoning),
    outputAudio: of(`${output}_tokens_details.audio_tokens`),
    outputImage: of(`${output}_tokens_details.image_tokens`),
    total: of('total_tokens'),
  };
}

function anthropic(payload: Payload): ReportedUsage {
  const written = firstOf(payload, 'cache_creation_input_tokens');
  const forAnHour = firstOf(payload, 'cache_creation.ephemeral_1h_input_tokens');
  const shortly = firstOf(payload, 'cache_creation.ephemeral_5m_input_tokens');
  return {
    input: firstOf(payload, 'input_tokens'),
    cacheRead: firstOf(payload, 'cache_read_input_tokens', 'cache_total'),
    // The whole when only it is reported; what is not written for an hour is for five minutes.
    cacheWrite: written === null ? shortly : written - Math.min(written, forAnHour ?? 0),
    ...(forAnHour ? { cacheWrite1h: forAnHour } : {}),
    output: firstOf(payload, 'output_tokens'),
    reasoning: firstOf(payload, 'output_tokens_details.thinking_tokens'),
    cacheBeside: true,
    reasoningBeside: false,
  };
}

function gemini(payload: Payload): ReportedUsage {
  const of = (list: string, modality: string) => sumOf(payload[list], 'modality', modality, 'tokenCount');
  const asked = (modality: string) => plus(of('promptTokensDetails', modality), of('toolUsePromptTokensDetails', modality));
  return {
    input: plus(firstOf(payload, 'promptTokenCount'), firstOf(payload, 'toolUsePromptTokenCount')),
    cacheRead: firstOf(payload, 'cachedContentTokenCount'),
    cacheWrite: null,
    inputAudio: asked('AUDIO'),
    inputImage: asked('IMAGE'),
    cacheReadAudio: of('cacheTokensDetails', 'AUDIO'),
    cacheReadImage: of('cacheTokensDetails', 'IMAGE'),
    output: firstOf(payload, 'candidatesTokenCount') ?? firstOf(payload, 'responseTokenCount'),
    reasoning: firstOf(payload, 'thoughtsTokenCount'),
    outputAudio: of('candidatesTokensDetails', 'AUDIO'),
    outputImage: of('candidatesTokensDetails', 'IMAGE'),
    cacheBeside: false,
    reasoningBeside: true,
  };
}

function bedrock(payload: Payload): ReportedUsage {
  const written = firstOf(payload, 'cacheWriteInputTokens', 'cacheWriteInputTokenCount');
  const forAnHour = sumOf(payload['cacheDetails'], 'ttl', '1h', 'inputTokens');
  return {
    input: firstOf(payload, 'inputTokens'),
    cacheRead: firstOf(payload, 'cacheReadInputTokens', 'cacheReadInputTokenCount'),
    cacheWrite: written === null ? null : written - Math.min(written, forAnHour ?? 0),
    ...(forAnHour ? { cacheWrite1h: forAnHour } : {}),
    output: firstOf(payload, 'outputTokens'),
    reasoning: null,
    cacheBeside: true,
  };
}

const plainly = (input: number | null, output: number | null): ReportedUsage => ({
  input,
  cacheRead: null,
  cacheWrite: null,
  output,
  reasoning: null,
});

const READERS: Readonly<Record<UsageForm, (payload: Payload) => ReportedUsage>> = {
  'openai-chat': (payload) => openAi(payload, 'prompt', 'completion', FLAT),
  'openai-responses': (payload) => openAi(payload, 'input', 'output', NOT_FLAT),
  embeddings: (payload) => plainly(firstOf(payload, 'prompt_tokens', 'input_tokens'), null),
  anthropic,
  gemini,
  bedrock,
  cohere: (payload) => plainly(firstOf(payload, 'billed_units.input_tokens'), firstOf(payload, 'billed_units.output_tokens')),
};

/** The form a payload has by the names in it; null when it has none that is known. */
export function usageFormOf(payload: unknown): UsageForm | null {
  const usage = objectOf(payload);
  if ('promptTokenCount' in usage || 'candidatesTokenCount' in usage) return 'gemini';
  if ('inputTokens' in usage || 'outputTokens' in usage) return 'bedrock';
  if ('billed_units' in usage) return 'cohere';
  // Gateways put Anthropic's cache names beside OpenAI's totals; the totals decide.
  if ('prompt_tokens' in usage) return 'completion_tokens' in usage || !('input_tokens' in usage) ? 'openai-chat' : 'embeddings';
  if ('input_tokens' in usage) return 'input_tokens_details' in usage ? 'openai-responses' : 'anthropic';
  return null;
}

/** What a provider's usage object says, of the form given or the one it has by its names; null when it has none. */
export function readUsage(payload: unknown, form: UsageForm | null = usageFormOf(payload)): ReportedUsage | null {
  return form && READERS[form](objectOf(payload));
}
