/** Vocabularies of OpenAI's models, by their public names. */
export type TokenEncoding = 'o200k_base' | 'cl100k_base';

export interface TokenCountInput {
  readonly text: string;
  readonly encoding: TokenEncoding;
}

/** Counts tokens outside the thread that asks. */
export interface TokenCounter {
  /** Tokens of each text, in their order; the same text always has the same count. TransientError when nothing can be counted now. */
  count(texts: readonly TokenCountInput[]): Promise<readonly number[]>;
}
