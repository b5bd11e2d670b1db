import { isCapital, isDigit, isWordLetter } from './characters';
import { bitsOf, feed, NAME, PLACE, PLACE_HEAD, SEED } from './lexicon';
import { codeAt } from './reading';

/** One word; `end` excludes the `'s` of a genitive. */
export interface Word {
  readonly start: number;
  readonly end: number;
  readonly hash: number;
  readonly bits: number;
  readonly capital: boolean;
  readonly shouted: boolean;
}

// Endings of family names in many languages, for words that are in no list.
const FAMILY_ENDINGS = new Set(
  'ov ev ova eva yov enko chuk czyk wicz vich vitch ić ič vic ski sky ska ský ská ckov ckova čkov čková ová sson sdottir sdóttir ssen rsen nsen lsen dsen ksen tsen inen änen önen poulos akis idis adis oglu shvili adze dze yan escu eanu berger meier mayer hoffer stein gård gaard lund qvist quist ström strom berg stad elho inho eira ez moto mura yama guchi zawa kawa hashi shima gami hara ов ова ову овым овой ев ева еву евым евой ёв ёва ский ская ского скому ским скую ской цкий цкая цького ський ська енко чук щук ович евич овна евна івна ович йович овић евић швили дзе'.split(
    ' ',
  ),
);
const LEAST_FAMILY = 6;
const MOST = 28;

/** Of the word that was hashed last: its end, and how many small letters of ASCII it has. */
let lastEnd = 0;
let lastLower = 0;
export const hashedEnd = (): number => lastEnd;

/** Hash of the word that begins at `start`; `hashedEnd` answers its end. Most words are looked up and dropped, so this makes no object. */
export function hashWordAt(start: number): number {
  let hash = SEED;
  let end = start;
  let lower = 0;
  const limit = start + 64;
  for (; end < limit; end++) {
    const c = codeAt(end);
    if (!isWordLetter(c)) {
      // `O'Brien`, but not the genitive `Anna's`.
      const isInner = (c === 39 || c === 0x2019) && isCapital(codeAt(end + 1)) && end - start <= 2;
      if (!isInner) break;
      hash = feed(hash, 39);
      continue;
    }
    if (c >= 97 && c <= 122) lower++;
    hash = feed(hash, c);
  }
  lastEnd = end;
  lastLower = lower;
  return hash;
}

/** The word that begins at `start`. */
export function wordAt(start: number): Word {
  const hash = hashWordAt(start);
  const end = lastEnd;
  return {
    start,
    end,
    hash,
    bits: bitsOf(hash),
    capital: isCapital(codeAt(start)),
    shouted: lastLower === 0 && end - start > 1,
  };
}

/**
 * End of the longest known phrase that begins with `first`, or -1. `whole` and `head` are the flags of phrases and of their first words;
 * `next` returns the ends of the following words one by one, or -1.
 */
export function phraseFrom({ end, hash, bits }: Word, whole: number, head: number, next: (end: number) => number): number {
  let found = -1;
  while ((bits & head) !== 0) {
    const to = next(end);
    if (to < 0) break;
    for (; end < to; end++) hash = feed(hash, codeAt(end));
    bits = bitsOf(hash);
    if ((bits & whole) !== 0) found = end;
  }
  return found;
}

/** End of the word after one space behind the word that ends at `end`, or -1. */
function nextEnd(end: number): number {
  if (codeAt(end) !== 32 || !isWordLetter(codeAt(end + 1))) return -1;
  let to = end + 1;
  while (isWordLetter(codeAt(to))) to++;
  return to;
}

/** End of the longest known place of several words that begins with `word`, e.g. `New Zealand`; -1 when none does. */
export const placeEnd = (word: Word): number => phraseFrom(word, PLACE, PLACE_HEAD, nextEnd);

/** Their last two letters, in any case. */
const LAST_LETTERS = new Uint8Array(0x10000);
const pairOf = (a: number, b: number): number => ((a & 0xff) << 8) | (b & 0xff);
for (const ending of FAMILY_ENDINGS) {
  const [a = '', b = ''] = ending.slice(-2);
  for (const first of [a, a.toUpperCase()])
    for (const second of [b, b.toUpperCase()]) LAST_LETTERS[pairOf(first.charCodeAt(0), second.charCodeAt(0))] = 1;
}

/** Whether a word in no list ends like a family name. */
export function looksFamily(text: string, { start, end, bits }: Word): boolean {
  if (bits !== 0 || end - start < LEAST_FAMILY || end - start > MOST) return false;
  if (LAST_LETTERS[pairOf(codeAt(end - 2), codeAt(end - 1))] === 0) return false;
  const word = text.slice(Math.max(start, end - 7), end).toLowerCase();
  for (let from = 0; from < 6; from++) if (FAMILY_ENDINGS.has(word.slice(from))) return true;
  return false;
}
export const isNameWord = (text: string, word: Word): boolean => (word.bits & NAME) !== 0 || looksFamily(text, word);

/** Whether the context before it makes it part of something else: a path, an id, a variable, a handle. */
export function isBound(at: number): boolean {
  if (at === 0) return false;
  const c = codeAt(at - 1);
  if (isWordLetter(c) || isDigit(c)) {
    const before = codeAt(at - 2);
    return !(before === 92 && (c === 110 || c === 116 || c === 114));
  }
  if (c === 93 || c === 95 || c === 47 || c === 64 || c === 36 || c === 35 || c === 37) return true;
  const before = codeAt(at - 2);
  // A placeholder binds like a word.
  if (c === 45) return isWordLetter(before) || isDigit(before) || before === 93;
  return c === 46 && at > 3 && (before === 93 || (isWordLetter(before) && codeAt(at - 3) !== 32));
}
