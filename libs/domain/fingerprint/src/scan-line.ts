import { DELIMITER, DIGIT, isHex, JOINER, kindOf, LETTER, SPACE } from './char-kinds';
import { colonsEnd, dottedEnd, isState, quotedEnd, valueEnd } from './variable-spans';
import {
  AFTER_COLON,
  AFTER_EQUALS,
  type After,
  AFTER_TEXT,
  countChars,
  isCalendar,
  isUnit,
  newWordStats,
  variableFrom,
} from './word-stats';

export const MAX_CHARS = 2_000;
export const MAX_TOKENS = 96;
const MAX_SPANS = 512;

/** Hash of a variable part; no word has it. */
export const ANY_HASH = 0x2a;

/** Result of a scan; reused for every line. */
export interface Scan {
  /** Number of tokens: one per word, and one per run of variable parts. They form the template key. */
  tokens: number;
  readonly hashA: Int32Array;
  readonly hashB: Int32Array;
  /** Where a token is in the line; the end is 0 for a variable part. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** 1 when the word ends in a variable part: `node-12`, `user7`. */
  readonly open: Uint8Array;
  /** All variable parts, for the text; there may be more than variable tokens. */
  spans: number;
  readonly spanStarts: Int32Array;
  readonly spanEnds: Int32Array;
  /** A name that the line gives to a user, by its place; the end is 0 when there is none. */
  nameStart: number;
  nameEnd: number;
}

export const newScan = (): Scan => ({
  tokens: 0,
  hashA: new Int32Array(MAX_TOKENS),
  hashB: new Int32Array(MAX_TOKENS),
  starts: new Int32Array(MAX_TOKENS),
  ends: new Int32Array(MAX_TOKENS),
  open: new Uint8Array(MAX_TOKENS),
  spans: 0,
  spanStarts: new Int32Array(MAX_SPANS),
  spanEnds: new Int32Array(MAX_SPANS),
  nameStart: 0,
  nameEnd: 0,
});

/** Two hashes of one word. */
export interface WordHash {
  a: number;
  b: number;
}

export const ANY = '<*>';

/** Hashes the word; with `goesOn`, continues the hash in `to`. */
export function hashWord(text: string, start: number, end: number, to: WordHash, goesOn = false): void {
  let a = goesOn ? to.a : 0x811c9dc5;
  let b = goesOn ? to.b : 0x9747b28c;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x5bd1e995);
    b ^= b >>> 15;
  }
  to.a = a | 0;
  to.b = b | 0;
}

const hashed: WordHash = { a: 0, b: 0 };

/** Adds a word; `open` when a variable part of it follows. */
function addWord(line: string, start: number, end: number, open: boolean, scan: Scan): void {
  const at = scan.tokens;
  if (at >= MAX_TOKENS) return;
  hashWord(line, start, end, hashed);
  if (open) {
    hashWord(ANY, 0, ANY.length, hashed, true);
    // `blk_1 blk_2 blk_3` is a list, whatever its length.
    if (at > 0 && scan.open[at - 1] === 1 && scan.hashA[at - 1] === hashed.a && scan.hashB[at - 1] === hashed.b) return;
  }
  scan.hashA[at] = hashed.a;
  scan.hashB[at] = hashed.b;
  scan.starts[at] = start;
  scan.ends[at] = end;
  scan.open[at] = open ? 1 : 0;
  scan.tokens = at + 1;
}

/** Adds a variable part of the line, merged with an adjacent one. */
function addSpan(start: number, end: number, scan: Scan): void {
  if (scan.spans >= MAX_SPANS) return;
  const last = scan.spans - 1;
  if (last >= 0 && scan.spanEnds[last] === start) scan.spanEnds[last] = end;
  else {
    scan.spanStarts[scan.spans] = start;
    scan.spanEnds[scan.spans++] = end;
  }
}

function addVariable(start: number, end: number, scan: Scan): void {
  addSpan(start, end, scan);
  const at = scan.tokens;
  if (at >= MAX_TOKENS || (at > 0 && (scan.ends[at - 1] === 0 || scan.open[at - 1] === 1))) return;
  if (
    at >= 3 &&
    scan.ends[at - 2] === 0 &&
    scan.hashA[at - 1] === scan.hashA[at - 3] &&
    scan.hashB[at - 1] === scan.hashB[at - 3]
  ) {
    // `id 1 id 2 id 3` is a list, too.
    scan.tokens = at - 1;
    return;
  }
  scan.hashA[at] = ANY_HASH;
  scan.hashB[at] = ANY_HASH;
  scan.starts[at] = start;
  scan.ends[at] = 0;
  scan.open[at] = 0;
  scan.tokens = at + 1;
}

/** End of the run of word characters at `start`; two dots end it, because a value follows them. */
function wordEnd(line: string, start: number, length: number): number {
  let i = start;
  for (; i < length; i++) {
    const code = line.charCodeAt(i);
    const kind = kindOf(code);
    if (kind === DELIMITER || kind === SPACE) break;
    if (code === 46 && i > start && i + 1 < length && line.charCodeAt(i + 1) === 46) break;
  }
  return i;
}

/** A unit after one space belongs to the number before it. */
function withUnit(line: string, end: number, length: number): number {
  if (end + 1 >= length || line.charCodeAt(end) !== 32 || kindOf(line.charCodeAt(end + 1)) !== LETTER) return end;
  const stop = wordEnd(line, end + 1, Math.min(length, end + 9));
  return stop < end + 9 && isUnit(line.slice(end + 1, stop)) ? stop : end;
}

/** The name of a day or month counts as a time when a number or another such name follows. */
function isTimeName(line: string, start: number, end: number, length: number): boolean {
  const size = end - start;
  if (size < 3 || size > 9 || line.charCodeAt(start) < 65 || line.charCodeAt(start) > 90) return false;
  if (!isCalendar(line.slice(start, end))) return false;
  let next = end;
  while (next < length && (kindOf(line.charCodeAt(next)) === SPACE || line.charCodeAt(next) === 44)) next++;
  return next < length && (kindOf(line.charCodeAt(next)) === DIGIT || isCalendar(line.slice(next, wordEnd(line, next, length))));
}

const NO_NAMES = new Set(
  'is was has had are with not unknown in by to from for of on at the a and or can cannot does did'.split(' '),
);

/** `for mia from 10.0.0.1`: a user name before an address. */
const isCaller = (line: string, start: number, end: number): boolean =>
  line.startsWith(' from ', end) &&
  (kindOf(line.charCodeAt(end + 6)) === DIGIT || line.charCodeAt(end + 6) === 58) &&
  line.startsWith(' for ', start - 5);

/** A word after `user` and one space is a name, unless it is a common word. */
function isUserName(line: string, start: number, scan: Scan): boolean {
  const before = scan.tokens - 1;
  if (before < 0 || start < 5 || scan.ends[before] !== start - 1 || line.charCodeAt(start - 1) !== 32) return false;
  if (!line.startsWith('ser', start - 4) || (line.charCodeAt(start - 5) | 32) !== 117 || scan.starts[before] !== start - 5)
    return false;
  return !NO_NAMES.has(line.slice(start, wordEnd(line, start, Math.min(line.length, start + 40))));
}

const stats = newWordStats();

/** Reads the word that begins at `start`; returns the position to continue at. */
function scanWord(line: string, start: number, length: number, after: After, scan: Scan): number {
  const first = line.charCodeAt(start);
  if (isHex(first) || first === 58) {
    const colons = colonsEnd(line, start, length);
    if (colons > start) {
      addVariable(start, colons, scan);
      return colons;
    }
  }
  const stop = wordEnd(line, start, length);
  if (stop === start) return start + 1;
  let end = stop;
  if (stop + 2 < length && line.charCodeAt(stop) === 58) {
    const next = line.charCodeAt(stop + 1);
    const isUrl = next === 47 && line.charCodeAt(stop + 2) === 47;
    const isDrive = stop - start === 1 && next === 92;
    if (isUrl || isDrive) {
      const over = valueEnd(line, stop, length);
      addVariable(start, over, scan);
      return over;
    }
  }
  while (end > start + 1 && kindOf(line.charCodeAt(end - 1)) === JOINER && line.charCodeAt(end - 1) !== 37) end--;
  countChars(line, start, end, stats);
  if (stats.letters === 0 && stats.digits === 0 && first !== 47 && first !== 126) return stop;
  let from = variableFrom(line, start, end, stats, after);
  if (from === end && stats.digits === 0) {
    const hasPort = stats.dots > 0 && line.charCodeAt(stop) === 58 && kindOf(line.charCodeAt(stop + 1)) === DIGIT;
    if (hasPort || isTimeName(line, start, end, length) || isState(line, start, end)) from = start;
    else if (stats.dots > 0 && stats.slashes === 0) {
      const over = dottedEnd(line, start, end, length);
      if (over > 0) {
        addVariable(start, over, scan);
        return over;
      }
    }
  }
  if (from > start && (isUserName(line, start, scan) || isCaller(line, start, end))) {
    from = start;
    scan.nameStart = start;
    scan.nameEnd = end;
  }
  if (from > start) addWord(line, start, from, from < end, scan);
  if (from < end) {
    const until = kindOf(line.charCodeAt(end - 1)) === DIGIT ? withUnit(line, end, length) : end;
    if (from > start) addSpan(from, until, scan);
    else addVariable(from, until, scan);
    if (until > stop) return until;
    // `?` in an address or path starts its query.
    if (from === start && stats.slashes > 0 && line.charCodeAt(stop) === 63) {
      const over = valueEnd(line, stop, length);
      addVariable(stop, over, scan);
      return over;
    }
  }
  return stop;
}

/** Scans a line once for its words and variable parts. Linear: every lookahead is bounded or consumes what it reads. */
export function scanLine(line: string, scan: Scan): void {
  const length = Math.min(line.length, MAX_CHARS);
  scan.tokens = 0;
  scan.spans = 0;
  scan.nameEnd = 0;
  let after: After = AFTER_TEXT;
  let opened = -1;
  let i = 0;
  while (i < length) {
    const code = line.charCodeAt(i);
    const kind = kindOf(code);
    if (kind === SPACE) i++;
    else if (kind !== DELIMITER) {
      i = scanWord(line, i, length, after, scan);
      after = AFTER_TEXT;
    } else {
      if (code === 40) opened = scan.tokens;
      else if (code === 41) {
        closeGroup(scan, opened);
        opened = -1;
      } else if (code === 61) after = AFTER_EQUALS;
      else if (code === 58) after = AFTER_COLON;
      else if (code === 60 && line.startsWith('<*>', i)) {
        addVariable(i, i + 3, scan);
        i += 2;
      } else if (code === 34 || code === 39) {
        const end = quotedEnd(line, i, length);
        if (end > 0) {
          addVariable(i, end, scan);
          i = end - 1;
        }
      }
      i++;
    }
  }
}

/** A group with only values, such as `(12 KB)` or `()`, is optional text and is left out of the key. */
function closeGroup(scan: Scan, opened: number): void {
  if (opened < 0 || scan.tokens - opened > 1) return;
  if (scan.tokens === opened || scan.ends[opened] === 0) scan.tokens = opened;
}

/** The line with its variable parts as `<*>`. */
export function templateText(line: string, scan: Scan): string {
  const text = line.length > MAX_CHARS ? line.slice(0, MAX_CHARS) : line;
  if (scan.spans === 0) return text;
  let out = '';
  let from = 0;
  for (let i = 0; i < scan.spans; i++) {
    out += text.slice(from, scan.spanStarts[i]) + ANY;
    from = scan.spanEnds[i] as number;
  }
  return out + text.slice(from);
}
