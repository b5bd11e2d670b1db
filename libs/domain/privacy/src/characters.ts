// Character tests on UTF-16 code units; the scanners work without building strings.

export const isDigit = (c: number): boolean => c >= 48 && c <= 57;
export const isUpper = (c: number): boolean => c >= 65 && c <= 90;
export const isLower = (c: number): boolean => c >= 97 && c <= 122;
export const isLetter = (c: number): boolean => isUpper(c) || isLower(c);
export const isAlnum = (c: number): boolean => isDigit(c) || isLetter(c);
export const isHex = (c: number): boolean => isDigit(c) || (c >= 97 && c <= 102) || (c >= 65 && c <= 70);
/** Letters, digits, `_` and `-`: what most keys and tokens are made of. */
export const isTokenChar = (c: number): boolean => isAlnum(c) || c === 95 || c === 45;

/** End of the run of characters that pass, at most `cap` of them. */
export function runEnd(text: string, from: number, cap: number, passes: (c: number) => boolean): number {
  const limit = Math.min(text.length, from + cap);
  let at = from;
  while (at < limit && passes(text.charCodeAt(at))) at++;
  return at;
}

/**
 * Whether the character before `at` is the last of an escape such as `\n`: then it is no letter of the word after it. JSON inside text
 * is full of them.
 */
export function isEscaped(text: string, at: number): boolean {
  const c = text.charCodeAt(at - 1);
  if (c === 110 || c === 116 || c === 114 || c === 98 || c === 102) return text.charCodeAt(at - 2) === 92;
  return at >= 6 && isHex(c) && text.charCodeAt(at - 6) === 92 && text.charCodeAt(at - 5) === 117;
}

/** A word could begin at `at`: nothing, no letter and no digit stands before it. */
export const startsWord = (text: string, at: number): boolean =>
  at === 0 || !isAlnum(text.charCodeAt(at - 1)) || isEscaped(text, at);

export const endsWord = (text: string, at: number): boolean => at >= text.length || !isAlnum(text.charCodeAt(at));

export function hasDigit(text: string, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (isDigit(text.charCodeAt(i))) return true;
  return false;
}
