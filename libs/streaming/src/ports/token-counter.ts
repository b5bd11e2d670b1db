/** Public names of OpenAI's tokenizer vocabularies. */
export type TokenEncoding = 'o200k_base' | 'cl100k_base';

export interface TokenCountInput {
  readonly text: string;
  readonly encoding: TokenEncoding;
}

/** Counts tokens outside the calling thread. */
export interface TokenCounter {
  /**
   * Token counts in the order of `texts`; the same text always has the same count. Rejects with TransientError when counting is temporarily
   * impossible.
   */
  count(texts: readonly TokenCountInput[]): Promise<readonly number[]>;
}
