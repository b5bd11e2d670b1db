import { extrapolated, MAX_COUNTED_CHARS, MAX_RANGE_CHARS } from '@telltale/domain-pricing';
import { type TokenCountInput, type TokenEncoding } from '@telltale/streaming';

/** Tokens of a text that was put into the batch. */
export type CountText = (text: string, encoding: TokenEncoding) => number;

/**
 * The texts of a range, each once: agents send the whole conversation with every call. Bounded, whatever is sent: a long text is counted
 * by its first part, and a range that has too much of it by length. What that makes of a text follows from the range alone.
 */
export interface TextBatch {
  readonly texts: readonly TokenCountInput[];
  add(text: string, encoding: TokenEncoding): void;
  /** Texts of which not all is counted. */
  cut(): number;
  counted(tokens: readonly number[]): CountText;
}

const NOT_COUNTED = -1;

export function createTextBatch(maxChars = MAX_COUNTED_CHARS, maxRangeChars = MAX_RANGE_CHARS): TextBatch {
  const places: Readonly<Record<TokenEncoding, Map<string, number>>> = { o200k_base: new Map(), cl100k_base: new Map() };
  const texts: TokenCountInput[] = [];
  let left = maxRangeChars;
  let cut = 0;
  return {
    texts,
    add(text, encoding) {
      if (text === '' || places[encoding].has(text)) return;
      const chars = Math.min(text.length, maxChars);
      if (chars < text.length || chars > left) cut++;
      if (chars > left) return void places[encoding].set(text, NOT_COUNTED);
      left -= chars;
      places[encoding].set(text, texts.length);
      texts.push({ text: text.slice(0, chars), encoding });
    },
    cut: () => cut,
    counted: (tokens) => (text, encoding) => {
      const place = places[encoding].get(text) ?? NOT_COUNTED;
      if (place === NOT_COUNTED) return extrapolated(0, 0, text.length);
      return extrapolated(tokens[place] ?? 0, Math.min(text.length, maxChars), text.length);
    },
  };
}
