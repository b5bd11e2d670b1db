import { DIGIT, isHex, isUpper, JOINER, kindOf, LETTER } from './char-kinds';

/** Words that follow a number and belong to it. */
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

/** Values that stand where others have a number or a name. */
const EMPTY_VALUES = new Set('null nil none None NULL undefined NaN'.split(' '));
/** Values wherever they stand. */
const TRUTHS = new Set('true false True False TRUE FALSE'.split(' '));

/** Ends of host names: the generic ones and those of countries that are no file's ending (`pl`, `py`, `so`, `rs`, `sh` … are left out). */
const TOP_LEVEL = new Set(
  'com net org edu gov mil info biz local internal lan localdomain arpa cn hk tw jp kr us uk ca de fr it es nl eu ru br mx ar in au nz se no fi dk at ch be pt gr ua tr il za sg th vn id ph my'.split(
    ' ',
  ),
);
/** Beginnings of Java packages, which are names of code. */
const PACKAGE_ROOTS = new Set(['com', 'org', 'net', 'java', 'javax', 'io', 'android', 'edu', 'gov']);

export function isHost(word: string): boolean {
  const lastDot = word.lastIndexOf('.');
  if (lastDot <= 0 || !TOP_LEVEL.has(word.slice(lastDot + 1))) return false;
  return !PACKAGE_ROOTS.has(word.slice(0, word.indexOf('.')));
}

/** How a run of word characters is made; filled by one pass over it. */
export interface Shape {
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

export const newShape = (): Shape => ({
  digits: 0,
  letters: 0,
  dots: 0,
  slashes: 0,
  ats: 0,
  hexOnly: true,
  turns: 0,
  firstDigit: -1,
});

export function readShape(line: string, start: number, end: number, shape: Shape): void {
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
  shape.digits = digits;
  shape.letters = letters;
  shape.dots = dots;
  shape.slashes = slashes;
  shape.ats = ats;
  shape.hexOnly = hexOnly;
  shape.turns = turns;
  shape.firstDigit = firstDigit;
}

/** A name of code that has a digit in it: `Http2Handler`, `OAuth2Client`, `log4j`. */
function isNameWithDigit(start: number, end: number, { digits, turns, letters, dots, firstDigit }: Shape): boolean {
  return digits === 1 && turns === 2 && letters >= 4 && dots === 0 && firstDigit > start && firstDigit < end - 1;
}

/** Letters before the first digit that are worth keeping (`blk_`, `node-`, `worker`), else `start`. */
function prefixEnd(line: string, start: number, { firstDigit, dots, turns, hexOnly }: Shape): number {
  let end = firstDigit;
  while (end > start && kindOf(line.charCodeAt(end - 1)) === JOINER) end--;
  if (end - start < 2 || dots > 0 || turns > 2 || hexOnly) return start;
  for (let i = start; i < end; i++) if (line.charCodeAt(i) === 47) return start;
  return end;
}

/**
 * Where the part that varies begins: `end` when the word is said the same every time, `start` when all of it varies. The word holds
 * no spaces and no delimiters. `asValue`: it stands after `=`.
 */
export function varyingFrom(line: string, start: number, end: number, shape: Shape, asValue: boolean): number {
  const first = line.charCodeAt(start);
  if (shape.digits > 0) {
    if (shape.letters === 0 || shape.slashes > 0 || shape.ats > 0 || shape.firstDigit === start) return start;
    if (isNameWithDigit(start, end, shape)) return end;
    return prefixEnd(line, start, shape);
  }
  if (shape.letters === 0) return first === 47 || first === 126 ? start : end;
  if (first === 47 || ((first === 126 || first === 46) && shape.slashes > 0) || shape.slashes >= 2 || shape.ats > 0) return start;
  if (shape.hexOnly && shape.letters >= 8 && shape.dots === 0) return start;
  if (shape.dots === 0) {
    if (!asValue && (shape.letters < 4 || shape.letters > 5)) return end;
    const word = line.slice(start, end);
    return TRUTHS.has(word) || (asValue && EMPTY_VALUES.has(word)) ? start : end;
  }
  if (asValue && shape.dots >= 2) return start;
  if (isUpper(first)) return end;
  return isHost(line.slice(start, end)) ? start : end;
}
