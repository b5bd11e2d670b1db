import { DIGIT, isHex, isUpper, JOINER, kindOf, LETTER, SPACE } from './char-kinds';

/** Unit words that belong to the number before them. */
const UNITS = new Set(
  'ns us µs ms s sec secs second seconds min mins minute minutes h hr hrs hour hours day days b byte bytes kb mb gb tb kib mib gib kbps mbps hz mhz ghz am pm AM PM KB MB GB TB kB KiB MiB GiB B K M G'.split(
    ' ',
  ),
);
export const isUnit = (word: string): boolean => UNITS.has(word);

const CALENDAR = new Set(
  'Mon Tue Wed Thu Fri Sat Sun Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April June July August September October November December'.split(
    ' ',
  ),
);
export const isCalendar = (word: string): boolean => CALENDAR.has(word);

/** Values that occur in place of a number or a name. */
const EMPTY_VALUES = new Set('null nil none None NULL undefined NaN'.split(' '));
/** Boolean values. */
const BOOLEANS = new Set('true false True False TRUE FALSE'.split(' '));
/** Values of switches, variable after a key. */
const SWITCHES = new Set('yes no on off enabled disabled active inactive'.split(' '));
const MAX_CLOSED_VALUE = 9;

/** What a word follows. */
export const AFTER_TEXT = 0;
export const AFTER_COLON = 1;
export const AFTER_EQUALS = 2;
export type After = typeof AFTER_TEXT | typeof AFTER_COLON | typeof AFTER_EQUALS;

/** Top-level domains: the generic ones, and country codes that are not also file extensions (without `pl`, `py`, `so`, `rs`, `sh` …). */
const TOP_LEVEL = new Set(
  'com net org edu gov mil info biz local internal lan localdomain arpa cn hk tw jp kr us uk ca de fr it es nl eu ru br mx ar in au nz se no fi dk at ch be pt gr ua tr il za sg th vn id ph my'.split(
    ' ',
  ),
);
/** Roots of Java packages, which are names in code. */
const PACKAGE_ROOTS = new Set(['com', 'org', 'net', 'java', 'javax', 'io', 'android', 'edu', 'gov']);

export function isHost(word: string): boolean {
  const lastDot = word.lastIndexOf('.');
  if (lastDot <= 0 || !TOP_LEVEL.has(word.slice(lastDot + 1))) return false;
  return !PACKAGE_ROOTS.has(word.slice(0, word.indexOf('.')));
}

/** Counts of a word's characters; filled by one pass. */
export interface WordStats {
  digits: number;
  letters: number;
  dots: number;
  slashes: number;
  ats: number;
  hexOnly: boolean;
  /** Changes between letters and digits. */
  turns: number;
  firstDigit: number;
}

export const newWordStats = (): WordStats => ({
  digits: 0,
  letters: 0,
  dots: 0,
  slashes: 0,
  ats: 0,
  hexOnly: true,
  turns: 0,
  firstDigit: -1,
});

export function countChars(line: string, start: number, end: number, stats: WordStats): void {
  let digits = 0;
  let letters = 0;
  let dots = 0;
  let slashes = 0;
  let ats = 0;
  let hexOnly = true;
  let turns = 0;
  let firstDigit = -1;
  let before = 0;
  for (let i = start; i < end; i++) {
    const code = line.charCodeAt(i);
    const kind = kindOf(code);
    if (kind === DIGIT) {
      if (digits++ === 0) firstDigit = i;
      if (before === LETTER) turns++;
    } else if (kind === LETTER) {
      letters++;
      if (before === DIGIT) turns++;
      if (hexOnly && !isHex(code)) hexOnly = false;
    } else if (code === 46) dots++;
    else if (code === 47 || code === 92) slashes++;
    else if (code === 64) ats++;
    before = kind;
  }
  stats.digits = digits;
  stats.letters = letters;
  stats.dots = dots;
  stats.slashes = slashes;
  stats.ats = ats;
  stats.hexOnly = hexOnly;
  stats.turns = turns;
  stats.firstDigit = firstDigit;
}

/** An identifier that contains a digit: `Http2Handler`, `OAuth2Client`, `log4j`. */
function isNameWithDigit(start: number, end: number, { digits, turns, letters, dots, firstDigit }: WordStats): boolean {
  return digits === 1 && turns === 2 && letters >= 4 && dots === 0 && firstDigit > start && firstDigit < end - 1;
}

/** End of a significant prefix before the first digit (`blk_`, `node-`, `worker`), else `start`. */
function prefixEnd(line: string, start: number, { firstDigit, dots, turns, hexOnly }: WordStats): number {
  let end = firstDigit;
  while (end > start && kindOf(line.charCodeAt(end - 1)) === JOINER) end--;
  if (end - start < 2 || dots > 0 || turns > 2 || hexOnly) return start;
  for (let i = start; i < end; i++) if (line.charCodeAt(i) === 47) return start;
  return end;
}

/** A value of a closed set: a boolean anywhere but joined to its key by a colon (`overlap:true` is a state); after a key also a switch or an empty value. After a colon it has to be all there is. */
function isClosedValue(line: string, start: number, end: number, after: After): boolean {
  const size = end - start;
  if (size > MAX_CLOSED_VALUE || (after === AFTER_TEXT && (size < 4 || size > 5))) return false;
  const word = line.slice(start, end);
  if (BOOLEANS.has(word)) return after !== AFTER_COLON || line.charCodeAt(start - 1) !== 58;
  if (after === AFTER_TEXT || (after === AFTER_COLON && kindOf(line.charCodeAt(end)) === SPACE)) return false;
  return EMPTY_VALUES.has(word) || SWITCHES.has(word.toLowerCase());
}

/**
 * Where the variable part of a word begins: `end` when the whole word is constant, `start` when all of it is variable. The word contains no
 * spaces or delimiters.
 */
export function variableFrom(line: string, start: number, end: number, stats: WordStats, after: After): number {
  const first = line.charCodeAt(start);
  if (stats.digits > 0) {
    if (stats.letters === 0 || stats.slashes > 0 || stats.ats > 0 || stats.firstDigit === start) return start;
    if (isNameWithDigit(start, end, stats)) return end;
    return prefixEnd(line, start, stats);
  }
  if (stats.letters === 0) return first === 47 || first === 126 ? start : end;
  if (first === 47 || ((first === 126 || first === 46) && stats.slashes > 0) || stats.slashes >= 2 || stats.ats > 0) return start;
  if (stats.hexOnly && stats.letters >= 8 && stats.dots === 0) return start;
  if (stats.dots === 0) return isClosedValue(line, start, end, after) ? start : end;
  if (after === AFTER_EQUALS && stats.dots >= 2) return start;
  if (isUpper(first)) return end;
  return isHost(line.slice(start, end)) ? start : end;
}
