import { CREDENTIAL, DOT, hasDigit, isDigit, KEY, runEnd, startsWord, TOKEN } from './characters';
import { match, type Match, SECRET } from './match';
import { codeAt } from './reading';
import { isBlank, isQuote } from './secret-place';
import { isPlainSecret, isQuotedSecret } from './secret-value';
import { STRONG } from './secret-names';

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

const SAID =
  /^(?: (?:for|of|to|on) [^\n:;,.]{1,40}?(?: is |: )|(?: is| was|'s)[ \t]{1,3}(?:now |still |set to )?|: ?|[ \t])["'`]?/i;

const goesOnSaid = (c: number, quoted: boolean): boolean =>
  c !== 0 && !isQuote(c) && c !== 10 && (quoted || (!isBlank(c) && c !== 13));
/** Without "is" before it, only what no word looks like. */
const isNoWord = (value: string): boolean =>
  /^(?=.*[A-Za-z])(?=.*[\d!@#$%^&*])[^\s()[\]{}<>=:/,;]{6,64}$/.test(value) && !/^\d|\.\w+$/.test(value);

/** `password is hunter2`, `password hunter2` in a sentence; called at the `w` of the word. */
export function scanSpokenPassword(text: string, at: number): Match | null {
  if (codeAt(at - 1) !== 115 || codeAt(at - 2) !== 115 || text.slice(at - 4, at + 4).toLowerCase() !== 'password') return null;
  const said = SAID.exec(text.slice(at + 4, at + 56))?.[0];
  if (said === undefined) return null;
  const isSaid = said.trim().length > 1 && said.length < 24 && !/^ (?:for|of|to|on) /.test(said);
  const from = at + 4 + said.length;
  const quoted = /["'`]$/.test(said);
  let to = from;
  const limit = Math.min(text.length, from + MAX_TOKEN);
  while (to < limit && goesOnSaid(codeAt(to), quoted)) to++;
  if (!quoted) while (to > from && /[.,;!?)\]]/.test(text.charAt(to - 1))) to--;
  const value = text.slice(from, Math.min(to, from + 512));
  if (value.length < 3 || (!isSaid && (quoted || !isNoWord(value)))) return null;
  const isSecret = quoted
    ? isQuotedSecret(value, 'password', STRONG, 'any')
    : isPlainSecret(value, text.slice(to, to + 2), 'password', STRONG, 'any');
  return isSecret ? match(from, to, SECRET) : null;
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
