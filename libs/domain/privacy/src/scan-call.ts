import { isAlnum } from './characters';
import { type Match } from './match';
import { codeAt } from './reading';
import { judgedLiteral, plainSecret } from './scan-keyed';
import {
  isBlank,
  isQuote,
  literalAt,
  mayBeLiteral,
  nameBefore,
  nameEndBefore,
  nextLine,
  type SecretName,
  skipBlanks,
} from './secret-place';
import { isScreaming, STRONG, strengthOf, WEAK } from './secret-names';
import { isSlug } from './secret-value';

// Names and values in calls and in lists of words: `setenv("NAME", "…")`, `.password("…")`, `#define NAME "…"`, `setenv NAME …`.

const SETS =
  /(?:set|put|env|add|define|store|property|assign|append|insert|with|param|update|header|option|secret|credential|config)\w*!?$|env(?:iron)?[.:]+(?:get|fetch)\w*$/i;

/** What is called with the quoted name that begins at `open` as an argument: `os.Setenv(`, `put(:app, `. */
function calleeOf(text: string, open: number): string | null {
  const found = /([\w.$:>-]{1,48})\s{0,2}\((?:[^()"'`\n]{0,40},)?\s{0,8}$/.exec(text.slice(Math.max(0, open - 96), open));
  return found?.[1] ?? null;
}

/** `("NAME", "value")`, called at the comma. */
export function scanArgument(text: string, comma: number): Match | null {
  const quote = comma - 1;
  if (!isQuote(codeAt(quote))) return null;
  let end = quote;
  while (end > 0 && quote - end < 4 && codeAt(end - 1) === 92) end--;
  const of = nameBefore(text, end);
  if (!of || !isQuote(codeAt(of.start - 1))) return null;
  let at = skipBlanks(comma + 1);
  const line = nextLine(at);
  if (line > 0) at = line;
  const literal = literalAt(text, at);
  if (!literal) return null;
  // In a list of names the next one is no value.
  if (
    strengthOf(text.slice(literal.from, Math.min(literal.to, literal.from + 48))) > 0 &&
    isSlug(text.slice(literal.from, literal.to))
  )
    return null;
  let open = of.start - 1;
  while (open > 0 && codeAt(open - 1) === 92) open--;
  const callee = calleeOf(text, open);
  return judgedLiteral(text, at, of, callee !== null && SETS.test(callee) ? 'any' : 'loose');
}

const VERBS =
  /^(?:get|find|fetch|lookup|read|load|has|is|check|verify|validate|reset|change|forgot|hash|compare|require|ask|prompt|generate|create|make|build|issue|sign|delete|remove|revoke|parse|decode|encode|decrypt|encrypt|mask|redact|escape|test|expect|assert|describe|it|print|log|show|hide|toggle|match|use|confirm|request|refresh|invalid|missing|no|needs?|count|split|list|skip|next|peek|eat|consume)(?:[_A-Z]|$)/;
const TWO = /(?:basic_?auth\w*|credentials?|auth|login|log_?in|authenticate|sign_?in)$/i;

/** `.password("value")`, `setPassword('value')`, `password{"value"}`, `BasicAuth("user", "value")`; called at the bracket. */
export function scanCallOf(text: string, bracket: number): Match | null {
  let end = bracket;
  // `auth=("user", "value")`.
  if (codeAt(end - 1) === 61) end = nameEndBefore(end - 1, false);
  if (end < 2 || !isAlnum(codeAt(end - 1))) return null;
  const at = skipBlanks(bracket + 1, 4);
  if (!mayBeLiteral(at)) return null;
  const of = nameBefore(text, end);
  const start = of ? of.start : end - 24;
  const callee = /[A-Za-z_]\w*$/.exec(text.slice(Math.max(0, start), end))?.[0] ?? '';
  const isTwo = TWO.test(callee);
  const first = of || isTwo ? literalAt(text, at) : null;
  if (!first || first.to - first.from > 512) return null;
  const second = isTwo && codeAt(first.end) === 44 ? skipBlanks(first.end + 1) : -1;
  if (second > 0) return judgedLiteral(text, second, { name: 'password', start, strength: STRONG, isVendor: false }, 'any');
  if (!of || end < bracket || VERBS.test(callee)) return null;
  const after = codeAt(skipBlanks(first.end, 4));
  if (after !== 41 && after !== 125 && after !== 44) return null;
  const value = text.slice(first.from, first.to);
  if (/\s/.test(value) || (isSlug(value) && /[\s_.:/-]/.test(value))) return null;
  return judgedLiteral(
    text,
    at,
    of,
    of.strength === STRONG && !/^(?:secret|.*_secret|\w*Secret)$/.test(callee) ? 'any' : 'loose',
  );
}

/** `NAME "value"`, `:name "value"`, `IDENTIFIED BY 'value'`; called at the quote, before which is a blank. */
export function scanWordThenLiteral(text: string, quote: number): Match | null {
  let end = quote - 1;
  while (end > 0 && quote - end < 3 && isBlank(codeAt(end - 1))) end--;
  if (isQuote(codeAt(end - 1))) end--;
  const c = codeAt(end - 1);
  if (!isAlnum(c)) return null;
  // `getenv("NAME") or "value"`.
  const isOr = codeAt(quote) !== 96 && c === 114 && codeAt(end - 2) === 111 && isBlank(codeAt(end - 3));
  const named = isOr ? nameEndBefore(end - 3, true) : end;
  let of = named < 2 ? null : nameBefore(text, named);
  if (!of && codeAt(quote) !== 96 && (c === 89 || c === 121) && /\bidentified by$/i.test(text.slice(Math.max(0, end - 16), end)))
    of = { name: 'password', start: end - 2, strength: STRONG, isVendor: false };
  const literal = of && literalAt(text, quote);
  if (!of || !literal || literal.to - literal.from > 512 || literal.to >= text.length) return null;
  // A statement hands a database a passphrase: `CREATE USER … PASSWORD 'two words'`.
  if (!/^PASSWORD$/.test(of.name) && /\s/.test(text.slice(literal.from, literal.to))) return null;
  return judgedLiteral(text, quote, of, of.strength === STRONG ? 'any' : 'loose');
}

const COMMANDS = /(?:^|[\s;&|`(])(?:setenv|ENV|ARG|SetEnv|setx|putenv)$/;
/** `setenv NAME value`, `ENV NAME value`, `setx NAME value`; called at the last letter of the command. */
export function scanSetCommand(text: string, last: number): Match | null {
  if (!isBlank(codeAt(last + 1)) || !COMMANDS.test(text.slice(Math.max(0, last - 8), last + 1))) return null;
  return namedWord(text, skipBlanks(last + 1));
}

const AWS = 'aws configure set ';
/** `aws configure set NAME value`; called at the `w`. */
export const scanAwsCommand = (text: string, at: number): Match | null =>
  text.startsWith(AWS, at - 1) ? namedWord(text, skipBlanks(at - 1 + AWS.length), true) : null;

const ENV_ITEM = /^:([A-Za-z_]\w{1,47})["']?[ \t]+-Value[ \t]+/;
/** `npm config set //host/:_authToken value`, `Set-Item -Path Env:NAME -Value "value"`; called at the colon. */
export function scanColonCommand(text: string, colon: number): Match | null {
  if (codeAt(colon + 1) === 95 && codeAt(colon - 1) === 47) return namedWord(text, colon + 1, true);
  if ((codeAt(colon - 1) | 32) !== 118 || text.slice(colon - 3, colon).toLowerCase() !== 'env') return null;
  const item = ENV_ITEM.exec(text.slice(colon, colon + 72));
  const said = item?.[1] ?? '';
  return item ? valueOf(text, colon + item[0].length, said, colon + 1) : null;
}

/** `NAME value` at `at`, where a command is known to set the one to the other. `isText`: whatever the value looks like, it is one. */
export function namedWord(text: string, at: number, isText = false): Match | null {
  const name = /^["']?([\w.-]{2,48})["']?[ \t]{1,8}(?=\S)/.exec(text.slice(at, at + 64));
  if (!name) return null;
  return valueOf(text, at + name[0].length, name[1] ?? '', at, isText);
}

/** The value at `from`, to which the name at `start` is set. */
function valueOf(text: string, from: number, name: string, start: number, isText = false): Match | null {
  const said = strengthOf(name);
  const of: SecretName = { name, start, strength: isText && said >= WEAK ? STRONG : said, isVendor: true };
  const style = isScreaming(name) || of.strength < WEAK ? 'shell' : 'any';
  return literalAt(text, from) ? judgedLiteral(text, from, of, 'any') : plainSecret(text, from, of, style);
}
