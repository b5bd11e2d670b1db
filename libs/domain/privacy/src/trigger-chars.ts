import { isAlnum, isDigit, isLetter } from './characters';
import { isContextTrigger, TRIGGER_CHARS } from './known-tokens';

// What a character can begin, by code; all other characters are skipped.
export const NUMBER = 1, AT = 2, COLON = 3, EQUALS = 4, DASH = 5, TELLING = 6, JWT = 7, BEARER = 8, PLUS = 9, PARENTHESIS = 10, PASSWORD = 11, COMMA = 12, QUOTE = 13, BRACE = 14, MARKUP = 15, DOUBLED = 16; // prettier-ignore
export const CLASS = new Uint8Array(0x10000);
for (let c = 48; c < 58; c++) CLASS[c] = NUMBER;
for (const sign of TRIGGER_CHARS) CLASS[sign.charCodeAt(0)] = TELLING;
// `setenv `, `ENV `, `ARG ` and `setx ` end in these.
for (const sign of 'vVxG') CLASS[sign.charCodeAt(0)] = TELLING;
const SIGNS = { '@': AT, ':': COLON, '=': EQUALS, '-': DASH, J: JWT, B: BEARER, '+': PLUS, '(': PARENTHESIS, w: PASSWORD, ',': COMMA, '"': QUOTE, "'": QUOTE, '`': QUOTE, '{': BRACE, '>': MARKUP, '|': DOUBLED, '?': DOUBLED }; // prettier-ignore
for (const [sign, what] of Object.entries(SIGNS)) CLASS[sign.charCodeAt(0)] = what;

const isQuote = (c: number): boolean => CLASS[c] === QUOTE;

/** Whether a structured value can begin at `c`, after `before`: most characters begin one only after some others. */
export function mayBeForm(before: number, c: number): boolean {
  switch (CLASS[c]) {
    case 0:
      return false;
    case NUMBER:
      return !isDigit(before);
    case JWT:
      return before === 121;
    case PASSWORD:
      // `password`, `aws configure set`.
      return before === 115 || before === 97;
    case TELLING:
      // `www.`; `setenv `, `ENV ` and `setx ` are commands.
      return isContextTrigger(before, c) || (c === 46 && (before | 32) === 119) || isCommandEnd(before, c);
    case COMMA:
      return isQuote(before);
    case QUOTE:
      return before === 32 || before === 9;
    case BRACE:
      return isAlnum(before);
    case MARKUP:
      return isLetter(before) || isDigit(before) || isQuote(before);
    case DOUBLED:
      return before === c;
    default:
      return true;
  }
}

/** The last two letters of the commands that set a variable. */
export const isCommandEnd = (before: number, c: number): boolean =>
  ((c | 32) === 118 && (before | 32) === 110) || (c === 120 && before === 116) || (c === 71 && before === 82);
