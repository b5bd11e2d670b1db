import { BLANK, DOT, isAlnum, isKind, QUOTE, TOKEN } from './characters';
import { TRIPLES } from './context-keywords';
import { codeAt } from './reading';
import { isSayingTriple, SAYS_NOTHING, type Strength, strengthOf } from './secret-names';
import { isVendorTriple, mentionsVendor } from './vendor-forms';

// Where names and literals stand in code, settings and shells. Every look is bounded.

/** Longest value that is looked at, characters. */
export const MAX_VALUE = 4_096;
const MAX_NAME = 48;

export const isBlank = (c: number): boolean => isKind(c, BLANK);
export const isQuote = (c: number): boolean => isKind(c, QUOTE);
const isBreak = (c: number): boolean => c === 10 || c === 13;

const SAYING = 1;
const VENDOR = 2;
const MARKS = Uint8Array.from({ length: TRIPLES }, (_, triple) => (isSayingTriple(triple) ? SAYING : 0) | (isVendorTriple(triple) ? VENDOR : 0)); // prettier-ignore
const MASK = 31;

export interface SecretName {
  readonly name: string;
  readonly start: number;
  readonly strength: Strength;
  /** It may mention a vendor. */
  readonly isVendor: boolean;
}

/** Kinds of keys are two words in prose: "api key". */
const TWO_WORDS =
  /(?:api|access|secret|private|signing|encryption|account|auth|master|license|shared|connection) (?:key|string)$/i;

/** The name that ends before `end`, when it says something of its value. */
export function nameBefore(text: string, end: number): SecretName | null {
  let start = end;
  let key = 0;
  let marks = 0;
  while (start > 0 && end - start < MAX_NAME) {
    const c = codeAt(start - 1);
    if (!isKind(c, TOKEN | DOT)) break;
    start--;
    key = ((c & MASK) << 10) | (key >> 5);
    marks |= MARKS[key] as number;
  }
  if (marks === 0 || end - start < 2) return null;
  const name = text.slice(start, end);
  let strength: Strength = (marks & SAYING) === 0 ? SAYS_NOTHING : strengthOf(name);
  if (strength === SAYS_NOTHING && codeAt(start - 1) === 32) {
    const words = TWO_WORDS.exec(text.slice(Math.max(0, start - 12), end));
    if (words) strength = strengthOf(words[0]);
  }
  const isVendor = (marks & VENDOR) !== 0 && mentionsVendor(name);
  return strength === SAYS_NOTHING && !isVendor ? null : { name, start, strength, isVendor };
}

/** A literal: what stands between its quotes. */
export interface Literal {
  readonly from: number;
  readonly to: number;
  /** After the closing quote. */
  readonly end: number;
}

/** End of the text after an opening quote with as many backslashes before it. */
export function quotedEnd(text: string, from: number, quote: number, slashes: number): number {
  const limit = Math.min(text.length, from + MAX_VALUE);
  for (let i = from; i < limit; i++) {
    const c = codeAt(i);
    if (c === quote && codeAt(i - 1) !== 92) return i;
    // In JSON inside text the closing quote has as many backslashes as the opening one.
    if (c === quote && slashes > 0) return i - slashes > from ? i - slashes : i;
    if (c === 92 && slashes === 0) i++;
  }
  return limit;
}

/** What may stand before a quote: `b"…"`, `@"…"`, `r#"…"#`, `&"…"`. */
const PREFIXES = new Set([...'bBfFrRuULNc@$&#8*'].map((sign) => sign.charCodeAt(0)));
const isPrefix = (c: number): boolean => PREFIXES.has(c);

/** Whether a literal can begin at `at`: a quote, or a prefix and a quote. */
export const mayBeLiteral = (at: number): boolean =>
  isQuote(codeAt(at)) || codeAt(at) === 92 || (isPrefix(codeAt(at)) && (isQuote(codeAt(at + 1)) || isQuote(codeAt(at + 2))));

/** The literal that begins at `at`, with its prefix. */
export function literalAt(text: string, at: number): Literal | null {
  let open = at;
  if (!isQuote(codeAt(open)) && codeAt(open) !== 92) {
    while (open - at < 3 && isPrefix(codeAt(open))) open++;
    if (open === at || !isQuote(codeAt(open))) return null;
  }
  let slashes = 0;
  while (slashes < 8 && codeAt(open + slashes) === 92) slashes++;
  open += slashes;
  const quote = codeAt(open);
  if (!isQuote(quote)) return null;
  if (slashes === 0 && codeAt(open + 1) === quote && codeAt(open + 2) === quote) {
    let from = open + 3;
    if (isBreak(codeAt(from))) from++;
    const close = text.slice(from, from + MAX_VALUE).indexOf(text.slice(open, open + 3));
    return close < 0 ? null : { from, to: from + close, end: from + close + 3 };
  }
  const to = quotedEnd(text, open + 1, quote, slashes);
  return { from: open + 1, to, end: to + 1 };
}

/** First position at or after `at` that is no blank, at most `most` further. */
export function skipBlanks(at: number, most = 16): number {
  let i = at;
  while (i < at + most && isBlank(codeAt(i))) i++;
  return i;
}

/** After a break and indentation, or -1. */
export function nextLine(at: number): number {
  let i = at;
  if (codeAt(i) === 13) i++;
  if (codeAt(i) !== 10) return -1;
  return skipBlanks(i + 1, 64);
}

/** End of the name before a sign: `name `, `"name"`, `name["key"]`, `name[32]`, `getenv("name")`. */
export function nameEndBefore(sign: number, mayBeCall: boolean): number {
  let end = sign;
  while (end > 0 && sign - end < 6 && isBlank(codeAt(end - 1))) end--;
  const bracket = codeAt(end - 1);
  if (bracket === 93 || (mayBeCall && bracket === 41)) {
    let i = end - 1;
    while (i > 0 && end - i < 8 && codeAt(i - 1) >= 48 && codeAt(i - 1) <= 57) i--;
    if (codeAt(i - 1) === 91) return i - 1;
    // `map[secret] = …` names a variable.
    if (i !== end - 1 || !isQuote(codeAt(i - 1))) return -1;
    end--;
  }
  while (end > 0 && sign - end < 8 && (isQuote(codeAt(end - 1)) || codeAt(end - 1) === 92)) end--;
  return isAlnum(codeAt(end - 1)) || codeAt(end - 1) === 95 ? end : -1;
}
