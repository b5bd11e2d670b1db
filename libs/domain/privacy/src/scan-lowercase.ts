import { DIGIT, isDigit, isKind, isWordLetter, runEnd, SCRIPT, WORD_LETTER } from './characters';
import {
  bitsOf,
  COMMON,
  COMPANY,
  COMPANY_END,
  COMPANY_HEAD,
  NAME,
  PLACE,
  PLACE_HEAD,
  SHORT,
  STREET_HEAD,
  TECH,
  THING,
  TITLE,
  WEAK,
} from './lexicon';
import { ADDRESS, match, type Match, ORGANISATION, PERSON, PLACE as PLACE_PLACEHOLDER } from './match';
import { codeAt } from './reading';
import { goesOn } from './run';
import { scanScript } from './scan-script';
import { addressAtNumber, isGlued } from './scan-street';
import { hashedEnd, hashWordAt, isBound, isNameWord, phraseFrom, placeEnd, type Word, wordAt } from './words';

// Texts without capitals, as people type them: the lists and the words around decide alone.

const REACH = 40;
/** What only a name follows. */
const NAMED =
  /(?:\b(?:names?(?: is|'s|:| -)?|named|called|mrs?\.?|ms\.?|dr\.?|prof\.?|dear|regards,?|sincerely,?|cheers,|yours,|attn:?|cc:|from:|(?:speak|spoke|talk(?:ed|ing)?|meet(?:ing)?) (?:to|with)|(?:my|our|his|her) (?:wife|husband|son|daughter|brother|sister|mother|father|mom|dad|boss|friend|doctor|manager|colleague)(?: is)?|(?:passenger|patient|guest|customer|client|employee|recipient|cardholder|contact)(?: name)?:)[ \t]{0,3})$/;
/** What a name follows as well as other words. */
const MAY_NAME =
  /(?:\b(?:i am|i'm|im|this is|it's|its|hi|hello|hey|contact|patient|passenger|customer|client|ask|tell|call|email|for|with|by|to|and|met|of|thanks|refund)[ \t,:]{1,3})$/;
const IN = /\b(?:in|from|to|at|near|visit|visiting|via|of|for|around|and|,|:)[ \t]{0,2}$/;
const AT_COMPANY =
  /\b(?:work(?:s|ed|ing)? (?:for|at)|employed (?:by|at)|(?:company|employer|organi[sz]ation)(?::| is)|hired by|joined|(?:contract|insurance|account) (?:is )?with|c[eft]o of|job at|position at)[ \t]{1,3}$/;
/** Places that are words, too. */
const WORDY = new Set('turkey china nice reading bath mobile orange hull split bar man male chile jordan georgia cork march normal can of battle deal sale wells ware rugby sandwich'.split(' ')); // prettier-ignore

const said = (text: string, at: number): string => text.slice(Math.max(0, at - REACH), at);
const isOnlyWord = ({ bits }: Word): boolean => (bits & (COMMON | THING | TECH | TITLE | PLACE)) !== 0;

function nextWord(end: number): Word | null {
  const c = codeAt(end);
  if (!(c === 32 || c === 45) || !isWordLetter(codeAt(end + 1))) return null;
  return wordAt(end + 1);
}

const nextEnd = (end: number): number => {
  const next = nextWord(end);
  return next ? next.end : -1;
};

const PARTICLE = /^(?:de|da|di|dos|del|della|la|van|von|der|den|bin|ibn|al|el|ben)$/;

/** End of the names from the word on; `isNamed` takes unknown words, too. */
function personEnd(text: string, first: Word, isNamed: boolean): { end: number; known: number } {
  const isKnown = (word: Word): boolean => isNameWord(text, word) || (word.bits & (SHORT | COMMON)) === SHORT;
  let end = first.end;
  let known = isKnown(first) ? 1 : 0;
  for (let more = 0; more < 4; more++) {
    const next = nextWord(end);
    if (!next || next.end - next.start > 24) break;
    const isParticle = PARTICLE.test(text.slice(next.start, next.end)) && nextWord(next.end) !== null && more < 3;
    const isWeak = (next.bits & WEAK) !== 0 && (next.bits & COMMON) === 0;
    const isMore = isKnown(next) || isParticle || isWeak || (next.bits === 0 && (isNamed || known > 0) && more < 2 && next.end - next.start > 2); // prettier-ignore
    if (!isMore) break;
    if (isKnown(next) || isWeak) known++;
    end = next.end;
  }
  return { end, known };
}

/** A name that begins with the word; returns its end, or -1. */
function nameAt(text: string, word: Word): number {
  const { start, end, bits } = word;
  const before = said(text, start);
  const isNamed = NAMED.test(before);
  if (end - start < 2 || ((bits & (COMMON | TITLE | TECH)) !== 0 && (bits & (NAME | WEAK)) === 0)) return -1;
  if (isNamed && (bits & COMMON) === 0) return personEnd(text, word, true).end;
  const isFirst = isNameWord(text, word) || (bits & (SHORT | COMMON)) === SHORT || ((bits & WEAK) !== 0 && (bits & COMMON) === 0);
  const mayBeNamed = MAY_NAME.test(before);
  if (!isFirst && !(bits === 0 && mayBeNamed)) return -1;
  const found = personEnd(text, word, false);
  if (found.known === 0 && (bits & WEAK) === 0) return -1;
  // `tell quang vo`: an unknown given name, when a family name follows a cue.
  if (!isFirst) return found.known > 0 && found.end > end ? found.end : -1;
  if ((bits & NAME) === 0 && found.known < 2 && !(found.known === 1 && found.end > end)) return -1;
  if (found.end === end) return (bits & NAME) !== 0 && end - start > 3 ? end : -1;
  return found.end;
}

const FLAT = /^,? (?:apt|apartment|suite|ste|unit|floor|flat|room)\.? ?#?\w{1,5}\b/;
const STREET = /^\d{1,5}[a-z]? (?:[nsew] )?(?:\d{1,3}(?:st|nd|rd|th) |[\p{L}'.]+ ){1,4}?(?:street|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|dr|court|ct|highway|hwy|parkway|pkwy|terrace|crescent|close|parade|place|square|way|walk|grove|row|gardens|mews|circle|trail)\b/u; // prettier-ignore
const HEADED = /^(?:\d{1,5}[a-z]?,? )?(?:rue|avenue|boulevard|chemin|impasse|quai|via|viale|corso|piazza|calle|avenida|plaza|rua|travessa|ulica|ul\.|ulitsa) (?:(?:de|del|des|du|la|las|los|da|dos|di|della) ){0,2}[\p{L}']{3,}(?: [\p{L}']{3,})?(?:,? \d{1,5}[a-z]?)?(?![\p{L}\d])/u; // prettier-ignore

/** A street that begins at `at`; returns its end, or -1. */
function streetAt(text: string, at: number): number {
  const line = text.slice(at, at + 60);
  const found = STREET.exec(line) ?? HEADED.exec(line);
  if (!found || !/\d/.test(found[0])) return -1;
  if (/^\d (?:way|row|place)/.test(found[0])) return -1;
  const end = at + found[0].length;
  return end + (FLAT.exec(text.slice(end, end + 20))?.[0].length ?? 0);
}

/** A company that begins with the word; returns its end, or -1. */
function companyAt(text: string, word: Word): number {
  const known = phraseFrom(word, COMPANY, COMPANY_HEAD, nextEnd);
  if (known > 0) return known;
  const isSaid = AT_COMPANY.test(said(text, word.start));
  let end = -1;
  let last: Word | null = word;
  for (let n = 0; n < 6 && last; n++) {
    const form = text.slice(last.start, last.end);
    if (n > 0 && (STRONG_FORM.test(form) || (isSaid && (last.bits & COMPANY_END) !== 0))) end = last.end;
    const goesOnHere = isSaid ? SENTENCE.test(form) : (last.bits & (COMMON | TITLE)) !== 0 && (last.bits & COMPANY_END) === 0;
    if (goesOnHere && n > 0) break;
    last = codeAt(last.end) === 44 || form === '&' ? null : nextWord(last.end);
  }
  if (end > 0) return codeAt(end) === 46 && STRONG_FORM.test(text.slice(word.start, end).split(' ').at(-1) ?? '') ? end + 1 : end;
  return isSaid && !isOnlyWord(word) && (word.bits & NAME) === 0 ? word.end : -1;
}
const SENTENCE = /^(?:in|at|as|on|for|since|and|with|from|to|but|is|was|the|i|my|because|near|by|until)$/;
const STRONG_FORM = /^(?:inc|ltd|llc|llp|plc|corp|gmbh|sarl|srl|bv|pty|incorporated|limited|kft|oyj)$/;

/** Matches what begins with the word; returns where to continue. */
function matchWord(text: string, at: number, matches: Match[]): number {
  const bits = bitsOf(hashWordAt(at));
  const first = hashedEnd();
  // Most words are of every day, and begin nothing.
  if ((bits & ~COMMON) === 0 && bits !== 0) return first;
  const put = (end: number, what: string): number => {
    matches.push(match(at, end, what));
    return end;
  };
  if (goesOn(first)) return first;
  const word = wordAt(at);
  const street = (bits & STREET_HEAD) !== 0 ? streetAt(text, at) : -1;
  if (street > 0) return put(street, ADDRESS);
  const glued = isGlued(text, word) ? /^ \d{1,4}[a-z]?\b/.exec(text.slice(first, first + 7)) : null;
  if (glued) return put(first + glued[0].length, ADDRESS);
  const company = companyAt(text, word);
  if (company > 0) return put(company, ORGANISATION);
  const place = Math.max(placeEnd(word), (bits & PLACE) !== 0 ? first : -1);
  const isSure = place > first || ((bits & (COMMON | WEAK | NAME)) === 0 && !WORDY.has(text.slice(at, first)));
  if (place > 0 && (isSure || IN.test(said(text, at))) && (bits & (PLACE | PLACE_HEAD)) !== 0)
    return put(place, PLACE_PLACEHOLDER);
  const person = nameAt(text, word);
  return person > 0 ? put(person, PERSON) : first;
}

/** Names, places, companies and addresses of a text without capitals. */
export function scanLowered(text: string): Match[] {
  const matches: Match[] = [];
  for (let at = 0; at < text.length;) {
    const c = codeAt(at);
    if (isKind(c, SCRIPT)) at = scanScript(text, at, matches);
    else if (isDigit(c)) at = numberAt(text, at, matches);
    else if (!isWordLetter(c)) at++;
    else at = Math.max(at + 1, isBound(at) ? runEnd(at, text.length, WORD_LETTER) : matchWord(text, at, matches));
  }
  return matches;
}

function numberAt(text: string, at: number, matches: Match[]): number {
  const end = runEnd(at, text.length, DIGIT);
  const next = codeAt(end) === 32 ? end + 1 : end;
  // Most numbers are values of their own: `13:30`, `12.5`.
  if (!isWordLetter(codeAt(next)) || isBound(at)) return end;
  const street = streetAt(text, at);
  if (street < 0) return Math.max(end, addressAtNumber(text, at, matches));
  matches.push(match(at, street, ADDRESS));
  return street;
}
