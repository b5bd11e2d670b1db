import { DIGIT, WORD_LETTER, CAPITAL, isKind, isDigit, isLetter, isWordLetter, isCapital, runEnd } from './characters';
import { codeAt, read } from './reading';
import { bitsOf, COMMON, feed, SEED } from './lexicon';
import { type Match, PLACEHOLDER } from './match';
import { runAt } from './run';
import { addressAtNumber, addressAtWord } from './scan-street';
import { scanNames, scanSmallName } from './scan-name';
import { isBound } from './words';

/** Texts of small letters only are read as if every word might be a name; longer ones are no message somebody typed. */
const MAX_LOWERED = 600;

function isLowered(text: string): boolean {
  if (text.length > MAX_LOWERED) return false;
  for (let i = 0; i < text.length; i++) if (isCapital(codeAt(i))) return false;
  return true;
}

/** What may begin something: a word with a capital or a number of a street. */
const BEGINS = CAPITAL | DIGIT;

/** A word that is only a word, with nothing capitalised and no number behind it: most capitals are beginnings of sentences. */
function plainEnd(at: number): number {
  let hash = SEED;
  let end = at;
  for (; end - at < 24; end++) {
    const c = codeAt(end);
    if (!isLetter(c)) break;
    hash = feed(hash, c);
  }
  const c = codeAt(end);
  const next = codeAt(end + 1);
  if (c === 32 && next < 128 && isKind(next, BEGINS)) return -1;
  if (c >= 0xc0 || c === 46 || c === 45) return -1;
  return end - at === 1 || bitsOf(hash) === COMMON ? end : -1;
}

/** Names, places, organisations and addresses, in order and without overlaps. One pass: each looks at a bounded stretch. */
export function scanProse(text: string): Match[] {
  read(text);
  if (isLowered(text)) return scanLowered(text, []);
  const matches: Match[] = [];
  const { length } = text;
  for (let at = 0; at < length;) {
    const c = codeAt(at);
    if (!isKind(c, BEGINS)) {
      at++;
      continue;
    }
    if (isDigit(c)) {
      const end = isBound(at) ? -1 : addressAtNumber(text, at, matches);
      if (end > 0) at = end;
      else while (isDigit(codeAt(at))) at++;
      continue;
    }
    if (isBound(at)) {
      at++;
      continue;
    }
    if (codeAt(at - 1) === 91) {
      const replaced = PLACEHOLDER.exec(text.slice(at - 1, at + 52));
      if (replaced) {
        at += replaced[0].length - 1;
        continue;
      }
    }
    const end = plainEnd(at);
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
    const c = codeAt(at);
    const isNumber = isDigit(c);
    if (!isNumber && !isWordLetter(c)) {
      at++;
      continue;
    }
    const isFree = !isBound(at);
    const found = isFree && isNumber ? addressAtNumber(text, at, matches) : -1;
    if (found > 0) at = found;
    else if (isFree && !isNumber) at = Math.max(at + 1, scanSmallName(text, at, matches));
    else at = runEnd(at, text.length, isNumber ? DIGIT : WORD_LETTER);
  }
  return matches;
}
