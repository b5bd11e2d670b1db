import { createCandidates, FORM, WORD } from './candidates';
import { TELLING_SIGNS } from './known-tokens';

// What a character may begin, by code; all others are passed over at once.
export const DIGIT = 1, AT = 2, COLON = 3, EQUALS = 4, DASH = 5, TOKEN = 6, JWT = 7, BEARER = 8, PLUS = 9, PARENTHESIS = 10, PASSWORD = 11; // prettier-ignore
export const CLASS = new Uint8Array(0x10000);
for (let c = 48; c < 58; c++) CLASS[c] = DIGIT;
for (const sign of TELLING_SIGNS) CLASS[sign.charCodeAt(0)] = TOKEN;
const SIGNS = { '@': AT, ':': COLON, '=': EQUALS, '-': DASH, J: JWT, B: BEARER, '+': PLUS, '(': PARENTHESIS, w: PASSWORD }; // prettier-ignore
for (const [sign, what] of Object.entries(SIGNS)) CLASS[sign.charCodeAt(0)] = what;

/** Digits, capitals of ASCII and of Latin-1. */
const isWordSign = (c: number): boolean => (c >= 48 && c < 58) || (c >= 65 && c < 91) || (c >= 0xc0 && c < 0xdf);

const MARKS = Uint8Array.from({ length: 256 }, (_, c) => (CLASS[c] ? FORM : 0) | (isWordSign(c) ? WORD : 0));

/** Of the text that is being looked through; scanners run one after the other, never at once. */
export const candidates = createCandidates(MARKS);
