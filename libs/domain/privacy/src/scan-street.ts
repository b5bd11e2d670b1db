import { extendAddress } from './address-lines';
import { isCapital, isDigit, isWordLetter } from './characters';
import { STREET_SUFFIXES } from './gazetteer/streets';
import { COMMON, NAME, PLACE, PLACE_HEAD, STREET_END, STREET_HEAD, UNIT, WEAK } from './lexicon';
import { ADDRESS, match, type Match } from './match';
import { codeAt } from './reading';
import { type Run } from './run';
import { placeEnd, type Word, wordAt } from './words';

const REACH = 44;
const ADDRESS_BEFORE =
  /(?:\baddress(?:es)?(?: (?:is|to|with|at))?|\b(?:live[sd]?|living|lived) (?:at|on|in)|\blocated (?:at|on|in)|(?:sent?|deliver(?:ed|y)?|ship(?:ped|ping)?|mail(?:ed)?|return|moved?) (?:it )?(?:to|at)|\bmeet(?:ing)? (?:me |you |us )?(?:at|on)|\bcorner of|\barrived at|\boffices? (?:is|are) (?:located )?at|\bis (?:at|on|in)|\bside of|\bdrops (?:you )?off at)[ \t:]{0,8}$/i;
const CORE =
  /^(?:street|st|avenue|ave|av|road|rd|boulevard|blvd|lane|ln|drive|dr|court|highway|hwy|parkway|pkwy|terrace|crescent|stra(?:ß|ss)e|str|u|utca|ulica|ul|gatan|gade|vej|katu|t[eé]r|rkp|prospekt|cesta)$/i;
const GLUED = new Set(STREET_SUFFIXES.split('|'));
/** Lower case without accents. */
function plain(text: string): string {
  const small = text.toLowerCase();
  if (!/[^\u0000-\u007f]/.test(small)) return small;
  return small
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replaceAll('ø', 'o')
    .replaceAll('æ', 'ae');
}
/** Particles inside street names. */
const PARTICLES =
  /^(?:de|da|di|do|du|des|dos|das|del|della|dei|degli|delle|la|le|les|los|las|van|von|der|den|y|e|af|el|al|och|u|ul|utca|tér|ter|rkp|str|út|kapu|köz|hegy|sor|ulica|gata|terrasse|nám|tř|vei|vej|gate|and)$/i;

interface Line {
  end: number;
  /** Words of the line up to its end. */
  words: number;
  numbers: number;
  firstNumber: number;
  /** 2: the word means street; 1: a word that also occurs in street names. */
  typed: 0 | 1 | 2;
  /** A number follows a word. */
  numbered: boolean;
  /** `Apt. 864`: occurs only in addresses. */
  unit: boolean;
  /** Contains a very common word. */
  common: boolean;
}

/** `Koskikatu`, `Nybyvägen`: compound words that end in a kind of street. */
export function isGlued(text: string, { start, end, bits }: Word): boolean {
  if (end - start < 6 || end - start > 30 || (bits & COMMON) !== 0) return false;
  const word = plain(text.slice(Math.max(start + 2, end - 8), end));
  for (let from = 0; from < word.length - 2; from++) if (GLUED.has(word.slice(from))) return true;
  return false;
}

function settle(to: Line, { words, numbers, firstNumber, typed, numbered, unit, common }: Line, end: number): void {
  to.end = end;
  to.words = words;
  to.numbers = numbers;
  to.firstNumber = firstNumber;
  to.typed = typed;
  to.numbered = numbered;
  to.unit = unit;
  to.common = common;
}

/** Reads numbers and words of one line from `at` on, until something cannot be part of a street name. */
function readLine(text: string, at: number, lowered: boolean): Line {
  const line: Line = { end: at, words: 0, numbers: 0, firstNumber: 0, typed: 0, numbered: false, unit: false, common: false };
  const settled = { ...line };
  for (let i = at, tokens = 0; tokens < 10; tokens++) {
    const c = codeAt(i);
    // A particle does not end a name.
    let isEnd = true;
    if (isDigit(c)) i = readNumber(i, line);
    else if (isWordLetter(c)) {
      const word = wordAt(i);
      // `Hoge Wei 32 street`: the sentence adds the kind of street.
      if (line.numbered && isDigit(codeAt(i - 2)) && CORE.test(text.slice(i, word.end))) break;
      if (!readWord(text, word, line, lowered)) break;
      i = Math.max(word.end, placeEnd(word));
      isEnd = word.capital || lowered || (word.bits & STREET_END) !== 0 || isElided(word);
    } else break;
    if (isEnd) settle(settled, line, i);
    if (codeAt(i) === 46 && codeAt(i + 1) === 32) i++;
    const sign = codeAt(i);
    if (sign !== 32 && sign !== 45 && sign !== 47 && sign !== 46) break;
    i++;
  }
  return settled;
}

function readNumber(at: number, line: Line): number {
  let end = at;
  while (isDigit(codeAt(end))) end++;
  if (line.numbers === 0) line.firstNumber = end - at;
  if (line.words > 0) line.numbered = true;
  line.numbers += end - at > 6 ? 9 : 1;
  // `12b`
  if (isWordLetter(codeAt(end)) && !isWordLetter(codeAt(end + 1))) end++;
  return end;
}

/** `rue`, after a number. */
const SMALL_HEAD = /^(?:rue|avenue|boulevard|chemin|impasse|all[ée]e|quai|calle|avenida|rua)(?: |$)/i;
/** `d'Alésia`, `l'Opéra`. */
const isElided = ({ start, end }: Word): boolean =>
  end - start > 3 && isCapital(codeAt(start + 2)) && !isWordLetter(codeAt(start + 1));

/** Whether the word may belong to a street name; updates the evidence. */
function readWord(text: string, word: Word, line: Line, lowered: boolean): boolean {
  const { bits, capital } = word;
  const isEnding = (bits & STREET_END) !== 0 && (line.words > 0 || lowered);
  const isParticle = !capital && word.end - word.start < 9 && PARTICLES.test(text.slice(word.start, word.end));
  const isSmallHead =
    (bits & STREET_HEAD) !== 0 && line.words === 0 && line.numbers > 0 && SMALL_HEAD.test(text.slice(word.start, word.end));
  if (!capital && !isEnding && !lowered && !isParticle && !isSmallHead && !isElided(word)) return false;
  if (lowered && !isEnding && (line.typed > 0 || line.words > 3)) return false;
  if (line.typed > 0 && (bits & COMMON) !== 0 && !isParticle && (bits & (UNIT | STREET_END | PLACE | PLACE_HEAD)) === 0)
    return false;
  if ((bits & UNIT) !== 0 && APARTMENT.test(text.slice(word.start, word.start + 24))) line.unit = true;
  if (isSmallHead || (isEnding && CORE.test(text.slice(word.start, word.end))) || isGlued(text, word)) line.typed = 2;
  else if ((isEnding || ((bits & STREET_HEAD) !== 0 && line.words === 0)) && line.typed === 0) line.typed = 1;
  if ((bits & (COMMON | WEAK)) !== 0 && (bits & (STREET_END | UNIT | NAME)) === 0 && !isParticle) line.common = true;
  line.words++;
  return line.words < 8;
}

const BOX =
  /^(?:P\.? ?O\.? ?Box \d{1,6}|(?:PSC|Unit|CMR) \d{1,5},? Box \d{1,5}|US(?:S|NS|NV|CGC) \p{Lu}[\p{L}-]{2,}(?=\s+[FAD]PO\b))/iu;
const FLAT = 'Apt|Apartment|Suite|Ste|Appt';
const FLAT_NUMBER = String.raw`\.? ?#?\d{1,5}\b`;
const APARTMENT = new RegExp(`^(?:${FLAT}|Lejl)${FLAT_NUMBER}`, 'i');
const APARTMENT_NEXT = new RegExp(String.raw`^(?:,? |,?[ \t]*\n[ \t>?]{0,4})(?:${FLAT})${FLAT_NUMBER}`, 'i');

function boxEnd(text: string, at: number): number {
  const found = BOX.exec(text.slice(at, at + 44));
  return found ? at + found[0].length : -1;
}

/** The line contains a flat, or is what follows one. */
const hasUnit = (text: string, { unit, end }: Line): boolean => unit || APARTMENT_NEXT.test(text.slice(end, end + 24));

/** The line contains nothing else. */
const isAlone = (text: string, at: number, end: number): boolean =>
  (at === 0 || /\n[ \t>?]*$/.test(text.slice(Math.max(0, at - 8), at))) &&
  (end >= text.length || /^[ \t]*(?:\n|,|\d)/.test(text.slice(end, end + 4)));

const isCued = (text: string, at: number): boolean => ADDRESS_BEFORE.test(text.slice(Math.max(0, at - REACH), at));

const CORNER = 'the corner of ';

function put(text: string, start: number, base: number, matches: Match[]): number {
  const end = extendAddress(text, base);
  matches.push(match(text.startsWith(CORNER, start - CORNER.length) ? start - CORNER.length : start, end, ADDRESS));
  return end;
}

const SMALL_STREET =
  /^\d{2,6} (?:\d{1,5} )?(?:[a-z]+ ){1,3}(?:street|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|court|highway|parkway|terrace)\b/;

/** An address that begins with a number: `14 Crown Street`, `6750 Koskikatu 25 Apt. 864`. Returns its end, or -1. */
export function addressAtNumber(text: string, at: number, matches: Match[]): number {
  let digits = at;
  while (isDigit(codeAt(digits)) && digits - at < 8) digits++;
  if (digits - at > 6 || codeAt(digits) !== 32) return -1;
  const next = codeAt(digits + 1);
  const box = next === 80 || next === 112 || next === 85 ? boxEnd(text, digits + 1) : -1;
  if (box > 0) return put(text, at, box, matches);
  if (next >= 97 && next <= 122 && !SMALL_HEAD.test(text.slice(digits + 1, digits + 12))) {
    const isTold = digits - at >= 2 && SMALL_STREET.test(text.slice(at, at + 56));
    return isTold ? put(text, at, readLine(text, at, true).end, matches) : -1;
  }
  const line = readLine(text, at, false);
  return isNumberedStreet(text, at, line) ? put(text, at, line.end, matches) : -1;
}

/** Whether the line that begins with a number is an address. */
function isNumberedStreet(text: string, at: number, line: Line): boolean {
  const { words, numbers, firstNumber, typed, common, end } = line;
  if (words === 0 || numbers > 5) return false;
  if (hasUnit(text, line)) return true;
  if (numbers > 4) return false;
  const others = words - (typed > 0 ? 1 : 0);
  if (typed === 2 && (others > 0 || numbers > 1)) return true;
  if (typed === 1 && others > 0 && words <= 3 && firstNumber >= 2 && isAlone(text, at, end)) return true;
  if (common) return false;
  const sure = firstNumber >= 3 && numbers >= 2 && words <= 5;
  if (typed === 1 && others > 0 && (sure || firstNumber >= 2)) return true;
  return (sure && /^\s{0,3}[\n,]/.test(text.slice(end, end + 4))) || (numbers >= 2 && isCued(text, at));
}

/** A prefilter: whether any of the words, or what follows, can make them an address. */
function mayBeStreet(run: Run): boolean {
  const first = run[0];
  const last = run[run.length - 1];
  if (!first || !last) return false;
  let bits = first.bits & (STREET_HEAD | UNIT);
  let isCommon = true;
  for (const word of run) {
    if (word !== first) bits |= word.bits & STREET_END;
    if ((word.bits & (COMMON | WEAK)) === 0) isCommon = false;
  }
  if (bits !== 0 || mayBeBox(first)) return true;
  return !isCommon && hasNumberSoon(last.end);
}

/** `PSC`, `Unit`, `P.O.`, `USS`, `CMR`. */
function mayBeBox({ start, end }: Word): boolean {
  const c = codeAt(start);
  return end - start <= 5 && (c === 80 || c === 85 || c === 67);
}

/** An address that begins with a word: `Via Franscini 71`, `Apt. 425`, `Nybyvägen 65`. Returns its end, or -1. */
export function addressAtWord(text: string, run: Run, matches: Match[]): number {
  const first = run[0];
  if (!first || !mayBeStreet(run)) return -1;
  const at = first.start;
  const unit = (first.bits & UNIT) !== 0 ? APARTMENT.exec(text.slice(at, at + 24)) : null;
  if (unit) return put(text, at, at + unit[0].length, matches);
  const box = mayBeBox(first) ? boxEnd(text, at) : -1;
  if (box > 0) return put(text, at, box, matches);
  const start = beginning(text, at);
  const isHead = (first.bits & STREET_HEAD) !== 0 || start < at;
  const line = readLine(text, at, false);
  const { words, numbers, typed, numbered } = line;
  if (words > 0 && numbers <= 4 && hasUnit(text, line) && numbered) return put(text, start, line.end, matches);
  if (numbers > 3 || words === 0 || !(numbered || isHead || typed > 0)) return -1;
  const several = words > 1;
  const isTold =
    (start < at && (numbered || (several && (first.bits & COMMON) === 0))) ||
    (isHead && several && numbered && ((first.bits & COMMON) === 0 || isNamed(run[1]))) ||
    (typed === 2 && numbered && (several || isGlued(text, first))) ||
    (typed === 1 && several && numbered && !line.common);
  if (isTold) return put(text, start, line.end, matches);
  const canBeCued = (isHead && several) || (typed === 2 && several) || (numbered && several && typed === 1) || !line.common;
  return canBeCued && (numbered || (typed > 0 && several)) && isCued(text, start) ? put(text, start, line.end, matches) : -1;
}

/** Contains a word that occurs only in addresses, or the name of a person or place. */
const isNamed = (word: Word | undefined): boolean =>
  word !== undefined && word.capital && ((word.bits & (NAME | PLACE)) !== 0 || (word.bits & COMMON) === 0);

/** `ul. Miła`, `C/ Mayor`: the prefix before the first capital belongs to the address. */
function beginning(text: string, at: number): number {
  const found = /(?:^|[\s,>])((?:ul|al|os|c|av|pl|str|jl)[./] ?)$/i.exec(text.slice(Math.max(0, at - 6), at));
  return found?.[1] ? at - found[1].length : at;
}

/** Whether a number follows, directly or after one short word. */
function hasNumberSoon(end: number): boolean {
  let at = codeAt(end) === 46 ? end + 1 : end;
  if (codeAt(at) !== 32) return false;
  at++;
  if (isDigit(codeAt(at))) return true;
  const word = at;
  while (at - word < 8 && isWordLetter(codeAt(at))) at++;
  if (at === word || at - word >= 8) return false;
  if (codeAt(at) === 46) at++;
  return codeAt(at) === 32 && isDigit(codeAt(at + 1));
}
