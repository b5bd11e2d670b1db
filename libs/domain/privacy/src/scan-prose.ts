import { isDigit } from './characters';
import { type Match } from './match';
import { addressAtNumber, addressAtWord } from './scan-street';
import { scanNames } from './scan-name';
import { isBound, isCapital, isWordLetter, wordAt } from './words';

const KIND = new Uint8Array(128);
for (let c = 48; c < 58; c++) KIND[c] = 1;
for (let c = 65; c < 91; c++) KIND[c] = 2;

/** Texts of small letters only are read as if every word might be a name; longer ones are no message somebody typed. */
const MAX_LOWERED = 600;

function isLowered(text: string): boolean {
  if (text.length > MAX_LOWERED) return false;
  for (let i = 0; i < text.length; i++) if (isCapital(text.charCodeAt(i))) return false;
  return true;
}

/** Names, places, organisations and addresses, in order and without overlaps. One pass: each looks at a bounded stretch. */
export function scanProse(text: string): Match[] {
  const matches: Match[] = [];
  const { length } = text;
  if (isLowered(text)) return scanLowered(text, matches);
  let bare = 0;
  for (let at = 0; at < length; ) {
    const c = text.charCodeAt(at);
    if (c < 128 ? KIND[c] === 0 : !isCapital(c)) {
      at++;
      continue;
    }
    if (isBound(text, at)) {
      at++;
      continue;
    }
    if (isDigit(c)) {
      const end = at >= bare ? addressAtNumber(text, at, matches) : -1;
      if (end > 0) at = end;
      else while (at < length && isDigit(text.charCodeAt(at))) at++;
      continue;
    }
    const address = addressAtWord(text, at, matches);
    if (address > 0) at = bare = address;
    else at = Math.max(at + 1, scanNames(text, at, false, matches));
  }
  return matches;
}

function scanLowered(text: string, matches: Match[]): Match[] {
  for (let at = 0; at < text.length; ) {
    const c = text.charCodeAt(at);
    if (isBound(text, at) || !(isWordLetter(c) || isDigit(c))) {
      at++;
      continue;
    }
    const address = isDigit(c) ? addressAtNumber(text, at, matches) : -1;
    if (address > 0) at = address;
    else if (isDigit(c)) while (at < text.length && isDigit(text.charCodeAt(at))) at++;
    else {
      scanNames(text, at, true, matches);
      at = Math.max(at + 1, wordAt(text, at).end);
    }
  }
  return matches;
}
