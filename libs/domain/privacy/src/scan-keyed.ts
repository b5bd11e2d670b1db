import { runEnd, VALUE } from './characters';
import { match, type Match, SECRET } from './match';
import { isLoneToken } from './lone-word';
import { codeAt } from './reading';
import {
  isBlank,
  isQuote,
  literalAt,
  MAX_VALUE,
  mayBeLiteral,
  nameBefore,
  nameEndBefore,
  nextLine,
  type SecretName,
  skipBlanks,
} from './secret-place';
import { HINTS, isScreaming, isSecretName, SAYS_NOTHING, type Strength, strengthOf, WEAK } from './secret-names';
import { isPlainSecret, isQuotedSecret, type Style } from './secret-value';
import { isVendorSecret, mentionsVendor } from './vendor-forms';

// `name <sign> value` in settings, shells and programs: `:`, `=`, `:=`, `=>`, `?=`, `.=`, `||=`, `<-`, `||` and others.

export interface KeyedScan {
  readonly found: Match | null;
  /** A secret name in JSON with an array, an object or what looks harmless as its value, which walking the values masks. */
  readonly needsWalk: boolean;
}
const NOTHING: KeyedScan = { found: null, needsWalk: false };

/** Judged by its first characters. */
const MAX_JUDGED = 512;

/** The secret in [from, to), after a name. */
function judged(text: string, from: number, to: number, of: SecretName, style: Style, isQuoted: boolean): Match | null {
  if (to <= from) return null;
  const value = text.slice(from, Math.min(to, from + MAX_JUDGED));
  const isSecret = isQuoted
    ? isQuotedSecret(value, of.name, of.strength, style)
    : isPlainSecret(value, text.slice(to, to + 2), of.name, of.strength, style);
  if (isSecret) return match(from, to, SECRET);
  if (!isQuoted && style === 'any' && of.strength === WEAK && isLoneToken(text, from, to, of)) return match(from, to, SECRET);
  return of.isVendor && to - from >= 14 && isVendorSecret(of.name, of.strength, value) ? match(from, to, SECRET) : null;
}

/** Judges a literal after a name. */
export function judgedLiteral(text: string, at: number, of: SecretName, style: Style): Match | null {
  const literal = literalAt(text, at);
  return literal && judged(text, literal.from, literal.to, of, style, true);
}

const CONTINUES = /^[,;&)}\]<>][^\s,;&)}\]<>"'`\\]/;
const ASSIGNS = /^[,;&)}\]<>]+\s?[\w .-]{1,20}[=:]/;
/** End of an unquoted value; a word of a shell ends at a blank. */
function plainEnd(text: string, from: number, isWord: boolean): number {
  let to = runEnd(from, MAX_VALUE, VALUE);
  if (!isWord) return to;
  for (let n = 0; n < 8; n++) {
    const rest = text.slice(to, to + 24);
    if (!CONTINUES.test(rest) || ASSIGNS.test(rest)) break;
    to = runEnd(to + 1, MAX_VALUE, VALUE);
  }
  return to;
}

/** Masked to its end by its own scanner. */
const PRIVATE_KEY = '-----BEGIN ';
const SCHEME = /^(?:bearer|basic|digest|token|apikey|negotiate|sso-key)$/i;

/** The unquoted value that begins at `at`. */
export function plainSecret(text: string, at: number, of: SecretName, style: Style, isWord = style === 'shell'): Match | null {
  let from = at;
  let to = plainEnd(text, from, isWord);
  if (text.startsWith(PRIVATE_KEY, from)) return null;
  let as = style;
  if (SCHEME.test(text.slice(from, Math.min(to, from + 10))) && isBlank(codeAt(to))) {
    from = skipBlanks(to, 4);
    to = plainEnd(text, from, isWord);
    as = 'shell';
  }
  // A dot or colon at the end is that of the sentence.
  while (to > from + 1 && (codeAt(to - 1) === 46 || codeAt(to - 1) === 58)) to--;
  return judged(text, from, to, of, as, false);
}

/** A type and the sign after it: `: Optional[str] = `, `: &'static str = `, `: constant String := `. */
const TYPE = /^(?:constant |const |mut )?[&*?]?(?:'\w+ )?[A-Za-z_][\w.:]{0,30}(?:<[^=\n]{0,30}>|\[[^\]=\n]{0,30}\]|\([\d, ]{0,8}\))*[?!]?(?: ?\| ?[\w.[\]]{1,20})*[ \t]+:?=(?![=>~])[ \t]*/; // prettier-ignore
const GLUED_TYPE = /^(?:str|string|String|bytes|text|any)\??=(?![=>~])/;
const BLOCK = /^[|>][+-]?\d?[ \t]*\r?\n[ \t]+/;
/** A call that passes its text on: `String("…")`, `new SecretStr("…")`, `Buffer.from("…")`, `(ConvertTo-SecureString "…")`. */
const CALL = /^\(?[ \t]*(?:new )?([\w.:$-]{1,40})!?(?:<\w{1,20}>)?(?:[ \t]+-\w+)?[ \t]?\(?[ \t]*(?=[bBuUrL@$]{0,2}["'`])/;
const PASSES_ON =
  /(?:^|[.:$])(?:\w*String|\w*Str|str|from|of|Some|Just|Ok|[bB]ytes|byte|Buffer|\w*[eE]ncode\w*|\w*[dD]ecode\w*|\w*[bB]ase64\w*|Password|Token|Secret\w*|\w*Secret|Credential\w*|sensitive|nonsensitive|quote|trim|strdup|to_string|wrap|text|literal|lit|ConvertTo-SecureString|fromUtf8|fromLatin1|return)$/;
const FETCHES = /(?:^|[.:])(?:get|fetch|read|load|find|lookup|resolve|retrieve|require|describe|access)/i;

/** The value of `of` that begins after a sign, at `at`. */
function valueAt(text: string, at: number, of: SecretName, style: Style, mayBeType: boolean): Match | null {
  let from = skipBlanks(at);
  const line = nextLine(from);
  if (line > 0) {
    const isLiteral = style !== 'any' || isQuote(codeAt(line));
    return isLiteral ? judgedLiteral(text, line, of, style) : null;
  }
  const literal = judgedLiteral(text, from, of, style);
  if (literal || literalAt(text, from)) return literal;
  const said = text.slice(from, from + 96);
  let as = style;
  if (mayBeType) {
    const type = TYPE.exec(said) ?? GLUED_TYPE.exec(said);
    const block = BLOCK.exec(said);
    if (type || block) {
      from += (type ?? block)?.[0].length ?? 0;
      if (type) as = 'code';
      if (literalAt(text, from)) return judgedLiteral(text, from, of, as);
    }
  }
  const wrapped = wrappedAt(text, from);
  return wrapped > 0 ? judgedLiteral(text, wrapped, of, as) : plainSecret(text, from, of, as);
}

/** Where the literal begins that the call at `at` passes on, or -1. */
export function wrappedAt(text: string, at: number): number {
  const call = CALL.exec(text.slice(at, at + 64));
  const callee = call?.[1] ?? '';
  return call && PASSES_ON.test(callee) && !FETCHES.test(callee) ? at + call[0].length : -1;
}

const SIBLING =
  /(?:name|key|id|variable|param|property|var)\\?["']?[ \t]{0,2}(?:[:=]|=>)[ \t]{0,2}\\?["']?([\w.:-]{3,48})\\?["']?[\s,;]{0,24}[{(]?\\?["']?$/i;
/** The name in the attribute before one called `value`: `name: DB_PASSWORD, value: …`. */
function siblingOf(text: string, start: number): SecretName | null {
  const found = SIBLING.exec(text.slice(Math.max(0, start - 96), start));
  const name = found?.[1] ?? '';
  const strength: Strength = name === '' ? SAYS_NOTHING : strengthOf(name);
  return name === '' ? null : { name, start, strength, isVendor: true };
}
const isValueName = (end: number): boolean =>
  (codeAt(end - 5) | 32) === 118 && (codeAt(end - 4) | 32) === 97 && (codeAt(end - 3) | 32) === 108 && (codeAt(end - 2) | 32) === 117 && (codeAt(end - 1) | 32) === 101; // prettier-ignore

const TYPED =
  /(?:^|[\s(,;@])@?([\w.$]{3,48})[ \t]+(?:as[ \t]+|of[ \t]+)?(?:[&*]{0,2}[A-Za-z_][\w.]{0,24}(?:<[\w, ]{1,24}>|\[\]|\([\d, ]{1,8}\))?[*?]{0,2})(?:[ \t]*\{[^{}\n]{0,24}\})?[ \t]*$/i;
/** The name of a declaration with the type between it and the sign: `password string = "…"`, `Password As String = "…"`. */
function typedBefore(text: string, sign: number): SecretName | null {
  const found = TYPED.exec(text.slice(Math.max(0, sign - 72), sign));
  const name = found?.[1] ?? '';
  const strength: Strength = name === '' ? SAYS_NOTHING : strengthOf(name);
  const isVendor = name !== '' && mentionsVendor(name);
  return strength >= HINTS || isVendor ? { name, start: sign, strength, isVendor } : null;
}

type Kind = 'none' | 'assign' | 'compare' | 'colon' | 'define' | 'default';
/** First character of the sign last read, and the one after it. Kept here because a sign is read at every colon. */
let signFrom = 0;
let signTo = 0;
const OPERATORS = new Set([...'?+.|&/*~^%'].map((sign) => sign.charCodeAt(0)));
const isOperator = (c: number): boolean => OPERATORS.has(c);

function read(at: number, end: number, kind: Kind): Kind {
  signFrom = at;
  signTo = end;
  return kind;
}

/** Reads the sign that is at `at`; `none` when another one, which is looked at by itself, includes it. */
function readSign(at: number): Kind {
  const before = codeAt(at - 1);
  const next = codeAt(at + 1);
  if (codeAt(at) === 58) {
    if (before === 58) return 'none';
    if (next === 61) return read(at, at + 2, 'define');
    if (next === 58) return codeAt(at + 2) === 61 ? read(at, at + 3, 'define') : 'none';
    // `name?: type = "…"`, `getenv("NAME") ?: "…"`, `${NAME:-…}`.
    if (before === 63) return read(at - 1, at + 1, 'colon');
    return next === 45 && codeAt(at + 2) > 32 && !isQuote(before) ? read(at, at + 2, 'default') : read(at, at + 1, 'colon');
  }
  if (before === 61 || before === 58 || before === 60 || before === 62 || before === 33 || next === 126) return 'none';
  if (next === 62) return read(at, at + 2, 'assign');
  if (next === 61) return read(at, at + (codeAt(at + 2) === 61 ? 3 : 2), 'compare');
  let first = at;
  while (at - first < 2 && isOperator(codeAt(first - 1))) first--;
  return read(first, at + 1, first < at ? 'define' : 'assign');
}

function styleOf(of: SecretName, kind: Kind, end: number, isQuotedName: boolean): Style {
  if (kind === 'compare') return 'loose';
  if (kind === 'default') return 'shell';
  if (kind === 'colon') return isQuotedName ? 'json' : 'any';
  const isGlued = end === signFrom && !isBlank(codeAt(signFrom - 1));
  if (isScreaming(of.name) && (kind === 'define' || isGlued)) return 'shell';
  return kind === 'define' ? 'code' : 'any';
}

/** Where the name before the sign ends: `Password { get; set; } = ` has accessors between. */
function nameEnd(text: string, isCall: boolean): number {
  const end = nameEndBefore(signFrom, isCall);
  if (end > 0 || (codeAt(signFrom - 1) !== 125 && codeAt(signFrom - 2) !== 125)) return end;
  const accessors = ACCESSORS.exec(text.slice(Math.max(0, signFrom - 48), signFrom));
  return accessors ? nameEndBefore(signFrom - accessors[0].length, false) : end;
}
const ACCESSORS = /[ \t]*\{[ \t]*(?:(?:private |protected |internal )?(?:get|set|init);[ \t]*){1,3}\}[ \t]?$/;

/** `name: value`, `name=value`, `"name":"value"` and the same in JSON inside text; called at `:` or `=`. */
export function scanKeyed(text: string, at: number): KeyedScan {
  const kind = readSign(at);
  if (kind === 'none') return NOTHING;
  const end = nameEnd(text, signFrom < at && kind === 'colon');
  const of = end < 2 ? null : isValueName(end) ? siblingOf(text, end - 5) : nameBefore(text, end);
  if (!of) return kind === 'assign' || kind === 'define' ? scanTyped(text) : NOTHING;
  const last = codeAt(signFrom - 1);
  const isQuotedName =
    end < signFrom && !isBlank(codeAt(end)) && codeAt(end) !== 96 && last !== 93 && last !== 41 && last !== 125;
  const style = styleOf(of, kind, end, isQuotedName);
  if (style === 'json' && of.strength >= WEAK) {
    const c = codeAt(skipBlanks(signTo, 6));
    if (c === 91 || c === 123) return { found: null, needsWalk: true };
  }
  // `'password='` is a literal that ends there, and `a ? password : b` no assignment.
  if (!isQuotedName && isQuote(codeAt(signTo)) && codeAt(of.start - 1) === codeAt(signTo)) return NOTHING;
  if (kind === 'colon' && isBlank(codeAt(at - 1)) && text.slice(Math.max(0, of.start - 64), of.start).includes('? '))
    return NOTHING;
  const found = valueAt(text, signTo, of, style, kind === 'colon' && style === 'any');
  if (found) return { found, needsWalk: false };
  return style === 'json' && isSecretName(of.name) ? { found, needsWalk: true } : NOTHING;
}

/** A literal after the sign, and the name before the type: `password string = "…"`. */
function scanTyped(text: string): KeyedScan {
  if (!isBlank(codeAt(signFrom - 1))) return NOTHING;
  const at = skipBlanks(signTo);
  if (!mayBeLiteral(at)) return NOTHING;
  const of = typedBefore(text, signFrom);
  const found = of && judgedLiteral(text, at, of, 'any');
  return found ? { found, needsWalk: false } : NOTHING;
}

/** `name <- value`, `name || "value"`, `name ?? "value"`: called at the last character of the sign, which has two. */
export function scanOperator(text: string, last: number): Match | null {
  const end = nameEndBefore(last - 1, true);
  const of = end < 2 ? null : nameBefore(text, end);
  return of && judgedLiteral(text, skipBlanks(last + 1), of, 'any');
}
