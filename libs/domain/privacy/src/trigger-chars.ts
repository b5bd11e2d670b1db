import { TRIGGER_CHARS } from './known-tokens';

// What a character can begin, by code; all other characters are skipped.
export const NUMBER = 1, AT = 2, COLON = 3, EQUALS = 4, DASH = 5, TELLING = 6, JWT = 7, BEARER = 8, PLUS = 9, PARENTHESIS = 10, PASSWORD = 11; // prettier-ignore
export const CLASS = new Uint8Array(0x10000);
for (let c = 48; c < 58; c++) CLASS[c] = NUMBER;
for (const sign of TRIGGER_CHARS) CLASS[sign.charCodeAt(0)] = TELLING;
const SIGNS = { '@': AT, ':': COLON, '=': EQUALS, '-': DASH, J: JWT, B: BEARER, '+': PLUS, '(': PARENTHESIS, w: PASSWORD }; // prettier-ignore
for (const [sign, what] of Object.entries(SIGNS)) CLASS[sign.charCodeAt(0)] = what;
