import { COMMON_WORDS } from './gazetteer/common-words';
import { CYRILLIC_NAMES, CYRILLIC_WORDS } from './gazetteer/cyrillic-names';
import { GREEK_NAMES, greekForms } from './gazetteer/greek-names';
import { NAMES_A } from './gazetteer/names-a';
import { NAMES_B } from './gazetteer/names-b';
import { COMPANY_ENDINGS, ORGANISATIONS } from './gazetteer/organisations';
import { CITIES, COUNTRIES, REGIONS } from './gazetteer/places';
import { STREET_BEGINNINGS, STREET_ENDINGS } from './gazetteer/streets';
import { DEMOTED_NAMES, EVERYDAY_WORDS, FAMOUS, TECHNICAL, THINGS } from './gazetteer/things';
import { WEAK_NAMES } from './gazetteer/weak-names';
import { SHORT_SURNAMES, WORLD_NAMES } from './gazetteer/world-names';

// What is known of a word, as bits.
export const NAME = 1;
/** A name that is a word, a month or a make, too. */
export const WEAK = 2;
export const COMMON = 4;
export const PLACE = 8;
/** The first words of a place of several words. */
export const PLACE_HEAD = 16;
export const COMPANY = 32;
export const COMPANY_HEAD = 64;
export const COMPANY_END = 128;
export const STREET_END = 256;
export const STREET_HEAD = 512;
export const TITLE = 1024;
export const UNIT = 2048;
/** What is sold, or studied: after a name it makes the two a thing. With `THING_HEAD`, also phrases that are none of a person. */
export const THING = 4096;
export const THING_HEAD = 8192;
/** Languages, programs, services. */
export const TECH = 16384;
/** A family name that needs a given name beside it. */
export const SHORT = 32768;

/**
 * Small letter of a code unit without its accent, and above it a second one for those that stand for two: `ø` is o, `ß` ss.
 */
const FOLDED = new Uint16Array(0x530);
for (let c = 0; c < FOLDED.length; c++) {
  const plain = String.fromCharCode(c).toLowerCase().normalize('NFD').charCodeAt(0);
  FOLDED[c] = plain;
}
for (const [letters, to] of Object.entries({ øØ: 'o', đĐðÐ: 'd', łŁ: 'l', ı: 'i', ßẞ: 'ss', æÆ: 'ae', œŒ: 'oe', þÞ: 'th' }))
  for (const letter of letters)
    if (letter.charCodeAt(0) < FOLDED.length)
      FOLDED[letter.charCodeAt(0)] = to.charCodeAt(0) | ((to.length > 1 ? to.charCodeAt(1) : 0) << 8);

export const SEED = 0x811c9dc5 | 0;
/** FNV-1a of the word without accents and capitals, unit by unit. */
export function feed(hash: number, c: number): number {
  const folded = c < FOLDED.length ? (FOLDED[c] as number) : c;
  let next = Math.imul(hash ^ (folded & 0xff), 16777619);
  if (folded > 0xff) next = Math.imul(next ^ (folded >> 8), 16777619);
  return next;
}
const hashOf = (word: string): number => {
  let hash = SEED;
  for (let i = 0; i < word.length; i++) hash = feed(hash, word.charCodeAt(i));
  return hash;
};

const SLOTS = 1 << 17;
// Hash and bits by slot, with linear probing. Two words of one hash, one in a hundred thousand, are taken for the same.
const hashes = new Int32Array(SLOTS);
const known = new Uint16Array(SLOTS);

function add(hash: number, bits: number): void {
  let slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
  while (known[slot] !== 0 && hashes[slot] !== hash) slot = (slot + 1) & (SLOTS - 1);
  hashes[slot] = hash;
  const all = (known[slot] ?? 0) | bits;
  known[slot] = (all & WEAK) === 0 ? all : all & ~NAME;
}

/** Hashes of the first letters of the word, by their number: the next word begins with some of them. */
const prefixes = new Int32Array(128);

function addFrontCoded(coded: string, bits: number): void {
  prefixes[0] = SEED;
  let length = 0;
  const addWord = (): void => {
    if (length > 0) add(prefixes[length] as number, bits);
  };
  for (let i = 0; i < coded.length; i++) {
    const c = coded.charCodeAt(i);
    if (c >= 48 && c < 58) {
      addWord();
      length = c - 48;
    } else if (c !== 10) {
      prefixes[length + 1] = feed(prefixes[length] as number, c);
      length++;
    }
  }
  addWord();
}

/** Words apart by spaces; `unless` leaves out those that are known to be something else. */
function addWords(words: string, bits: number, unless = 0): void {
  let hash = SEED;
  let length = 0;
  for (let i = 0; i <= words.length; i++) {
    const c = i < words.length ? words.charCodeAt(i) : 32;
    if (c !== 32) {
      hash = feed(hash, c);
      length++;
      continue;
    }
    if (length > 0 && (unless === 0 || (bitsOf(hash) & unless) === 0)) add(hash, bits);
    hash = SEED;
    length = 0;
  }
}

function addPhrases(list: string, bits: number, head: number): void {
  for (const phrase of list.split('|')) {
    add(hashOf(phrase), bits);
    for (let space = phrase.indexOf(' '); space > 0; space = phrase.indexOf(' ', space + 1))
      add(hashOf(phrase.slice(0, space)), head);
  }
}

const HARD_CASES = ['а', 'у', 'ом', 'е', 'ові'];
const SOFT_CASES = ['ы', 'и', 'у', 'ю', 'е', 'ой', 'ей', 'я', 'ем', 'і'];
/** Names with the endings of their cases: `Ивана`, `Марии`. */
function addInflected(names: string): void {
  for (const name of names.split(' ')) {
    const isSoft = 'аяйь'.includes(name.slice(-1));
    const stem = isSoft ? name.slice(0, -1) : name;
    add(hashOf(name), NAME);
    for (const ending of isSoft ? SOFT_CASES : HARD_CASES) add(hashOf(stem + ending), NAME);
  }
}

const TITLES =
  'mr mrs ms miss mx dr prof professor sir dame madam mme mlle monsieur madame herr frau senor senora sra sr rev captain capt sgt lt col gen hon judge sheikh';
const UNITS = 'apt apartment suite ste unit flat floor box room building bldg appt lejlighed byt';

function build(): void {
  isBuilt = true;
  addFrontCoded(NAMES_A, NAME);
  addFrontCoded(NAMES_B, NAME);
  addFrontCoded(WEAK_NAMES, WEAK);
  addFrontCoded(COMMON_WORDS, COMMON);
  addWords(DEMOTED_NAMES, WEAK);
  addWords(EVERYDAY_WORDS, COMMON);
  addWords(WORLD_NAMES, NAME, COMMON);
  addWords(SHORT_SURNAMES, SHORT, COMMON);
  addWords(THINGS, THING);
  addPhrases(FAMOUS, THING, THING_HEAD);
  addWords(TECHNICAL, TECH);
  addPhrases(`${COUNTRIES}|${REGIONS}|${CITIES}`, PLACE, PLACE_HEAD);
  addPhrases(ORGANISATIONS, COMPANY, COMPANY_HEAD);
  addInflected(CYRILLIC_NAMES);
  addWords(CYRILLIC_WORDS, COMMON);
  for (const name of GREEK_NAMES.split(' ')) for (const form of greekForms(name)) add(hashOf(form), NAME);
  addWords(COMPANY_ENDINGS, COMPANY_END);
  addWords(STREET_ENDINGS, STREET_END);
  addWords(STREET_BEGINNINGS, STREET_HEAD);
  addWords(TITLES, TITLE);
  addWords(UNITS, UNIT);
}

let isBuilt = false;

/** What is known of the word of this hash; 0 for nothing. */
export function bitsOf(hash: number): number {
  if (!isBuilt) build();
  let slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
  for (let bits = known[slot] as number; bits !== 0; bits = known[slot] as number) {
    if (hashes[slot] === hash) return bits;
    slot = (slot + 1) & (SLOTS - 1);
  }
  return 0;
}
