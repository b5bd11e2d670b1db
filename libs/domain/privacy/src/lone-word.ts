import { STATES } from './secret-value';
import { type SecretName } from './secret-place';

// Words as tokens: `token: swordfish` is one in settings, and a state or a kind of token in most sentences.

const WORD = /^[A-Za-z][A-Za-z-]{4,}\d{0,2}$/;
/** A state, an action or a kind: `expired`, `refreshing`, `identifier`. */
const DESCRIBES = /(?:ed|ing|able|ible|ive|ous|ful|less|tion|ment|ness|ity|fier|al|ly)$/i;
const KINDS = /^(?:string|number|object|integer|opaque|bearer|access|refresh|identifier|session|cookie|header|comma|colon|semicolon|keyword|operator|punctuation|whitespace|newline|anonymous|unauthenticated|forbidden|unexpected|error|debug|basic|stdin)$/i; // prettier-ignore
const MAX_LINE = 160;
const BEFORE_KEY = /^[ \t]*(?:- )?$/;
const SETTING = /^[ \t]*(?:- )?[\w.-]{2,48}:(?:[ \t]|$)/;
const OWNED = /\b(?:my|our|his|her|their) (?:[a-z]{2,12} )?$/i;

const lineFrom = (text: string, at: number): string => text.slice(at, at + MAX_LINE).split('\n', 1)[0] ?? '';
const lineTo = (text: string, at: number): string =>
  text
    .slice(Math.max(0, at - MAX_LINE), at)
    .split('\n')
    .at(-1) ?? '';

/** Whether what stands in [from, to) is a token although it is a word: alone on the line of a setting, or said to be somebody's. */
export function isLoneToken(text: string, from: number, to: number, { name, start }: SecretName): boolean {
  const word = text.slice(from, to);
  if (!/token$/i.test(name) || !WORD.test(word) || DESCRIBES.test(word) || KINDS.test(word) || STATES.has(word.toLowerCase()))
    return false;
  const rest = lineFrom(text, to);
  const before = lineTo(text, start);
  if (/^[.!,;]?(?:\s|$)/.test(rest) && OWNED.test(before)) return true;
  if (!BEFORE_KEY.test(before) || !/^[ \t\r]*(?:#.*)?$/.test(rest)) return false;
  if (/[_.-]token$|[a-z]Token$/.test(name)) return true;
  const above = start - before.length - 1;
  const below = to + rest.length + 1;
  return (above > 0 && SETTING.test(lineTo(text, above))) || (below < text.length && SETTING.test(lineFrom(text, below)));
}
