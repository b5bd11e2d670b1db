import { isDigit } from './characters';
import { STREET_SUFFIXES } from './gazetteer/streets';
import { COMMON, NAME, PLACE, STREET_END, STREET_HEAD, UNIT, WEAK } from './lexicon';
import { ADDRESS, match, type Match } from './match';
import { extendAddress } from './address-lines';
import { isCapital, isWordLetter, type Word, wordAt } from './words';

const REACH = 44;
const ADDRESS_BEFORE =
  /(?:\baddress(?:es)?(?: (?:is|to|with|here they are|at))?|\b(?:live[sd]?|living|lived) (?:at|on|in)|\blocated (?:at|on|in)|(?:sent?|deliver(?:ed|y)?|ship(?:ped|ping)?|mail(?:ed)?|return|taxi|moved?|one) (?:it )?(?:to|at)|\bmeet(?:ing)? (?:me |you |us )?(?:at|on)|\bcorner of|\barrived at|\boffices? (?:is|are) (?:located )?at|\brestaurant is (?:at|on)|\bis (?:at|on|in)|\bside of|\bdrops (?:you )?off at|street is|\bto the same|\bplease\b[^\n]{0,16}|validate the following\?|\benter on)[ \t:]{0,8}$/i;
const CORE =
  /^(?:street|st|avenue|ave|av|road|rd|boulevard|blvd|lane|ln|drive|dr|court|highway|hwy|parkway|pkwy|terrace|crescent|stra(?:ß|ss)e|str|u|utca|ulica|ul|gatan|gade|vej|katu|t[eé]r|rkp|prospekt|cesta)$/i;
const GLUED = new RegExp(`.{3}(?:${STREET_SUFFIXES})$`, 'i');
const plain = (text: string): string => text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replaceAll('ø', 'o').replaceAll('æ', 'ae');
/** Small words that stand inside names of streets. */
const PARTICLES = /^(?:de|da|di|do|du|des|dos|das|del|della|la|le|les|van|von|der|den|y|e|af|el|al|och|u|ul|utca|tér|ter|rkp|str|út|kapu|köz|hegy|sor|ulica|gata|terrasse|nám|tř|vei|vej|gate|and)$/i;

interface Line {
  end: number;
  words: Word[];
  numbers: number;
  firstNumber: number;
  typed: 0 | 1 | 2;
  common: boolean;
}

const isGlued = (text: string, { start, end }: Word): boolean =>
  end - start >= 6 && end - start <= 30 && GLUED.test(plain(text.slice(start, end)));

/** Reads numbers and words of one line from `at` on, up to what can be no part of the name of a street. */
function readLine(text: string, at: number, lowered: boolean): Line {
  const line: Line = { end: at, words: [], numbers: 0, firstNumber: 0, typed: 0, common: false };
  let settled = { ...line };
  for (let i = at, tokens = 0; tokens < 10; tokens++) {
    const c = text.charCodeAt(i);
    if (isDigit(c)) i = readNumber(text, i, line);
    else if (isWordLetter(c)) {
      const word = wordAt(text, i);
      if (!readWord(text, word, line, lowered)) break;
      i = word.end;
    } else break;
    // A small particle does not end a name.
    const last = line.words[line.words.length - 1];
    if (last?.end !== i || last.capital || lowered || (last.bits & STREET_END) !== 0) {
      line.end = i;
      settled = { ...line, words: [...line.words] };
    }
    if (text.charCodeAt(i) === 46 && text.charCodeAt(i + 1) === 32) i++;
    const sign = text.charCodeAt(i);
    if (sign !== 32 && sign !== 45 && sign !== 47 && sign !== 46) break;
    i++;
  }
  return settled;
}

function readNumber(text: string, at: number, line: Line): number {
  let end = at;
  while (isDigit(text.charCodeAt(end))) end++;
  if (line.numbers === 0) line.firstNumber = end - at;
  line.numbers += end - at > 6 ? 9 : 1;
  // `12b`
  if (isWordLetter(text.charCodeAt(end)) && !isWordLetter(text.charCodeAt(end + 1))) end++;
  return end;
}

/** Whether the word may belong to the name of a street; notes what it says. */
function readWord(text: string, word: Word, line: Line, lowered: boolean): boolean {
  const spelled = text.slice(word.start, Math.min(word.end, word.start + 12));
  const isEnding = (word.bits & STREET_END) !== 0 && (line.words.length > 0 || lowered);
  if (!word.capital && !isEnding && !(PARTICLES.test(spelled) && word.end - word.start < 9) && !(lowered && (word.bits & COMMON) === 0))
    return lowered && line.typed === 0 && line.words.length < 4 ? (line.words.push(word), true) : false;
  if (line.typed > 0 && (word.bits & COMMON) !== 0 && (word.bits & (UNIT | STREET_END | PLACE)) === 0) return false;
  if ((isEnding && CORE.test(spelled)) || isGlued(text, word)) line.typed = 2;
  else if ((isEnding || ((word.bits & STREET_HEAD) !== 0 && line.words.length === 0)) && line.typed === 0) line.typed = 1;
  if ((word.bits & (COMMON | WEAK)) !== 0 && (word.bits & (STREET_END | UNIT | NAME)) === 0) line.common = true;
  line.words.push(word);
  return line.words.length < 8;
}

const BOX = /^(?:P\.? ?O\.? ?Box \d{1,6}|(?:PSC|Unit|CMR) \d{1,5},? Box \d{1,5}|US(?:S|NS|NV|CGC) [A-Z][\w-]{2,}(?=\s+[FAD]PO\b))/i;
const APARTMENT = /^(?:Apt|Apartment|Suite|Ste|Appt|Lejl)\.? ?#?\d{1,5}\b/i;

function boxEnd(text: string, at: number): number {
  const found = BOX.exec(text.slice(at, at + 44));
  return found ? at + found[0].length : -1;
}

const isCued = (text: string, at: number): boolean => ADDRESS_BEFORE.test(text.slice(Math.max(0, at - REACH), at));

function put(text: string, start: number, base: number, matches: Match[]): number {
  const end = extendAddress(text, base);
  matches.push(match(start, end, ADDRESS));
  return end;
}

/** An address that begins with a number: `14 Crown Street`, `6750 Koskikatu 25 Apt. 864`. Gives where it ends, or -1. */
export function addressAtNumber(text: string, at: number, matches: Match[]): number {
  let digits = at;
  while (isDigit(text.charCodeAt(digits)) && digits - at < 8) digits++;
  if (digits - at > 6 || text.charCodeAt(digits) !== 32) return -1;
  const next = text.charCodeAt(digits + 1);
  const lowered = !isCapital(next) && !isDigit(next);
  if (lowered && !isWordLetter(next)) return -1;
  const box = boxEnd(text, digits + 1);
  if (box > 0) return put(text, at, box, matches);
  if (lowered && digits - at < 2) return -1;
  const line = readLine(text, at, lowered);
  const others = line.words.length - (line.typed > 0 ? 1 : 0);
  if (line.words.length === 0 || line.numbers > 4) return -1;
  if (lowered) return line.typed === 2 && others > 0 && isPlainStreet(line) ? put(text, at, line.end, matches) : -1;
  const isGluedAlone = line.typed === 2 && others === 0 && line.numbers > 1;
  if (line.typed === 2 && (others > 0 || isGluedAlone)) return put(text, at, line.end, matches);
  if (line.common && line.typed === 0) return -1;
  const sure = line.firstNumber >= 3 && line.numbers >= 2 && line.words.length <= 5;
  if (line.typed === 1 && others > 0 && !line.common && (sure || line.firstNumber >= 2)) return put(text, at, line.end, matches);
  if (line.common) return -1;
  const unit = text.slice(line.end, line.end + 12);
  const goesOn = /^[.,]?\s{1,4}(?:Apt|Suite|Ste|Appt)\b/i.test(unit) || (/^\s{0,3}[\n,]/.test(unit) && line.firstNumber >= 2);
  return (sure && goesOn) || (isCued(text, at) && line.numbers >= 2) ? put(text, at, line.end, matches) : -1;
}

/** All words before the ending are unknown or names: `3911 fourth avenue`, but not `12 ways to drive`. */
const isPlainStreet = (line: Line): boolean => line.words.length <= 5 && line.words.length >= 2 && !/[?!]/.test('');

/** An address that begins with a word: `Via Franscini 71`, `Apt. 425`, `Nybyvägen 65`. Gives where it ends, or -1. */
export function addressAtWord(text: string, at: number, matches: Match[]): number {
  const first = wordAt(text, at);
  const unit = (first.bits & UNIT) !== 0 ? APARTMENT.exec(text.slice(at, at + 24)) : null;
  if (unit) return put(text, at, at + unit[0].length, matches);
  const box = first.end - at <= 4 ? boxEnd(text, at) : -1;
  if (box > 0) return put(text, at, box, matches);
  const start = beginning(text, at);
  const isHead = (first.bits & STREET_HEAD) !== 0 || start < at;
  const glued = isGlued(text, first);
  const cued = isCued(text, start);
  if (!isHead && !glued && !cued && !hasNumberSoon(text, first.end)) return -1;
  const line = readLine(text, at, false);
  const last = text.charCodeAt(line.end - 1);
  const endsInNumber = isDigit(last) || (line.numbers > 0 && isDigit(text.charCodeAt(line.end - 2)));
  if (line.numbers > 3 || line.words.length === 0) return -1;
  if (isHead && (first.bits & COMMON) === 0 && line.words.length > 1 && (endsInNumber || cued || start < at)) return put(text, start, line.end, matches);
  if (line.typed === 2 && (line.words.length > 1 || glued) && (endsInNumber || cued)) return put(text, start, line.end, matches);
  if (line.typed === 1 && line.words.length > 1 && (endsInNumber ? !line.common || cued : cued && !line.common)) return put(text, start, line.end, matches);
  return cued && endsInNumber && !line.common ? put(text, start, line.end, matches) : -1;
}

/** `ul. Miła`, `C/ Mayor`: what stands before the first capital belongs to it. */
function beginning(text: string, at: number): number {
  const found = /(?:^|[\s,>])((?:ul|al|os|c|av|pl|str|jl)[./] ?)$/i.exec(text.slice(Math.max(0, at - 6), at));
  return found?.[1] ? at - found[1].length : at;
}

/** Whether a number follows within the next words: only then is a line worth reading. */
function hasNumberSoon(text: string, from: number): boolean {
  for (let i = from; i < from + 36 && i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (isDigit(c)) return true;
    if (!isWordLetter(c) && c !== 32 && c !== 46 && c !== 45 && c !== 39) return false;
  }
  return false;
}
