import { isAlnum, isDigit, isTokenChar, isUpper, runEnd, startsWord } from './characters';
import { match, type Match, SECRET } from './match';
import { endsSecretName, isSecretName, isWeakName } from './secret-names';

const MAX_TOKEN = 4_096;

interface Known {
  /** What it begins with; the scanner is called at the last character of it. */
  readonly prefix: string;
  readonly least: number;
  readonly passes: (c: number) => boolean;
  readonly needsDigit?: boolean;
}
const known = (prefix: string, least: number, passes = isTokenChar, needsDigit = false): Known => ({
  prefix,
  least,
  passes,
  needsDigit,
});
const isUpperAlnum = (c: number): boolean => isUpper(c) || isDigit(c);

const KNOWN: readonly Known[] = [
  known('sk-', 16, isTokenChar, true),
  known('xoxa-', 10), known('xoxb-', 10), known('xoxc-', 10), known('xoxd-', 10), known('xoxe-', 10), known('xoxo-', 10),
  known('xoxp-', 10), known('xoxr-', 10), known('xoxs-', 10), known('xapp-', 10),
  known('glpat-', 16), known('pypi-', 40), known('lin_api_', 20), known('sk_live_', 10), known('sk_test_', 10), known('rk_live_', 10),
  known('rk_test_', 10), known('pk_live_', 10), known('whsec_', 16), known('ghp_', 20, isAlnum), known('gho_', 20, isAlnum),
  known('ghu_', 20, isAlnum), known('ghs_', 20, isAlnum), known('ghr_', 20, isAlnum), known('github_pat_', 20), known('npm_', 30, isAlnum),
  known('hf_', 24, isAlnum), known('shpat_', 24), known('dop_v1_', 32), known('AKIA', 16, isUpperAlnum), known('ASIA', 16, isUpperAlnum),
  known('AIza', 30), known('SG.', 20, (c) => isTokenChar(c) || c === 46), known('ya29.', 20, (c) => isTokenChar(c) || c === 46),
]; // prettier-ignore

/** AKIA and AIza are called at a character rarer than their last. */
const TELLING: Readonly<Record<string, number>> = { AKIA: 1, ASIA: 1, AIza: 2 };
const tellingOf = (prefix: string): number => TELLING[prefix] ?? prefix.length - 1;

/** By the telling character and the one before it: nearly every dash and underscore is let go after one look. */
const BY_PAIR = new Array<Known[] | null>(128 * 128).fill(null);
for (const one of KNOWN) {
  const at = tellingOf(one.prefix);
  const pair = one.prefix.charCodeAt(at - 1) * 128 + one.prefix.charCodeAt(at);
  (BY_PAIR[pair] ??= []).push(one);
}

function hasDigit(text: string, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (isDigit(text.charCodeAt(i))) return true;
  return false;
}

/** A token of a known make whose telling character stands at `at`. */
export function scanKnownToken(text: string, at: number): Match | null {
  const before = at > 0 ? text.charCodeAt(at - 1) : 128;
  const candidates = before < 128 && BY_PAIR[before * 128 + text.charCodeAt(at)];
  if (!candidates) return null;
  for (const { prefix, least, passes, needsDigit } of candidates) {
    const start = at - tellingOf(prefix);
    if (start < 0 || !text.startsWith(prefix, start) || !startsWord(text, start)) continue;
    const end = runEnd(text, start + prefix.length, MAX_TOKEN, passes);
    const length = end - start - prefix.length;
    if (length >= least && (!needsDigit || length >= 32 || hasDigit(text, start, end))) return match(start, end, SECRET);
  }
  return null;
}

/** `eyJ….….…`, called at the `J`. */
export function scanJwt(text: string, at: number): Match | null {
  const start = at - 2;
  if (start < 0 || !text.startsWith('ey', start) || !startsWord(text, start)) return null;
  const header = runEnd(text, start, MAX_TOKEN, isTokenChar);
  if (header - start < 12 || text.charCodeAt(header) !== 46) return null;
  const end = runEnd(text, header + 1, 4 * MAX_TOKEN, (c) => isTokenChar(c) || c === 46);
  return end - header > 8 ? match(start, end, SECRET) : null;
}

const isCredential = (c: number): boolean => isTokenChar(c) || c === 46 || c === 126 || c === 43 || c === 47 || c === 61;

/** `Bearer …`, called at the `B`. */
export function scanBearer(text: string, at: number): Match | null {
  if (text.charCodeAt(at + 6) !== 32 || (text.charCodeAt(at + 1) | 32) !== 101) return null;
  if (text.slice(at, at + 7).toLowerCase() !== 'bearer ' || !startsWord(text, at)) return null;
  const end = runEnd(text, at + 7, MAX_TOKEN, isCredential);
  const length = end - at - 7;
  return length >= 20 || (length >= 8 && hasDigit(text, at + 7, end)) ? match(at + 7, end, SECRET) : null;
}

/** `-----BEGIN … PRIVATE KEY-----` to its END, or to the end of the text when that is missing; called at the first dash. */
export function scanPrivateKey(text: string, at: number): Match | null {
  if (text.charCodeAt(at + 1) !== 45 || !text.startsWith('-----BEGIN ', at)) return null;
  const head = text.slice(at + 11, at + 60);
  const word = head.indexOf('PRIVATE KEY');
  if (word < 0 || head.slice(0, word).includes('-')) return null;
  const tail = text.indexOf('-----END ', at + 11);
  if (tail < 0) return match(at, text.length, SECRET);
  const close = text.slice(tail, tail + 64).indexOf('KEY-----');
  return match(at, close < 0 ? Math.min(text.length, tail + 64) : tail + close + 8, SECRET);
}

const isNameChar = (c: number): boolean => isTokenChar(c) || c === 46;
const isBlank = (c: number): boolean => c === 32 || c === 9;
const isQuote = (c: number): boolean => c === 34 || c === 39 || c === 96;
const endsValue = (c: number): boolean =>
  c <= 32 ||
  c === 44 ||
  c === 59 ||
  c === 38 ||
  c === 41 ||
  c === 125 ||
  c === 93 ||
  c === 60 ||
  c === 62 ||
  isQuote(c) ||
  c === 92;

const EMPTY = /^(?:true|false|null|none|nil|undefined|""|'')$/i;
const PLACEHOLDER = /^\[(?:SECRET|EMAIL|CARD|IBAN|PHONE|SSN|IP)\]/;
const SCHEME = /^(?:bearer|basic|digest|token|apikey|negotiate)$/i;

export interface KeyedScan {
  readonly found: Match | null;
  /** A secret name with a list or an object as its value: only a walk over the values can mask that. */
  readonly needsWalk: boolean;
}
const NOTHING: KeyedScan = { found: null, needsWalk: false };

/** `name: value`, `name=value`, `"name":"value"` and the same inside JSON inside text; called at the sign. */
export function scanKeyed(text: string, sign: number): KeyedScan {
  let end = sign;
  while (
    end > 0 &&
    sign - end < 6 &&
    (isBlank(text.charCodeAt(end - 1)) || isQuote(text.charCodeAt(end - 1)) || text.charCodeAt(end - 1) === 92)
  )
    end--;
  if (end === 0 || !endsSecretName(text.charCodeAt(end - 1))) return NOTHING;
  let start = end;
  while (start > 0 && end - start < 48 && isNameChar(text.charCodeAt(start - 1))) start--;
  if (start === end) return NOTHING;
  const name = text.slice(start, end);
  if (!isSecretName(name) && !isSecretName(text.slice(Math.max(0, start - 4), end))) return NOTHING;
  const isQuotedName = end < sign && !isBlank(text.charCodeAt(end));

  let from = sign + 1;
  while (from < sign + 6 && isBlank(text.charCodeAt(from))) from++;
  if (isQuotedName && (text.charCodeAt(from) === 91 || text.charCodeAt(from) === 123)) return { found: null, needsWalk: true };
  let slashes = 0;
  while (slashes < 8 && text.charCodeAt(from + slashes) === 92) slashes++;
  const quote = text.charCodeAt(from + slashes);
  if (isQuote(quote)) {
    from += slashes + 1;
    const close = quotedEnd(text, from, quote, slashes);
    return {
      found: masked(text, from, close, isQuotedName || !isWeakName(name) || looksSecret(text, from, close)),
      needsWalk: false,
    };
  }
  let to = runEnd(text, from, MAX_TOKEN, (c) => !endsValue(c));
  if (SCHEME.test(text.slice(from, Math.min(to, from + 10)))) {
    from = runEnd(text, to, 4, isBlank);
    to = runEnd(text, from, MAX_TOKEN, (c) => !endsValue(c));
  }
  const isTrusted = isQuotedName || text.charCodeAt(sign) === 61 || !isWeakName(name) || looksSecret(text, from, to);
  return { found: masked(text, from, to, isTrusted), needsWalk: false };
}

/** "token: next" in a sentence is no secret; a value that looks like one is long or has digits in it. */
const looksSecret = (text: string, from: number, to: number): boolean =>
  to - from >= 20 || (to - from >= 6 && hasDigit(text, from, to));

function quotedEnd(text: string, from: number, quote: number, slashes: number): number {
  const limit = Math.min(text.length, from + MAX_TOKEN);
  for (let i = from; i < limit; i++) {
    const c = text.charCodeAt(i);
    if (c === quote && text.charCodeAt(i - 1) !== 92) return i;
    // Inside JSON inside text the closing quote has as many backslashes as the opening one.
    if (c === quote && slashes > 0) return i - slashes > from ? i - slashes : i;
    if (c === 92 && slashes === 0) i++;
  }
  return limit;
}

function masked(text: string, from: number, to: number, isTrusted: boolean): Match | null {
  if (!isTrusted || to <= from) return null;
  if (PLACEHOLDER.test(text.slice(from, from + 12)) || (to - from < 12 && EMPTY.test(text.slice(from, to)))) return null;
  return match(from, to, SECRET);
}
