export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * True when `text` nests deeper than `limit`; a linear scan that builds nothing, to be asked before `JSON.parse`, whose
 * result a recursive walk could not survive.
 */
export function isDeeperThan(text: string, limit: number): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 34) {
      i = closingQuote(text, i + 1);
      if (i < 0) return false;
    } else if (c === 123 || c === 91) {
      if (++depth > limit) return true;
    } else if (c === 125 || c === 93) depth--;
  }
  return false;
}

/** How many JSON values `text` may hold, counted up to one more than `limit`; as cheap as `isDeeperThan`, to be asked before memory is spent. */
export function countJsonValues(text: string, limit: number): number {
  let values = 1;
  for (let i = 0; i < text.length && values <= limit; i++) {
    const c = text.charCodeAt(i);
    if (c === 34) {
      i = closingQuote(text, i + 1);
      if (i < 0) break;
    } else if (c === 44 || c === 123 || c === 91) values++;
  }
  return values;
}

/** Place of the quote that ends the string from `from` on, or -1. Jumps from quote to quote, for strings are most of any JSON. */
export function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === 92 && at - 1 - slashes >= from) slashes++;
    if (slashes % 2 === 0) return at;
  }
  return -1;
}
