import { BLANK, CREDENTIAL, DOT, hasDigit, isDigit, isKind, KEY, QUOTE, runEnd, startsWord, TOKEN, VALUE } from './characters';
import { tripleBefore } from './context-keywords';
import { match, type Match, PLACEHOLDER, SECRET } from './match';
import { codeAt } from './reading';
import { endsSecretName, isSecretName, isWeakName } from './secret-names';

const MAX_TOKEN = 4_096;

const GRAFANA = 'eyJrIjoi';
/** `eyJ….….…`, and a key of Grafana, which has no dots; called at the `J`. */
export function scanJwt(text: string, at: number): Match | null {
  const start = at - 2;
  if (start < 0 || !text.startsWith('ey', start) || !startsWord(start)) return null;
  const header = runEnd(start, MAX_TOKEN, TOKEN);
  if (header - start >= 70 && text.startsWith(GRAFANA, start)) return match(start, runEnd(header, 4, KEY), SECRET);
  if (header - start < 12 || codeAt(header) !== 46) return null;
  const end = runEnd(header + 1, 4 * MAX_TOKEN, TOKEN | DOT);
  return end - header > 8 ? match(start, end, SECRET) : null;
}

/** `Bearer …`, called at the `B`. */
export function scanBearer(text: string, at: number): Match | null {
  if (codeAt(at + 6) !== 32 || (codeAt(at + 1) | 32) !== 101) return null;
  if (text.slice(at, at + 7).toLowerCase() !== 'bearer ' || !startsWord(at)) return null;
  const end = runEnd(at + 7, MAX_TOKEN, CREDENTIAL);
  const length = end - at - 7;
  return length >= 20 || (length >= 8 && hasDigit(at + 7, end)) ? match(at + 7, end, SECRET) : null;
}

/** `-----BEGIN … PRIVATE KEY-----` to its END, or to the end of the text when that is missing; called at the first dash. */
export function scanPrivateKey(text: string, at: number): Match | null {
  if (codeAt(at + 1) !== 45 || !text.startsWith('-----BEGIN ', at)) return null;
  const head = text.slice(at + 11, at + 60);
  const word = head.indexOf('PRIVATE KEY');
  if (word < 0 || head.slice(0, word).includes('-')) return null;
  const tail = text.indexOf('-----END ', at + 11);
  if (tail < 0) return match(at, text.length, SECRET);
  const close = text.slice(tail, tail + 64).indexOf('KEY-----');
  return match(at, close < 0 ? Math.min(text.length, tail + 64) : tail + close + 8, SECRET);
}

const isBlank = (c: number): boolean => isKind(c, BLANK);
const isQuote = (c: number): boolean => isKind(c, QUOTE);

const EMPTY = /^(?:true|false|null|none|nil|undefined|""|'')$/i;
const SCHEME = /^(?:bearer|basic|digest|token|apikey|negotiate)$/i;

export interface KeyedScan {
  readonly found: Match | null;
  /** A secret name with an array or object as its value, which only walking the values can mask. */
  readonly needsWalk: boolean;
}
const NOTHING: KeyedScan = { found: null, needsWalk: false };

/** `name: value`, `name=value`, `"name":"value"` and the same in JSON inside text; called at the sign. */
export function scanKeyed(text: string, sign: number): KeyedScan {
  let end = sign;
  while (end > 0 && sign - end < 6 && (isBlank(codeAt(end - 1)) || isQuote(codeAt(end - 1)) || codeAt(end - 1) === 92)) end--;
  if (end < 3 || !endsSecretName(tripleBefore(end), tripleBefore(end - 3))) return NOTHING;
  let start = end;
  while (start > 0 && end - start < 48 && isKind(codeAt(start - 1), TOKEN | DOT)) start--;
  if (start === end) return NOTHING;
  const name = text.slice(start, end);
  if (!isSecretName(name) && !isSecretName(text.slice(Math.max(0, start - 4), end))) return NOTHING;
  const isQuotedName = end < sign && !isBlank(codeAt(end));

  let from = sign + 1;
  while (from < sign + 6 && isBlank(codeAt(from))) from++;
  if (isQuotedName && (codeAt(from) === 91 || codeAt(from) === 123)) return { found: null, needsWalk: true };
  let slashes = 0;
  while (slashes < 8 && codeAt(from + slashes) === 92) slashes++;
  const quote = codeAt(from + slashes);
  if (isQuote(quote)) {
    from += slashes + 1;
    const close = quotedEnd(text, from, quote, slashes);
    return {
      found: masked(text, from, close, isQuotedName || !isWeakName(name) || looksSecret(from, close)),
      needsWalk: false,
    };
  }
  let to = runEnd(from, MAX_TOKEN, VALUE);
  if (SCHEME.test(text.slice(from, Math.min(to, from + 10)))) {
    from = runEnd(to, 4, BLANK);
    to = runEnd(from, MAX_TOKEN, VALUE);
  }
  const isTrusted = isQuotedName || codeAt(sign) === 61 || !isWeakName(name) || looksSecret(from, to);
  return { found: masked(text, from, to, isTrusted), needsWalk: false };
}

/** "token: next" in a sentence is no secret; a value that looks like one is long or contains digits. */
const looksSecret = (from: number, to: number): boolean => to - from >= 20 || (to - from >= 6 && hasDigit(from, to));

function quotedEnd(text: string, from: number, quote: number, slashes: number): number {
  const limit = Math.min(text.length, from + MAX_TOKEN);
  for (let i = from; i < limit; i++) {
    const c = codeAt(i);
    if (c === quote && codeAt(i - 1) !== 92) return i;
    // In JSON inside text the closing quote has as many backslashes as the opening one.
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

const goesOnSaid = (c: number, quoted: boolean): boolean => !isQuote(c) && c !== 10 && (quoted || (!isBlank(c) && c !== 13));

/** `password is hunter2` in a sentence; called at the `w` of the word. */
export function scanSpokenPassword(text: string, at: number): Match | null {
  if (codeAt(at - 1) !== 115 || codeAt(at - 2) !== 115 || text.slice(at - 4, at + 4).toLowerCase() !== 'password') return null;
  const said = SAID.exec(text.slice(at + 4, at + 24));
  if (!said || !/\bis\b|was|'s|:/i.test(said[0])) return null;
  const from = at + 4 + said[0].length;
  const quoted = /["'`]$/.test(said[0]);
  let to = from;
  const limit = Math.min(text.length, from + MAX_TOKEN);
  while (to < limit && goesOnSaid(codeAt(to), quoted)) to++;
  if (!quoted) while (to > from && /[.,;!?)\]]/.test(text.charAt(to - 1))) to--;
  const word = text.slice(from, Math.min(to, from + 64));
  if (to - from < 3 || (!quoted && NO_PASSWORD.test(word))) return null;
  return masked(text, from, to, true);
}

/** A Telegram bot token: its number, a colon, `A` and 34 characters; called at the colon. */
export function scanBotToken(colon: number): Match | null {
  if (codeAt(colon + 1) !== 65) return null;
  let start = colon;
  while (start > 0 && colon - start < 17 && isDigit(codeAt(start - 1))) start--;
  const end = runEnd(colon + 1, 48, TOKEN);
  const digits = colon - start;
  const length = end - colon - 1;
  const isToken = codeAt(colon + 2) === 65 ? digits >= 8 && length >= 33 && length <= 39 : digits >= 5 && length === 35;
  return isToken && digits <= 16 ? match(start, end, SECRET) : null;
}
