import { hasDigit, isDigit, isTokenChar, runEnd, startsWord } from './characters';
import { match, type Match, PLACEHOLDER, SECRET } from './match';
import { endsSecretName, isSecretName, isWeakName } from './secret-names';

const MAX_TOKEN = 4_096;

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
  if (end < 2 || !endsSecretName(text, end)) return NOTHING;
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
  if (PLACEHOLDER.test(text.slice(from, from + 48)) || (to - from < 12 && EMPTY.test(text.slice(from, to)))) return null;
  return match(from, to, SECRET);
}

const SAID = /^(?:(?: is| was|'s| are)?[ \t]{1,3}(?:now |still |set to )?|(?: is|:) ?)["'`]?/i;
const NO_PASSWORD =
  /^(?:a|an|the|my|your|is|was|not|in|on|at|to|too|for|has|had|have|must|should|will|can|cannot|and|or|be|been|it|that|this|required|reset\w*|change\w*|incorrect|invalid|wrong|expired?|correct|missing|empty|protected|manager|field|policy|hash\w*|strength|link|please|now|again|stored|set|never|also|only|very|weak|strong|does|did|do|of|with|from|by|when|if|so|but|as)$/i;

/** `password is hunter2`, as people say it; called at the `w` of the word. */
export function scanSaidPassword(text: string, at: number): Match | null {
  if (
    text.charCodeAt(at - 1) !== 115 ||
    text.charCodeAt(at - 2) !== 115 ||
    text.slice(at - 4, at + 4).toLowerCase() !== 'password'
  )
    return null;
  const said = SAID.exec(text.slice(at + 4, at + 24));
  if (!said || !/\bis\b|was|'s|:/i.test(said[0])) return null;
  const from = at + 4 + said[0].length;
  const quoted = /["'`]$/.test(said[0]);
  let to = runEnd(
    text,
    from,
    MAX_TOKEN,
    quoted ? (c) => !isQuote(c) && c !== 10 : (c) => !isBlank(c) && c !== 10 && c !== 13 && !isQuote(c),
  );
  if (!quoted) while (to > from && /[.,;!?)\]]/.test(text.charAt(to - 1))) to--;
  const word = text.slice(from, Math.min(to, from + 64));
  if (to - from < 3 || (!quoted && NO_PASSWORD.test(word))) return null;
  return masked(text, from, to, true);
}

/** A Telegram bot: its number, a colon, `AA` and 33 signs; called at the colon. */
export function scanBotToken(text: string, colon: number): Match | null {
  if (text.charCodeAt(colon + 1) !== 65 || text.charCodeAt(colon + 2) !== 65) return null;
  let start = colon;
  while (start > 0 && colon - start < 11 && isDigit(text.charCodeAt(start - 1))) start--;
  const end = runEnd(text, colon + 1, 48, isTokenChar);
  return colon - start >= 8 && end - colon >= 34 && end - colon <= 40 ? match(start, end, SECRET) : null;
}
