import { isCapital } from './characters';
import {
  COMMON,
  COMPANY,
  COMPANY_END,
  COMPANY_HEAD,
  NAME,
  PLACE,
  PLACE_HEAD,
  SHORT,
  STREET_END,
  THING,
  THING_HEAD,
  TITLE,
  WEAK,
} from './lexicon';
import { match, type Match, ORGANISATION, PERSON, PLACE as PLACE_PLACEHOLDER } from './match';
import { companyAt, phraseEnd } from './scan-company';
import { isSaidBefore, isSaidBehind, SAYS_COMPANY, SAYS_PERSON, SAYS_PLACE } from './name-cues';
import { isAcronym, isSyllabic, isTechnical, isWordOnly, thingEnd } from './not-persons';
import { codeAt } from './reading';
import { goesOn, type Run } from './run';
import { isNameWord, type Word } from './words';

const isInitial = (word: Word): boolean => word.end - word.start === 1;

const isPlain = ({ bits }: Word): boolean => isWordOnly(bits) || ((bits & TITLE) !== 0 && (bits & NAME) === 0);
/** Whether the word can be part of a name: it is a known name, or an unknown word. */
const isOpen = (word: Word): boolean => !isPlain(word) && (word.bits & (PLACE | COMPANY)) === 0;

/** Firms of partners and lists of persons, whole: `White, Willis and Hoffman`. Returns the end. */
function partnersEnd(text: string, last: Word): number {
  if (codeAt(last.end) !== 44 || codeAt(last.end + 1) !== 32 || !isCapital(codeAt(last.end + 2))) return last.end;
  const found = /^, \p{Lu}[\p{L}'-]+ (?:and|&) \p{Lu}[\p{L}'-]+(?![\w-])/u.exec(text.slice(last.end, last.end + 64));
  return found ? last.end + found[0].length : last.end;
}

/** First and last word of the person in words [from, to) of the run; word `named` is a known name. */
function personSpan(text: string, run: Run, from: number, named: number): [number, number] {
  let first = named;
  while (first > from) {
    const before = run[first - 1];
    if (!before || !isOpen(before) || isAcronym(before)) break;
    first--;
  }
  let last = named;
  for (let next = run[last + 1]; next && last - named < 6; next = run[last + 1]) {
    if (!isOpen(next) && !isNameWord(text, next) && !(isInitial(next) && run[last + 2])) break;
    if (!next.capital && codeAt(next.start - 1) !== 45 && !run[last + 2]) break;
    last++;
  }
  return [first, last];
}

/** Matches what the first words of the run name; returns where to continue: after the first match, as if it were already replaced. */
export function scanNames(text: string, run: Word[], matches: Match[]): number {
  const final = run[run.length - 1];
  if (!final) return 0;
  if (goesOn(final.end)) run.pop();
  const before = matches.length;
  for (let i = 0; i < run.length;) {
    i = takeAt(text, run, i, matches);
    const found = matches[before];
    if (found) return found.end;
  }
  return final.end;
}

/** First words of phrases, and forms of companies: of every day by themselves. */
const HEADS = PLACE_HEAD | COMPANY_HEAD | COMPANY_END | THING_HEAD;

/** `My name is Will Smith`: a word of every day that is a name, too. */
const mayBeCalled = ({ bits, start, end }: Word): boolean => (bits & WEAK) !== 0 && end - start > 3;

/** Matches what begins with word `i` of the run; returns the index of the word to continue with. */
function takeAt(text: string, run: Run, i: number, matches: Match[]): number {
  const word = run[i];
  if (!word) return i + 1;
  const put = (first: number, last: number, what: string, end?: number): number => {
    const from = run[first];
    const to = run[last];
    if (from && to) {
      const dotted = isInitial(to) && codeAt(to.end) === 46 ? to.end + 1 : to.end;
      matches.push(match(from.start, Math.max(end ?? 0, dotted), what));
    }
    return last + 1;
  };
  const titled = titledSpan(run, i);
  if (titled > i) return put(i, titled, PERSON);
  const isPlainWord = isPlain(word);
  if (isPlainWord) {
    if (mayBeCalled(word) && isSaidBefore(text, word.start, SAYS_PERSON)) return takeCued(text, run, i, put);
    const isOfCompany = run.length - i > 2 && ((run[run.length - 1]?.bits ?? 0) & COMPANY_END) !== 0;
    if ((word.bits & HEADS) === 0 && !isOfCompany) return i + 1;
  }
  const thing = phraseEnd(run, i, THING, THING_HEAD);
  if (thing > i) return thing + 1;
  const company = companyAt(text, run, i, isPlainWord);
  if (company) return put(i, company.last, ORGANISATION, company.end);
  const called = (word.bits & (NAME | WEAK | PLACE)) === 0 ? -1 : isTechnical(text, word) ? i : thingEnd(text, run, i);
  if (called >= i && !isSaidBefore(text, word.start, SAYS_PERSON)) return called + 1;
  const place = phraseEnd(run, i, PLACE, PLACE_HEAD);
  const after = run[place + 1];
  const isPerson =
    place === i && (word.bits & NAME) !== 0 && after && isFamily(text, after) && (after.bits & (STREET_END | PLACE)) === 0;
  if (place >= 0 && !isPerson) return put(i, place, PLACE_PLACEHOLDER);
  if (isPlainWord) return i + 1;
  const named = isPerson ? i : firstNamed(text, run, i);
  if (named >= 0) {
    const [first, last] = personSpan(text, run, i, named);
    const to = run[last];
    return put(first, last, PERSON, to && first === last ? partnersEnd(text, to) : 0);
  }
  return takeCued(text, run, i, put);
}

const isFamily = (text: string, word: Word): boolean => isNameWord(text, word) || (word.bits & (SHORT | COMMON)) === SHORT;

/** `Dr. Kyle Kuefer`: the title and all following names; returns the index of the last, or `i` when there is none. */
function titledSpan(run: Run, i: number): number {
  if (((run[i]?.bits ?? 0) & TITLE) === 0) return i;
  let last = i;
  for (let next = run[last + 1]; next && last - i < 6; next = run[last + 1]) {
    const isTitle = (next.bits & TITLE) !== 0;
    if (isPlain(next) && !isTitle && last > i) break;
    if ((next.bits & COMMON) !== 0 && (next.bits & (NAME | WEAK)) === 0 && !isTitle) break;
    last++;
  }
  return last;
}

/** Index of the first word that is a name by itself, unless another kind of match precedes it; or -1. */
function firstNamed(text: string, run: Run, from: number): number {
  for (let i = from; i < run.length; i++) {
    const word = run[i];
    if (!word || !isOpen(word)) return -1;
    if (word.shouted && word.end - word.start < 5 && (word.bits & NAME) !== 0) continue;
    if (word.capital && (isNameWord(text, word) || isBesideGiven(text, run, i, from))) return i;
  }
  return -1;
}

/** A short family name beside an unknown given name: `Li Xiaoming`, `Minjun Kang`. */
function isBesideGiven(text: string, run: Run, i: number, from: number): boolean {
  const word = run[i];
  if (!word || (word.bits & SHORT) === 0) return false;
  const [before, after] = [i > from ? run[i - 1] : undefined, run[i + 1]];
  return (before !== undefined && isSyllabic(text, before)) || (after !== undefined && isSyllabic(text, after));
}

type Put = (first: number, last: number, what: string) => number;

/** Words that are not known names: the context decides. */
function takeCued(text: string, run: Run, i: number, put: Put): number {
  const word = run[i];
  if (!word) return i + 1;
  let last = i;
  for (let next = run[last + 1]; next && isOpen(next); next = run[last + 1]) last++;
  const end = run[last]?.end ?? word.end;
  if (isInitial(word) && last === i) return i + 1;
  const isSaid = (says: number): boolean => isSaidBefore(text, word.start, says);
  if (isSaid(SAYS_COMPANY) && !isInitial(word)) return put(i, last, ORGANISATION);
  if (isSaid(SAYS_PERSON) || isSaidBehind(text, end, SAYS_PERSON)) return put(i, last, PERSON);
  const mayBePlace = (word.bits & WEAK) === 0 && !(word.shouted && end - word.start < 5);
  if (mayBePlace && isSaid(SAYS_PLACE)) return put(i, last, PLACE_PLACEHOLDER);
  if (isSaidBehind(text, end, SAYS_COMPANY)) return put(i, last, ORGANISATION);
  const next = run[i + 1];
  // Two consecutive names that are also words: `Mark Brown`.
  if ((word.bits & WEAK) !== 0 && next && (next.bits & WEAK) !== 0 && last === i + 1 && isCapital(codeAt(next.start))) {
    const sentence = codeAt(word.start - 2);
    if (word.start > 1 && sentence !== 46 && sentence !== 63 && sentence !== 33) return put(i, last, PERSON);
  }
  return last + 1;
}
