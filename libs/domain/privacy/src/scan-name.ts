import { isCapital, isWordLetter } from './characters';
import { createTriples, tripleOf } from './context-keywords';
import { bitsOf, COMMON, COMPANY, COMPANY_END, COMPANY_HEAD, NAME, PLACE, PLACE_HEAD, STREET_END, TITLE, WEAK } from './lexicon';
import { match, type Match, ORGANISATION, PERSON, PLACE as PLACE_PLACEHOLDER } from './match';
import { codeAt } from './reading';
import { goesOn, type Run } from './run';
import { hashedEnd, hashWordAt, isNameWord, phraseFrom, type Word, wordAt } from './words';

// Cues: what the words before or after reveal about the words between.
const REACH = 36;
const PERSON_BEFORE =
  /(?:\b(?:name(?:d)?(?: is|'s|\?| here is|:)?(?: user:)?|call(?:ed|s)?(?: me| him| her| them)?|mrs?\.?|ms\.?|dr\.?|prof\.?|sir|madam|dear|sincerely,|regards,|cheers,|thanks,|signed,|mother|father|brother|sister|son|daughter|wife|husband|partner|kid|friend|colleague|boss|doctor|nurse|patient|passenger|traveler|guest|attn:?|contact:?|directed by:?|written by|said|says|asked|told|meet(?:ing)? with|speak(?:ing)? (?:to|with)|follow up with|cc:|from:|to:|author:|add|under|starring|producer|singer)|(?:зовут|звати|имя|фамилия|фио|клиент[ауо]?м?|пассажир|пациент|уважаем(?:ый|ая)|уважением,|господин|госпожа|пан|пані|это|ім'я):?|['"]m|\bi am|\bthis is|\b(?:hi|hello|hey)\b,?)[ \t:]{0,6}["'“]?$/i;
const PERSON_BEHIND =
  /^(?:['’]s (?:address|name|kid|account|wife|husband|daughter|son|mother|father|brother|sister|friend|birthday|phone|e-?mail|killers)|,? (?:said|says|told|asked|replied|wrote|shouted|lives|lived|works|worked|was born|spoke|speaks|flew|had given|spent|is (?:a very|very|my|her|his|so))\b)/;
const PLACE_BEFORE =
  /\b(?:(?:live[sd]?|living|born|based|resid(?:e[sd]?|ing)|grew up|raised|located|stay(?:s|ed|ing)?|staying|i'm|i am) (?:in|at|near)|(?:mov(?:e[sd]?|ing)|travel(?:s|ed|l?ing)?|fly(?:ing)?|flew|flight|trip|returned|visit(?:s|ed|ing)?|went|coming|going|arriv(?:e[sd]?|ing)) (?:here )?(?:to|from|at|in)|originally from|come from|comes from|city of|town of|visit(?:ed|ing)?|where:)[ \t]{1,3}$/i;
const COMPANY_BEFORE =
  /\b(?:work(?:s|ed|ing)? (?:for|at)|employed (?:by|at)|company|employer:?|organi[sz]ation:?|founded|ceo of|invested in|office of|position at|job at|hired by|joined)[ \t]{1,3}$/i;
const COMPANY_BEHIND =
  /^(?: (?:office|website|headquarters|employees?|shares|stock|customer service)\b|['’]s (?:ceo|website|office|headquarters))/i;

const SAYS_PERSON = 1;
const SAYS_PLACE = 2;
const SAYS_COMPANY = 4;
const keyed = (key: number, c: number): number => Math.imul(key, 31) + (c | 32);
/** Last words of the cues before a name, by their reversed letters: a prefilter for the patterns above. */
const LAST_WORDS = new Map<number, number>();
const addLastWords = (words: string, says: number): void => {
  for (const word of words.split(' ')) {
    let key = 0;
    for (let i = word.length - 1; i >= 0; i--) key = keyed(key, word.charCodeAt(i));
    LAST_WORDS.set(key, (LAST_WORDS.get(key) ?? 0) | says);
  }
};
addLastWords(
  'name named is s here user call called calls me him her them mr mrs ms dr prof sir madam dear sincerely regards cheers thanks signed mother father brother sister son daughter wife husband partner kid friend colleague boss doctor nurse patient passenger traveler guest attn contact by said says asked told with to cc from author add under starring producer singer m am hi hello hey зовут звати имя фамилия фио клиент клиента клиенту клиентом пассажир Пассажир пациент Пациент уважаемый уважаемая Уважаемый Уважаемая уважением господин госпожа пан пані это',
  SAYS_PERSON,
);
addLastWords('in at near to from of visit visited visiting where', SAYS_PLACE);
addLastWords('for at by company employer organization organization founded of in joined', SAYS_COMPANY);

const isBetween = (c: number): boolean =>
  c === 32 || c === 9 || c === 58 || c === 34 || c === 39 || c === 44 || c === 46 || c === 63 || c === 0x201c;

/** The cue that the word before `at` may end. */
function cuesAt(at: number): number {
  let end = at;
  while (at - end < 8 && isBetween(codeAt(end - 1))) end--;
  let key = 0;
  let start = end;
  for (; end - start < 13 && isWordLetter(codeAt(start - 1)); start--) key = keyed(key, codeAt(start - 1));
  return start < end ? (LAST_WORDS.get(key) ?? 0) : 0;
}

/** First letters that may follow a space. */
const BEHIND = createTriples({
  [SAYS_PERSON]: 'sai|say|tol|ask|rep|wro|sho|liv|wor|was|spo|spe|fle|had|is ',
  [SAYS_COMPANY]: 'off|web|hea|emp|sha|sto|cus',
});
/** The cue that the words from `end` on may begin. */
function cuesBehind(end: number): number {
  const c = codeAt(end);
  if (c === 39 || c === 0x2019) return SAYS_PERSON | SAYS_COMPANY;
  const at = c === 44 ? end + 1 : end;
  return codeAt(at) === 32 ? (BEHIND[tripleOf(codeAt(at + 1), codeAt(at + 2), codeAt(at + 3))] as number) : 0;
}

const isBefore = (text: string, at: number, cue: RegExp): boolean => cue.test(text.slice(Math.max(0, at - REACH), at));
const isBehind = (text: string, at: number, cue: RegExp): boolean => cue.test(text.slice(at, at + 28));
const isInitial = (word: Word): boolean => word.end - word.start === 1;

/** The longest place or company that begins with word `i` of the run, as the index of its last word; or -1. */
function phraseEnd(run: Run, i: number, whole: number, head: number): number {
  const first = run[i];
  if (!first) return -1;
  let last = i;
  const end = (first.bits & head) === 0 ? -1 : phraseFrom(first, whole, head, () => run[++last]?.end ?? -1);
  if (end > 0) return run.findIndex((word) => word.end === end);
  return (first.bits & whole) !== 0 ? i : -1;
}

const isPlain = (word: Word): boolean => (word.bits & (COMMON | TITLE)) !== 0 && (word.bits & NAME) === 0;
/** Whether the word can be part of a name: it is a known name, or an unknown word. */
const isOpen = (word: Word): boolean => !isPlain(word) && (word.bits & (PLACE | COMPANY)) === 0;

/** `Inc`, `Group`, `University` after at least one word that is not the start of a sentence. */
function companyEnd(run: Run, from: number): number {
  for (let i = run.length - 1; i > from; i--) {
    const word = run[i];
    if (word && (word.bits & COMPANY_END) !== 0 && word.capital) return i;
  }
  return -1;
}

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
    if (!before || !isOpen(before)) break;
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

/** A name in a lower-case text, with following names and initials; returns where to continue. */
export function scanLowercaseName(text: string, start: number, matches: Match[]): number {
  const bits = bitsOf(hashWordAt(start));
  let end = hashedEnd();
  if ((bits & NAME) === 0 || end - start < 4 || goesOn(end) || codeAt(end) === 45) return end;
  for (let more = 0; more < 3 && codeAt(end) === 32; more++) {
    const next = wordAt(end + 1);
    const isMore =
      next.end - next.start > 1 ? isNameWord(text, next) : next.bits !== COMMON && next.end > next.start && more === 0;
    if (!isMore) break;
    end = next.end;
  }
  matches.push(match(start, end, PERSON));
  return end;
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
  if (isPlain(word) && (word.bits & (PLACE_HEAD | COMPANY_HEAD)) === 0) return i + 1;
  const company = phraseEnd(run, i, COMPANY, COMPANY_HEAD);
  if (company >= 0) return put(i, Math.max(company, companyEnd(run, i)), ORGANISATION);
  const ending = companyEnd(run, i);
  if (ending > i && !isPlain(word)) return put(i, ending, ORGANISATION, dotEnd(run[ending]));
  const place = phraseEnd(run, i, PLACE, PLACE_HEAD);
  const after = run[place + 1];
  const isPerson =
    place === i && (word.bits & NAME) !== 0 && after && isNameWord(text, after) && (after.bits & (STREET_END | PLACE)) === 0;
  if (place >= 0 && !isPerson) return put(i, place, PLACE_PLACEHOLDER);
  if (isPlain(word)) return i + 1;
  const named = isPerson ? i : firstNamed(text, run, i);
  if (named >= 0) {
    const [first, last] = personSpan(text, run, i, named);
    const to = run[last];
    return put(first, last, PERSON, to && first === last ? partnersEnd(text, to) : 0);
  }
  return takeCued(text, run, i, put);
}

const dotEnd = (word: Word | undefined): number =>
  word ? word.end + (codeAt(word.end) === 46 && word.end - word.start <= 5 ? 1 : 0) : 0;

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
    if (word.capital && isNameWord(text, word)) return i;
  }
  return -1;
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
  const cues = cuesAt(word.start);
  const behind = cuesBehind(end);
  const isSaid = (says: number, before: RegExp): boolean => (cues & says) !== 0 && isBefore(text, word.start, before);
  const isSaidBehind = (says: number, cue: RegExp): boolean => (behind & says) !== 0 && isBehind(text, end, cue);
  if (isSaid(SAYS_PERSON, PERSON_BEFORE) || isSaidBehind(SAYS_PERSON, PERSON_BEHIND)) return put(i, last, PERSON);
  const mayBePlace = (word.bits & WEAK) === 0 && !(word.shouted && end - word.start < 5);
  if (mayBePlace && isSaid(SAYS_PLACE, PLACE_BEFORE)) return put(i, last, PLACE_PLACEHOLDER);
  if (isSaid(SAYS_COMPANY, COMPANY_BEFORE) || isSaidBehind(SAYS_COMPANY, COMPANY_BEHIND)) return put(i, last, ORGANISATION);
  const next = run[i + 1];
  // Two consecutive names that are also words: `Mark Brown`.
  if ((word.bits & WEAK) !== 0 && next && (next.bits & WEAK) !== 0 && last === i + 1 && isCapital(codeAt(next.start))) {
    const sentence = codeAt(word.start - 2);
    if (word.start > 1 && sentence !== 46 && sentence !== 63 && sentence !== 33) return put(i, last, PERSON);
  }
  return last + 1;
}
