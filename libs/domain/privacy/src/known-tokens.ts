import { hasDigit, isAlnum, isLower, isUpper, runEnd, startsWord } from './characters';
import { tripleBefore, tripleOf, TRIPLES } from './context-keywords';
import { match, type Match, SECRET } from './match';
import { codeAt } from './reading';
import { MAX_TOKEN, TOKEN_FORMS, type TokenForm } from './token-forms';

const other = (sign: string): string => (sign === sign.toLowerCase() ? sign.toUpperCase() : sign.toLowerCase());
/** The telling character and the two before it, in every case that counts. */
function* tellings({ prefix, telling, isAnyCase }: TokenForm): Generator<readonly [string, string]> {
  const before = prefix.charAt(telling - 1);
  const sign = prefix.charAt(telling);
  yield [before, sign];
  if (!isAnyCase) return;
  yield [other(before), sign];
  yield [before, other(sign)];
  yield [other(before), other(sign)];
}

/** Trigger characters of known tokens. */
export const TRIGGER_CHARS: ReadonlySet<string> = new Set(
  TOKEN_FORMS.flatMap((form) => [...tellings(form)].map(([, sign]) => sign)),
);

/** The trigger character and the two before it: one lookup rejects nearly every dash and underscore. */
const LAST = new Uint8Array(TRIPLES);
/** By the trigger character and the one before it. */
const BY_PAIR = new Array<TokenForm[] | null>(128 * 128).fill(null);
for (const form of TOKEN_FORMS)
  for (const [before, sign] of tellings(form)) {
    const pair = before.charCodeAt(0) * 128 + sign.charCodeAt(0);
    const those = (BY_PAIR[pair] ??= []);
    if (!those.includes(form)) those.push(form);
    // When the token begins one character before, anything may precede it.
    for (let c = 0; c < 32; c++)
      LAST[tripleOf(form.telling > 1 ? form.prefix.charCodeAt(form.telling - 2) : c, before.charCodeAt(0), sign.charCodeAt(0))] =
        1;
  }

// `sb_secret_` before `secret_`.
for (const those of BY_PAIR) those?.sort((a, b) => b.prefix.length - a.prefix.length);

/** Whether this trigger character, after the one before it, can belong to a known token. */
export const isContextTrigger = (before: number, sign: number): boolean => before < 128 && BY_PAIR[before * 128 + sign] !== null;

/** Whether the characters are not those of a word: a digit, or both cases. */
function isMixed(from: number, to: number): boolean {
  let uppers = 0;
  let lowers = 0;
  for (let i = from; i < to; i++) {
    if (isUpper(codeAt(i))) uppers++;
    else if (isLower(codeAt(i))) lowers++;
  }
  return hasDigit(from, to) || (uppers > 1 && lowers > 1);
}

/** The token of this form whose prefix begins at `from`. */
function tokenAt(text: string, form: TokenForm, from: number): Match | null {
  const { prefix, least, most, made, lead } = form;
  const start = from - lead;
  if (start < 0 || !startsWord(start)) return null;
  if (!text.startsWith(prefix, from) && !(form.isAnyCase && text.slice(from, from + prefix.length).toLowerCase() === prefix.toLowerCase())) return null; // prettier-ignore
  const begin = from + prefix.length;
  let end = runEnd(begin, Math.min(MAX_TOKEN, most + 1), made);
  // A dot ends the sentence, not the token.
  while (end > begin && codeAt(end - 1) === 46) end--;
  const length = end - begin;
  if (length < least || length > most) return null;
  if (most < MAX_TOKEN && isAlnum(codeAt(end))) return null;
  if (form.needs === 'digit' && length < 32 && !hasDigit(begin, end)) return null;
  if (form.needs === 'mixed' && length < 32 && !isMixed(begin, end)) return null;
  if (form.shape && !form.shape.test(text.slice(start, end))) return null;
  return match(form.keepsPrefix ? begin : start, end, SECRET);
}

/** The known token whose trigger character is at `at`. */
export function scanKnownToken(text: string, at: number): Match | null {
  if (LAST[tripleBefore(at + 1)] === 0) return null;
  const before = codeAt(at - 1);
  const candidates = before < 128 && BY_PAIR[before * 128 + codeAt(at)];
  if (!candidates) return null;
  for (const form of candidates) {
    const from = at - form.telling;
    const c = codeAt(from);
    const first = form.prefix.charCodeAt(0);
    if (from < 0 || (c !== first && !(form.isAnyCase && (c | 32) === (first | 32)))) continue;
    const found = tokenAt(text, form, from);
    if (found) return found;
  }
  return null;
}
