import { COMMON_WORDS } from './gazetteer/common-words';
import { NAMES_A } from './gazetteer/names-a';
import { NAMES_B } from './gazetteer/names-b';
import { COMPANY_ENDINGS, ORGANISATIONS } from './gazetteer/organisations';
import { CITIES, COUNTRIES, REGIONS } from './gazetteer/places';
import { STREET_BEGINNINGS, STREET_ENDINGS } from './gazetteer/streets';
import { WEAK_NAMES } from './gazetteer/weak-names';

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

/**
 * Small letter of a code unit without its accent, and above it a second one for those that stand for two: `ø` is o, `ß` ss.
 */
const FOLDED = new Uint16Array(0x250);
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
  const folded = c < 0x250 ? (FOLDED[c] ?? c) : c;
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
/** Hash and bits by slot, with linear probing. Two words of one hash, one in a hundred thousand, are taken for the same. */
interface Table {
  readonly hashes: Int32Array;
  readonly bits: Uint16Array;
}

function add(table: Table, hash: number, bits: number): void {
  let slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
  while (table.bits[slot] !== 0 && table.hashes[slot] !== hash) slot = (slot + 1) & (SLOTS - 1);
  table.hashes[slot] = hash;
  table.bits[slot] = (table.bits[slot] ?? 0) | bits;
}

function addFrontCoded(table: Table, coded: string, bits: number): void {
  let word = '';
  for (const [, shared = '0', rest = ''] of coded.matchAll(/(\d)([^\d]+)/g)) {
    word = word.slice(0, Number(shared)) + rest.replaceAll('\n', '');
    add(table, hashOf(word), bits);
  }
}

function addPhrases(table: Table, list: string, bits: number, head: number): void {
  for (const phrase of list.split('|')) {
    add(table, hashOf(phrase), bits);
    for (let space = phrase.indexOf(' '); space > 0; space = phrase.indexOf(' ', space + 1))
      add(table, hashOf(phrase.slice(0, space)), head);
  }
}

const TITLES =
  'mr mrs ms miss mx dr prof professor sir dame madam mme mlle monsieur madame herr frau senor senora sra sr rev captain capt sgt lt col gen hon judge sheikh';
const UNITS = 'apt apartment suite ste unit flat floor box room building bldg appt lejlighed byt';

function build(): Table {
  const table: Table = { hashes: new Int32Array(SLOTS), bits: new Uint16Array(SLOTS) };
  const addWords = (words: string, bits: number): void => {
    for (const word of words.split(' ')) add(table, hashOf(word), bits);
  };
  addFrontCoded(table, NAMES_A, NAME);
  addFrontCoded(table, NAMES_B, NAME);
  addFrontCoded(table, WEAK_NAMES, WEAK);
  addFrontCoded(table, COMMON_WORDS, COMMON);
  addPhrases(table, `${COUNTRIES}|${REGIONS}|${CITIES}`, PLACE, PLACE_HEAD);
  addPhrases(table, ORGANISATIONS, COMPANY, COMPANY_HEAD);
  addWords(COMPANY_ENDINGS, COMPANY_END);
  addWords(STREET_ENDINGS, STREET_END);
  addWords(STREET_BEGINNINGS, STREET_HEAD);
  addWords(TITLES, TITLE);
  addWords(UNITS, UNIT);
  return table;
}

let built: Table | null = null;

/** What is known of the word of this hash; 0 for nothing. */
export function bitsOf(hash: number): number {
  const { hashes, bits } = (built ??= build());
  let slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
  for (let known = bits[slot] ?? 0; known !== 0; known = bits[slot] ?? 0) {
    if (hashes[slot] === hash) return known;
    slot = (slot + 1) & (SLOTS - 1);
  }
  return 0;
}
export const bitsOfWord = (word: string): number => bitsOf(hashOf(word));
