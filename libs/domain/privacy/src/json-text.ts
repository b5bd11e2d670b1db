import { closingQuote } from '@telltale/kernel';

/** What becomes of the texts, numbers and keys of JSON. `name`: the key that a value stands under, also where it is in a list. */
export interface JsonRewrite {
  value(value: string | number, name: string): unknown;
  key(key: string): string;
}

const START = /\{(?=\s*["}])|\[(?=\s*["[{])/g;
const MAX_DEPTH = 100;
/** Beginnings in one text that may turn out not to be JSON. */
const MAX_ATTEMPTS = 8;
/** Pieces of JSON in one text; what comes behind them is read as words. */
const MAX_PIECES = 500;

const QUOTE = 34;
const COLON = 58;
const isOpening = (c: number): boolean => c === 123 || c === 91;
const isClosing = (c: number): boolean => c === 125 || c === 93;
const isNumberStart = (c: number): boolean => (c >= 48 && c <= 57) || c === 45;

/** End of what opens at `start`, or -1. */
function closingBracket(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === QUOTE) {
      at = closingQuote(text, at + 1);
      if (at < 0) return -1;
    } else if (isOpening(c)) {
      if (++depth > MAX_DEPTH) return -1;
    } else if (isClosing(c) && --depth === 0) return at + 1;
  }
  return -1;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Where JSON objects and lists stand in a text: all of it, or between words, as `[start, end)` in order. */
export function findJson(text: string): (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  START.lastIndex = 0;
  for (let failed = 0; failed < MAX_ATTEMPTS && found.length < MAX_PIECES && START.test(text);) {
    const start = START.lastIndex - 1;
    const end = closingBracket(text, start);
    if (end > 0 && isJson(text.slice(start, end))) {
      found.push([start, end]);
      START.lastIndex = end;
    } else failed++;
  }
  return found;
}

const isSpace = (c: number): boolean => c === 32 || (c >= 9 && c <= 13);
/** What a number of valid JSON is made of: digits, `+`, `-`, `.`, `e`, `E`. */
const isOfNumber = (c: number): boolean => isNumberStart(c) || c === 43 || c === 46 || (c | 32) === 101;
function skip(isSkipped: (c: number) => boolean, text: string, from: number): number {
  let at = from;
  while (isSkipped(text.charCodeAt(at))) at++;
  return at;
}

/** `json`, which is valid, with its values and keys rewritten. What does not change stays as it was written, with spacing and digits. */
export function rewriteJson(json: string, { value, key }: JsonRewrite): string {
  let out = '';
  let from = 0;
  const put = (start: number, end: number, said: unknown): void => {
    out += json.slice(from, start) + JSON.stringify(said);
    from = end;
  };
  /** By depth, the key that values there stand under. */
  const names = [''];
  let depth = 0;
  for (let at = 0; at < json.length;) {
    const c = json.charCodeAt(at);
    if (c === QUOTE) {
      const end = closingQuote(json, at + 1) + 1;
      const raw = json.slice(at, end);
      const said = raw.includes('\\') ? (JSON.parse(raw) as string) : raw.slice(1, -1);
      const next = skip(isSpace, json, end);
      const isKey = json.charCodeAt(next) === COLON;
      const after = isKey ? key(said) : value(said, names[depth] as string);
      if (after !== said) put(at, end, after);
      if (isKey) names[depth] = said;
      at = isKey ? next + 1 : end;
    } else if (isNumberStart(c)) {
      const end = skip(isOfNumber, json, at);
      const raw = json.slice(at, end);
      const said = String(Number(raw)) === raw ? Number(raw) : raw;
      const after = value(said, names[depth] as string);
      if (after !== said) put(at, end, after);
      at = end;
    } else {
      if (isOpening(c)) {
        const name = names[depth] as string;
        names[++depth] = name;
      } else if (isClosing(c)) depth--;
      at++;
    }
  }
  return out + json.slice(from);
}
