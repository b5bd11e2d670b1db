import { isAlnum, isLetter, runEnd, TOKEN } from './characters';
import { match, type Match, SECRET } from './match';
import { codeAt } from './reading';
import { namedWord } from './scan-call';
import { judgedLiteral, plainSecret, wrappedAt } from './scan-keyed';
import { isBlank, isQuote, literalAt, nameBefore, quotedEnd, skipBlanks } from './secret-place';
import { strengthOf, toSnake } from './secret-names';
import { isReference } from './secret-value';

// Options of command lines: `--password …`, `-storepass …`, `curl -u user:…`, `mysql -p…`.

const METAVAR = /^(?:[A-Z][A-Z_\d-]+|<.*|\[.*|string|str|text|value|file|path|stdin|env|fd)$/;

/** `--password value`, `-Password value`: the name is an option's, the value the next word. Called at the first dash. */
function longOption(text: string, dash: number): Match | null {
  const from = codeAt(dash + 1) === 45 ? dash + 2 : dash + 1;
  const end = runEnd(from, 48, TOKEN);
  if (end - from < 3 || !isBlank(codeAt(end))) return null;
  const of = nameBefore(text, end);
  if (!of) return null;
  const at = skipBlanks(end, 8);
  if (literalAt(text, at)) return judgedLiteral(text, at, of, 'any');
  const wrapped = wrappedAt(text, at);
  if (wrapped > 0) return judgedLiteral(text, wrapped, of, 'any');
  const c = codeAt(at);
  if (c === 45 || c <= 32 || c === 124 || c === 38 || c === 62) return null;
  const word = /^[^\s"'`]{1,64}/.exec(text.slice(at, at + 64))?.[0] ?? '';
  // A usage text names the value as the option: `--token TOKEN`.
  if (METAVAR.test(word) && !/\d/.test(word) && (isPlaceholderOf(word, of.name) || !isScreamingSecret(word))) return null;
  return plainSecret(text, at, of, 'any', true);
}
const isPlaceholderOf = (word: string, name: string): boolean => toSnake(word) === toSnake(name) || strengthOf(word) > 0;
const isScreamingSecret = (word: string): boolean => word.length >= 12;

/** Commands and the short option that takes their password: glued to it, or as the next word. */
const GLUED = /(?:^|[\s;&|(`'"/])(?:mysql\w*|mariadb[\w-]*|mycli|sshpass|7za?|rar|unrar|expect)\b[^\n|;&]*$/;
const NEXT: Readonly<Record<string, RegExp>> = {
  p: /(?:^|[\s;&|(`'"/])(?:sshpass|mongo\w*|(?:docker|podman|helm|oc|az|skopeo|buildah|crane|registry|nerdctl)\b[^\n|;&]*\blogin|sqlplus|cqlsh|couchbase-cli|rabbitmqadmin|ipmitool|vncpasswd)\b[^\n|;&]*$/,
  a: /(?:^|[\s;&|(`'"/])redis-cli\b[^\n|;&]*$/,
  P: /(?:^|[\s;&|(`'"/])(?:sqlcmd|bcp|isql|osql|zip|unzip|ipmitool|nmcli)\b[^\n|;&]*$/,
  w: /(?:^|[\s;&|(`'"/])ldap\w+\b[^\n|;&]*$/,
};
const USER = /(?:^|[\s;&|(`'"/])(?:curl|http|https|wget|xh|smbclient|rpcclient|lftp|ab|hey|wrk|aria2c)\b[^\n|;]*$/;
const REACH = 240;
const SHORT = new Set([...'paPwuU'].map((sign) => sign.charCodeAt(0)));

/** The word at `at` without its quotes. */
function wordAt(text: string, at: number): { from: number; to: number } {
  const quote = codeAt(at);
  if (isQuote(quote)) return { from: at + 1, to: quotedEnd(text, at + 1, quote, 0) };
  let to = at;
  while (to < text.length && to - at < 512 && codeAt(to) > 32 && !isQuote(codeAt(to)) && codeAt(to) !== 124 && codeAt(to) !== 59)
    to++;
  return { from: at, to };
}

/** `user:password`; a name alone is none. */
function userAndPassword(text: string, at: number): Match | null {
  const { from, to } = wordAt(text, at);
  const value = text.slice(from, to);
  const sign = value.search(/[:%]/);
  if (sign < 0 || sign === value.length - 1 || value.includes('://') || (from === at && /\s/.test(value))) return null;
  const password = value.slice(sign + 1);
  if (isReference(password) || isReference(value) || /^[[<*]/.test(password)) return null;
  return match(from, to, SECRET);
}

function shortOption(text: string, dash: number): Match | null {
  const letter = codeAt(dash + 1);
  if (!SHORT.has(letter)) return null;
  const before = text.slice(Math.max(0, dash - REACH), dash);
  const next = codeAt(dash + 2);
  const sign = String.fromCharCode(letter);
  if ((letter | 32) === 117) {
    const at = skipBlanks(dash + 2, 4);
    return USER.test(before) ? userAndPassword(text, at) : null;
  }
  if (letter === 112 && next > 32 && GLUED.test(before)) return glued(text, dash + 2);
  if (!isBlank(next) || NEXT[sign]?.test(before) !== true) return null;
  return glued(text, skipBlanks(dash + 2, 4));
}

function glued(text: string, at: number): Match | null {
  const { from, to } = wordAt(text, at);
  const value = text.slice(from, to);
  if (value.length < 2 || /^[-<[*]/.test(value) || /^\d{1,5}:\d{1,5}$/.test(value) || isReference(value)) return null;
  return match(from, to, SECRET);
}

/** Passwords of OpenSSL: `-pass pass:…`, `-passin "pass:…"`; from a file or a variable they are none. */
const PASS_SOURCE = /^-pass(?:in|out)?[ \t]+(["']?)pass:/;
function passSource(text: string, dash: number): Match | null {
  const found = PASS_SOURCE.exec(text.slice(dash, dash + 24));
  if (!found) return null;
  const quote = found[1] ?? '';
  const start = dash + found[0].length;
  const { from, to } = quote === '' ? wordAt(text, start) : { from: start, to: quotedEnd(text, start, quote.charCodeAt(0), 0) };
  const value = text.slice(from, to);
  return to <= from || isReference(value) || /^[<[]/.test(value) ? null : match(from, to, SECRET);
}

const USER_OPTION = /^--(?:user|proxy-user|auth|creds?|credentials|basic-auth)[ \t=]+/;
/** `set -x NAME value`, as fish has it. */
const FISH = /^-[gxUl]{1,4}[ \t]+/;

/** The secret after the option whose first dash is at `dash`. */
export function scanFlag(text: string, dash: number): Match | null {
  const before = codeAt(dash - 1);
  if (before === 45 || isAlnum(before) || before === 95) return null;
  const next = codeAt(dash + 1);
  if (next !== 45 && !isLetter(next)) return null;
  if (next === 45) {
    const user = USER_OPTION.exec(text.slice(dash, dash + 24));
    if (user && USER.test(text.slice(Math.max(0, dash - REACH), dash))) return userAndPassword(text, dash + user[0].length);
    return longOption(text, dash);
  }
  if (!isBlank(before) && dash > 0 && before !== 10) return null;
  const fish = text.startsWith('set ', dash - 4) ? FISH.exec(text.slice(dash, dash + 8)) : null;
  if (fish) return namedWord(text, dash + fish[0].length);
  return isAlnum(codeAt(dash + 2))
    ? (passSource(text, dash) ?? longOption(text, dash) ?? shortOption(text, dash))
    : shortOption(text, dash);
}
