export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether at most `most` brackets open in `text`, those in strings included. Searches, which is much faster than to look at each character. */
function opensAtMost(text: string, most: number): boolean {
  let opened = 0;
  for (const bracket of ['{', '['])
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) if (++opened > most) return false;
  return true;
}

/**
 * True when `text` nests deeper than `limit`. A linear scan without allocations, for use before `JSON.parse`, because a recursive walk of
 * its result could overflow the stack.
 */
export function isDeeperThan(text: string, limit: number): boolean {
  if (opensAtMost(text, limit)) return false;
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

/** Upper bound of the JSON values in `text`, counted up to `limit` + 1; as cheap as `isDeeperThan`, for use before memory is allocated. */
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

/**
 * Position of the quote that ends the string that starts before `from`, or -1. Jumps from quote to quote, because most of JSON is strings.
 */
export function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === 92 && at - 1 - slashes >= from) slashes++;
    if (slashes % 2 === 0) return at;
  }
  return -1;
}
