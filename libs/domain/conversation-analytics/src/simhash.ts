const MAX_CHARS = 20_000;
const MAX_WORDS = 4_000;
const BASIS = 0x811c9dc5;
const PRIME = 0x01000193;
/** What stands for every number. */
const NUMBER = Math.imul(BASIS ^ 0x23, PRIME);

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
/** Letters and digits of text in lower case. Beyond Latin-1 all counts as a letter but the blocks of signs, https://www.unicode.org/charts/. */
const isWordChar = (code: number): boolean =>
  (code >= 97 && code <= 122) ||
  isDigit(code) ||
  (code >= 0xc0 && !(code >= 0x2000 && code <= 0x2bff) && !(code >= 0x3000 && code <= 0x303f) && code < 0xfe00);

/** Spreads a hash over all bits (the finaliser of MurmurHash3, public domain). */
function mixed(value: number): number {
  let sum = value ^ (value >>> 16);
  sum = Math.imul(sum, 0x85ebca6b);
  sum ^= sum >>> 13;
  sum = Math.imul(sum, 0xc2b2ae35);
  return sum ^ (sum >>> 16);
}

/** How often each value of each four bits was met: 16 counts a feature in stead of 64 votes. */
const met = new Uint16Array(16 * 16);

function count(half: number, from: number): void {
  for (let at = 0; at < 8; at++) {
    const place = (from + at) * 16 + ((half >>> (at * 4)) & 15);
    met[place] = (met[place] as number) + 1;
  }
}

/** The bits that more than half of the features have, of eight groups of four. */
function majority(from: number, features: number): number {
  let bits = 0;
  for (let at = 0; at < 8; at++)
    for (let bit = 0; bit < 4; bit++) {
      let having = 0;
      for (let value = 0; value < 16; value++) if ((value >>> bit) & 1) having += met[(from + at) * 16 + value] as number;
      if (2 * having > features) bits |= 1 << (at * 4 + bit);
    }
  return bits;
}

const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');

/** Where the word that was hashed last ends. */
let wordEnd = 0;
/** FNV-1a of the word that begins at `from`. */
function hashWordAt(text: string, from: number): number {
  let sum = BASIS;
  let digits = true;
  let at = from;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (!isWordChar(code)) break;
    digits &&= isDigit(code);
    sum = Math.imul(sum ^ code, PRIME);
  }
  wordEnd = at;
  return digits ? NUMBER : sum;
}

function countFeature(feature: number): void {
  count(mixed(feature), 0);
  count(mixed(feature ^ 0x9e3779b9), 8);
}

/**
 * 64 bits as 16 hex digits that lie close for texts that share most runs of three words (simhash, Charikar, STOC 2002); '' for a text
 * without words. Numbers count as `#`, so that the same prompt about another order stays near.
 */
export function simhash(text: string): string {
  const lower = text.slice(0, MAX_CHARS).toLowerCase();
  met.fill(0);
  let words = 0;
  let before = 0;
  let last = 0;
  for (let at = 0; at < lower.length && words < MAX_WORDS; at++) {
    if (!isWordChar(lower.charCodeAt(at))) continue;
    const word = hashWordAt(lower, at);
    at = wordEnd;
    if (++words >= 3) countFeature((Math.imul((Math.imul(before, 31) + last) | 0, 31) + word) | 0);
    before = last;
    last = word;
  }
  if (words === 0) return '';
  // Texts of one or two words are one run.
  if (words < 3) countFeature((Math.imul(before, 31) + last) | 0);
  const features = Math.max(1, words - 2);
  return hex(majority(0, features)) + hex(majority(8, features));
}
