/**
 * Rules for missing token usage. Counts use OpenAI's vocabularies and are exact for the text of its models. Other vocabularies differ by 10
 * percent and more: Gemini's output in stored traces differs by 7 percent in the median. There was no data to measure Claude, which is
 * known to use more tokens. `telltale eval usage` measures the error on stored calls.
 */

/** A longer text is estimated from its first part and its length. */
export const MAX_COUNTED_CHARS = 200_000;
/** Maximum characters counted per batch; texts beyond it are estimated from their length. */
export const MAX_RANGE_CHARS = 2_000_000;
const CHARS_PER_TOKEN = 4;

/**
 * Tokens that a provider counts in addition to the texts of a chat: per message, per name, at the start of the reply; and whether roles and
 * tools are counted as text.
 */
export interface ChatForm {
  readonly message: number;
  readonly name: number;
  readonly reply: number;
  readonly hasRoles: boolean;
  readonly hasTools: boolean;
}
/** https://cookbook.openai.com/examples/how_to_count_tokens_with_tiktoken */
const MARKED: ChatForm = { message: 3, name: 1, reply: 3, hasRoles: true, hasTools: true };
const BARE: ChatForm = { message: 0, name: 0, reply: 0, hasRoles: false, hasTools: false };

/**
 * Embedding inputs and Google's prompts are counted without extra tokens, which fits Google's calls in stored traces best; all others are
 * counted as OpenAI's.
 */
export const chatFormOf = (kind: string, provider: string, model: string): ChatForm =>
  kind === 'embedding' || /^(?:gcp\.|google)/.test(provider) || /gemini|gemma/i.test(model) ? BARE : MARKED;

/** GPT-4 before 4o, GPT-3.5, and OpenAI's embeddings; also after a prefix such as `azure/` or `ft:`. */
const OLDER = /(?:^|[/:.])(?:gpt-4(?![\d.o])|gpt-3\.?5|text-embedding-(?:ada|3-))/i;

/** The vocabulary for a model's texts: the newer one also for other providers and for an unknown model. */
export const encodingOf = (model: string): 'o200k_base' | 'cl100k_base' => (OLDER.test(model) ? 'cl100k_base' : 'o200k_base');

/**
 * Estimated tokens of a text of `chars` characters whose first `countedChars` have `tokens`; without counted characters, from the usual
 * length of a token.
 */
export const extrapolated = (tokens: number, countedChars: number, chars: number): number =>
  countedChars === 0 ? Math.ceil(chars / CHARS_PER_TOKEN) : Math.round((tokens * chars) / countedChars);
