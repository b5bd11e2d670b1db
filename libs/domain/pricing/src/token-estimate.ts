/**
 * Rules for usage that a producer did not tell. Counts are those of OpenAI's vocabularies: exact for the text of its models. Others cut
 * text into other pieces, by 10 per cent and more: Gemini's output in stored traces is off by 7 per cent in the median; there was nothing to
 * measure Claude with, which is known for more tokens than this. `telltale eval usage` tells it of stored calls.
 */

/** Beyond this a text is counted by its first part and its length. */
export const MAX_COUNTED_CHARS = 200_000;
/** What is counted of one range; texts beyond it are taken by their length alone. */
export const MAX_RANGE_CHARS = 2_000_000;
const CHARS_PER_TOKEN = 4;

/** What a provider counts beside the texts of a chat, in tokens: of every message, of every name, of what begins the answer; roles and tools as text. */
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
 * Texts to be embedded are counted bare, and Google's prompts, whose calls in stored traces come closest without anything else; all others
 * are taken for OpenAI's.
 */
export const chatFormOf = (kind: string, provider: string, model: string): ChatForm =>
  kind === 'embedding' || /^(?:gcp\.|google)/.test(provider) || /gemini|gemma/i.test(model) ? BARE : MARKED;

/** GPT-4 before 4o, GPT-3.5, and OpenAI's embeddings; also behind a prefix, as `azure/` or `ft:`. */
const OLDER = /(?:^|[/:.])(?:gpt-4(?![\d.o])|gpt-3\.?5|text-embedding-(?:ada|3-))/i;

/** The vocabulary to count a model's texts with: the newer one for models of others, too, and where no model is said. */
export const encodingOf = (model: string): 'o200k_base' | 'cl100k_base' => (OLDER.test(model) ? 'cl100k_base' : 'o200k_base');

/** Tokens of a text of `chars` characters of which the first `countedChars` have `tokens`; without any counted, by the usual length of one. */
export const extrapolated = (tokens: number, countedChars: number, chars: number): number =>
  countedChars === 0 ? Math.ceil(chars / CHARS_PER_TOKEN) : Math.round((tokens * chars) / countedChars);
