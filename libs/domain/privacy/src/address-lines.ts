import { isCapital, isDigit, isUpper, isWordLetter } from './characters';
import { COMMON, NAME, PLACE, STREET_END, TITLE, UNIT } from './lexicon';
import { codeAt } from './reading';
import { placeEnd, type Word, wordAt } from './words';

// Continuation of an address after the street: flat, town, region, postal code, country; on the same line, after commas, or on following lines.

const MAX_PARTS = 7;
const MAX_PART = 44;
const APART = /^(?:[.,]?[ \t]*(?:\n[ \t>?]*){1,3},?[ \t]?|[.,]? ?,? {1,2}|\s?\()/;

interface Part {
  readonly end: number;
  readonly isWhole: boolean;
  /** Ends in a postal code or names a known place, so it can only be part of an address. */
  readonly isSure: boolean;
}

const isPartEnd = (text: string, at: number): boolean => at >= text.length || ENDS.has(codeAt(at));
const ENDS = new Set([...',\n.?!);'].map((sign) => sign.charCodeAt(0)));

/** Reads capitalized words and numbers from `from` on, as long as they can be a town, a region or a code. */
function readPart(text: string, from: number): Part | null {
  let end = from;
  let isSure = false;
  let tokens = 0;
  for (let i = from; i < from + MAX_PART && tokens < 6; tokens++) {
    const c = codeAt(i);
    const word = isWordLetter(c) ? wordAt(i) : null;
    const next = isDigit(c) ? codeEnd(i) : word ? townEnd(text, word, tokens > 0) : -1;
    if (next < 0) break;
    if (word ? (word.bits & PLACE) !== 0 || next > word.end : next - i >= 4) isSure = true;
    end = i = next;
    const sign = codeAt(i);
    if (sign === 32 || sign === 45 || sign === 39) i++;
    else if (sign === 46 && codeAt(i + 1) === 32 && (isDigit(codeAt(i + 2)) || isCapital(codeAt(i + 2)))) i += 2;
    else break;
  }
  if (end === from) return null;
  return { end, isWhole: isPartEnd(text, end), isSure };
}

function codeEnd(at: number): number {
  let end = at;
  while (isDigit(codeAt(end))) end++;
  if (end - at > 6 || codeAt(end) === 64 || codeAt(end) === 58 || codeAt(end) === 47) return -1;
  return end;
}

const SMALL = /^(?:nan|de|da|do|di|del|la|le|les|en|an|am|bei|pri|nad|upon|sur|the|og|i|el|al|dos|das|y|e|af)$/;

/** Common first words of town names that also occur in other text. */
const TOWN_HEAD =
  /^(?:new|north|south|east|west|upper|lower|lake|port|st|saint|san|santa|mount|fort|los|las|old|great|little|grand) \p{Lu}/iu;

function townEnd(text: string, word: Word, isLater: boolean): number {
  const { start: at } = word;
  const after = codeAt(word.end);
  if (after === 58 || after === 64 || after === 95) return -1;
  if (isCapital(codeAt(at))) {
    const place = placeEnd(word);
    if (place > 0) return place;
    const known = PLACE | NAME | UNIT | (isLater ? STREET_END : 0);
    const isWord =
      (word.bits & (COMMON | TITLE)) !== 0 && (word.bits & known) === 0 && !TOWN_HEAD.test(text.slice(at, word.end + 2));
    const isCode = word.end - at <= 3 && word.shouted;
    return isWord && !isCode ? -1 : word.end;
  }
  return SMALL.test(text.slice(at, Math.min(word.end, at + 6))) ? word.end : -1;
}

/** `IL 60601`, `QC 54256`: a region of two capitals and its postal code. */
const isRegion = (at: number): boolean =>
  isUpper(codeAt(at)) && isUpper(codeAt(at + 1)) && codeAt(at + 2) === 32 && isDigit(codeAt(at + 3));

/** End of the address whose street ends at `base`. */
export function extendAddress(text: string, base: number): number {
  let end = base;
  let pending = base;
  for (let part = 0; part < MAX_PARTS; part++) {
    const apart = APART.exec(text.slice(pending, pending + 24));
    if (!apart) break;
    const from = pending + apart[0].length;
    const read = readPart(text, from);
    if (!read) break;
    const isLine = apart[0].includes('\n');
    const isSure = read.isSure || isRegion(from);
    // Within a sentence capitals are weak evidence; on lines of their own they are strong.
    if (!read.isWhole && !isSure) break;
    pending = read.end;
    if (text.startsWith(' (', pending)) {
      const close = text.indexOf(')', pending);
      if (close > 0 && close < pending + 24) pending = close + 1;
    }
    if (isLine || isSure || apart[0].includes(',') || part === 0) end = pending;
  }
  return end;
}
