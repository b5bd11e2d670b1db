import { codeAt } from './reading';

// Classes of UTF-16 code units, one bit each, from a lookup table.
export const DIGIT = 1;
export const UPPER = 2;
export const LOWER = 4;
const HEX_LETTER = 8;
/** `_` and `-`. */
export const JOINT = 16;
/** A letter of any alphabet with words. */
export const WORD_LETTER = 32;
/** A capital letter; beyond ASCII by the case of the letter. */
export const CAPITAL = 64;
export const DOT = 128;
/** `+`, `/` and `=`. */
const BASE64 = 256;
export const TILDE = 512;
/** Space and tab. */
export const BLANK = 1024;
export const QUOTE = 2048;
/** Characters of an unquoted setting's value. */
export const VALUE = 4096;
export const PERCENT = 8192;
/** A letter of a script without capitals. */
export const SCRIPT = 16384;

export const LETTER = UPPER | LOWER;
export const ALNUM = DIGIT | LETTER;
export const HEX = DIGIT | HEX_LETTER;
/** Characters of most keys and tokens. */
export const TOKEN = ALNUM | JOINT;
export const KEY = TOKEN | BASE64;
export const CREDENTIAL = KEY | DOT | TILDE;

export const KINDS = new Uint16Array(0x10000);

function mark(from: number, to: number, kind: number): void {
  for (let c = from; c <= to; c++) KINDS[c] = (KINDS[c] ?? 0) | kind;
}
function markEach(signs: string, kind: number): void {
  for (const sign of signs) mark(sign.charCodeAt(0), sign.charCodeAt(0), kind);
}
mark(48, 57, DIGIT);
mark(65, 90, UPPER | CAPITAL | WORD_LETTER);
mark(97, 122, LOWER | WORD_LETTER);
markEach('abcdefABCDEF', HEX_LETTER);
markEach('_-', JOINT);
markEach('.', DOT);
markEach('+/=', BASE64);
markEach('~', TILDE);
markEach('%', PERCENT);
markEach(' \t', BLANK);
markEach('"\'`', QUOTE);
for (const [from, to] of [[0xc0, 0xd6], [0xd8, 0xf6], [0xf8, 0x24f], [0x370, 0x58f]] as const) {
  mark(from, to, WORD_LETTER);
  for (let c = from; c <= to; c++) {
    const letter = String.fromCharCode(c);
    if (letter !== letter.toLowerCase()) mark(c, c, CAPITAL);
  }
} // prettier-ignore
for (const [from, to] of [[0x5d0, 0x5ea], [0x621, 0x65f], [0x66e, 0x6d3], [0x900, 0x963], [0x970, 0xe3a], [0xe40, 0xe4e], [0x3005, 0x3007], [0x3041, 0x3096], [0x30a1, 0x30ff], [0x3400, 0x4dbf], [0x4e00, 0x9fff], [0xac00, 0xd7a3]] as const)
  mark(from, to, SCRIPT); // prettier-ignore
for (let c = 33; c < KINDS.length; c++) if (!',;&)}]<>"\'`\\'.includes(String.fromCharCode(c))) mark(c, c, VALUE);

export const isKind = (c: number, kinds: number): boolean => ((KINDS[c] as number) & kinds) !== 0;
export const isDigit = (c: number): boolean => c >= 48 && c <= 57;
export const isUpper = (c: number): boolean => c >= 65 && c <= 90;
export const isLower = (c: number): boolean => c >= 97 && c <= 122;
export const isLetter = (c: number): boolean => isKind(c, LETTER);
export const isAlnum = (c: number): boolean => isKind(c, ALNUM);
export const isHex = (c: number): boolean => isKind(c, HEX);
export const isWordLetter = (c: number): boolean => isKind(c, WORD_LETTER);
export const isCapital = (c: number): boolean => isKind(c, CAPITAL);

// The functions below read the text that is being scanned.

/** End of the run of characters of these classes, at most `cap` of them. */
export function runEnd(from: number, cap: number, kinds: number): number {
  const limit = from + cap;
  let at = from;
  while (at < limit && isKind(codeAt(at), kinds)) at++;
  return at;
}

/**
 * Whether the character before `at` ends an escape such as `\
 * `, and so does not belong to the following word. JSON inside text contains many escapes.
 */
export function isEscaped(at: number): boolean {
  const c = codeAt(at - 1);
  if (c === 110 || c === 116 || c === 114 || c === 98 || c === 102) return codeAt(at - 2) === 92;
  return at >= 6 && isHex(c) && codeAt(at - 6) === 92 && codeAt(at - 5) === 117;
}

/** Whether a word can begin at `at`: no letter or digit is before it. */
export const startsWord = (at: number): boolean => !isAlnum(codeAt(at - 1)) || isEscaped(at);

export const endsWord = (at: number): boolean => !isAlnum(codeAt(at));

export function hasDigit(from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (isDigit(codeAt(i))) return true;
  return false;
}
