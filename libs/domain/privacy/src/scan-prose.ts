import { WORD } from './candidates';
import { isDigit, isLetter, runEnd } from './characters';
import { bitsOf, COMMON, feed, SEED } from './lexicon';
import { type Match, PLACEHOLDER } from './match';
import { runAt } from './run';
import { addressAtNumber, addressAtWord } from './scan-street';
import { scanNames, scanSmallName } from './scan-name';
import { candidates } from './signs';
import { isBound, isCapital, isWordLetter } from './words';

const KIND = new Uint8Array(256);
for (let c = 48; c < 58; c++) KIND[c] = 1;
for (let c = 65; c < 91; c++) KIND[c] = 2;
for (let c = 0xc0; c < 0xdf; c++) KIND[c] = 2;

/** Texts of small letters only are read as if every word might be a name; longer ones are no message somebody typed. */
const MAX_LOWERED = 600;

function isLowered(text: string): boolean {
  if (text.length > MAX_LOWERED) return false;
  for (let i = 0; i < text.length; i++) if (isCapital(text.charCodeAt(i))) return false;
  return true;
}

const WIDE = /[^\u0000-\u00ff]/;
const LONG = 40;

/** Place of the next sign from `at` on that may begin something. */
function nextCandidate(text: string, at: number, isNarrow: boolean): number {
  if (isNarrow) return candidates.next(at, WORD);
  for (let i = at; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 128 ? KIND[c] !== 0 : isCapital(c)) return i;
  }
  return text.length;
}

/** A word that is only a word, with nothing capitalised and no number behind it: most capitals are beginnings of sentences. */
function plainEnd(text: string, at: number): number {
  let hash = SEED;
  let end = at;
  for (; end - at < 24; end++) {
    const c = text.charCodeAt(end);
    if (c >= 0xc0 || !isLetter(c)) break;
    hash = feed(hash, c);
  }
  if (text.charCodeAt(end) === 32 && KIND[Math.min(text.charCodeAt(end + 1), 127)] !== 0) return -1;
  const c = text.charCodeAt(end);
  if (c >= 0xc0 || c === 46 || c === 45) return -1;
  return end - at === 1 || bitsOf(hash) === COMMON ? end : -1;
}

/** Names, places, organisations and addresses, in order and without overlaps. One pass: each looks at a bounded stretch. */
export function scanProse(text: string): Match[] {
  if (isLowered(text)) return scanLowered(text, []);
  const matches: Match[] = [];
  const { length } = text;
  const isNarrow = length >= LONG && !WIDE.test(text);
  if (isNarrow) candidates.read(text);
  for (let at = nextCandidate(text, 0, isNarrow); at < length; at = nextCandidate(text, at, isNarrow)) {
    const c = text.charCodeAt(at);
    if (isDigit(c)) {
      const end = isBound(text, at) ? -1 : addressAtNumber(text, at, matches);
      if (end > 0) at = end;
      else while (isDigit(text.charCodeAt(at))) at++;
      continue;
    }
    if (isBound(text, at) || !isCapital(c)) {
      at++;
      continue;
    }
    if (text.charCodeAt(at - 1) === 91) {
      const replaced = PLACEHOLDER.exec(text.slice(at - 1, at + 52));
      if (replaced) {
        at += replaced[0].length - 1;
        continue;
      }
    }
    const end = plainEnd(text, at);
    if (end > 0) {
      at = end;
      continue;
    }
    const run = runAt(text, at);
    const address = addressAtWord(text, run, matches);
    at = address > 0 ? address : Math.max(at + 1, scanNames(text, run, matches));
  }
  return matches;
}

function scanLowered(text: string, matches: Match[]): Match[] {
  for (let at = 0; at < text.length;) {
    const c = text.charCodeAt(at);
    const isNumber = isDigit(c);
    if (!isNumber && !isWordLetter(c)) {
      at++;
      continue;
    }
    const isFree = !isBound(text, at);
    const found = isFree && isNumber ? addressAtNumber(text, at, matches) : -1;
    if (found > 0) at = found;
    else if (isFree && !isNumber) at = Math.max(at + 1, scanSmallName(text, at, matches));
    else at = runEnd(text, at, text.length, isNumber ? isDigit : isWordLetter);
  }
  return matches;
}
