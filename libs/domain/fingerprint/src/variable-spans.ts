import { DIGIT, isHex, isUpper, kindOf, LETTER, SPACE } from './char-kinds';

// Spans of a line that are variable as a whole, whatever words they contain.

const MAX_QUOTED = 300;
const MAX_STATE_NAME = 12;
const MAX_STATE = 64;
/** Maximum length of a hexadecimal address with colons, with room for a time after it; keeps the scan linear. */
const MAX_COLONS_CHARS = 64;

/** `12:34:56`, `aa:bb:0c`, `fe80::1`: end of a run of hexadecimal digits and colons with at least two colons and a digit, else `start`. */
export function colonsEnd(line: string, start: number, lineEnd: number): number {
  const length = Math.min(lineEnd, start + MAX_COLONS_CHARS);
  let colons = 0;
  let digits = 0;
  let i = start;
  for (; i < length; i++) {
    const code = line.charCodeAt(i);
    if (code === 58) colons++;
    else if (kindOf(code) === DIGIT) digits++;
    else if (!isHex(code) && code !== 46) break;
  }
  if (i < lineEnd && kindOf(line.charCodeAt(i)) === LETTER) return start;
  while (i > start && line.charCodeAt(i - 1) === 58) {
    colons--;
    i--;
  }
  return colons >= 2 && digits > 0 ? i : start;
}

const isLetter = (line: string, at: number): boolean => kindOf(line.charCodeAt(at)) === LETTER;

const isCapitals = (line: string, start: number, end: number): boolean => {
  for (let i = start; i < end; i++) if (!isUpper(line.charCodeAt(i)) && line.charCodeAt(i) !== 95) return false;
  return end > start + 1;
};

const wordEnd = (line: string, start: number, length: number): number => {
  let i = start;
  while (i < length && kindOf(line.charCodeAt(i)) > SPACE) i++;
  return i;
};

/** Constants (`intent.action.SCREEN_ON`) and errors (`java.io.IOException`) say what happened; other dotted names are values. */
function saysWhatHappened(line: string, end: number): boolean {
  if (line.endsWith('Exception', end) || line.endsWith('Error', end)) return true;
  return isCapitals(line, line.lastIndexOf('.', end - 1) + 1, end);
}

/** End of the words that colons join to the name that ends at `end`: `com.acme.mail:push`. */
function joinedEnd(line: string, end: number, length: number): number {
  let i = end;
  while (i + 1 < length && line.charCodeAt(i) === 58 && isLetter(line, i + 1)) i = wordEnd(line, i + 1, length);
  return i;
}

/** End of a property whose key ends at `end`: the rest of the line is its value, unless it has another `=`. */
function propertyEnd(line: string, end: number, length: number): number {
  if (line.charCodeAt(end) !== 61) return end;
  const next = line.indexOf('=', end + 1);
  return next < 0 ? length : end;
}

/**
 * End of the dotted name from `start` to `end` that is a value, else 0: a package or class (`com.acme.Mail`), a name that a colon joins to
 * the word before (`environment:os.name=Linux`, with its value) or after (`com.acme.mail:push`).
 */
export function dottedEnd(line: string, start: number, end: number, length: number): number {
  if (saysWhatHappened(line, end)) return 0;
  if (start > 1 && line.charCodeAt(start - 1) === 58 && isLetter(line, start - 2)) return propertyEnd(line, end, length);
  const joined = joinedEnd(line, end, length);
  const isPackage = !isUpper(line.charCodeAt(start)) && line.indexOf('.', start) < line.lastIndexOf('.', end - 1);
  return joined > end || isPackage ? joined : 0;
}

/** `from NEW to RUNNING`: both are states. */
export function isState(line: string, start: number, end: number): boolean {
  if (!isCapitals(line, start, end)) return false;
  if (line.startsWith('from ', start - 5) && line.startsWith(' to ', end))
    return isCapitals(line, end + 4, wordEnd(line, end + 4, Math.min(line.length, end + MAX_STATE)));
  if (!line.startsWith(' to ', start - 4)) return false;
  const from = line.lastIndexOf(' ', start - 5);
  return line.startsWith('from ', from - 4) && isCapitals(line, from + 1, start - 4);
}

/** Position of the next space or quote. */
export const valueEnd = (line: string, start: number, length: number): number => {
  let i = start;
  while (i < length && kindOf(line.charCodeAt(i)) !== SPACE && line.charCodeAt(i) !== 34 && line.charCodeAt(i) !== 39) i++;
  return i;
};

/**
 * End of the quotation that opens at `start`, else 0. Neither a request line (`"GET /x"`), whose
 * first word is significant, nor the name of a state is masked.
 */
export function quotedEnd(line: string, start: number, length: number): number {
  const quote = line.charCodeAt(start);
  const before = start > 0 ? kindOf(line.charCodeAt(start - 1)) : SPACE;
  if (before === LETTER || before === DIGIT) return 0;
  const stop = Math.min(length, start + MAX_QUOTED);
  for (let i = start + 1; i < stop; i++) {
    if (line.charCodeAt(i) !== quote) continue;
    const after = i + 1 < length ? kindOf(line.charCodeAt(i + 1)) : SPACE;
    if (quote === 39 && (after === LETTER || after === DIGIT)) continue;
    return isRequestLine(line, start + 1, i) || isNamedState(line, start + 1, i) ? 0 : i + 1;
  }
  return 0;
}

/** `'Active'`: one capitalized word is the name of a state, and what changed is what the line says. */
function isNamedState(line: string, start: number, end: number): boolean {
  if (!isUpper(line.charCodeAt(start)) || end - start < 3 || end - start > MAX_STATE_NAME) return false;
  for (let i = start; i < end; i++) if (!isLetter(line, i)) return false;
  return true;
}

function isRequestLine(line: string, start: number, end: number): boolean {
  let i = start;
  while (i < end && line.charCodeAt(i) >= 65 && line.charCodeAt(i) <= 90) i++;
  return i - start >= 3 && line.charCodeAt(i) === 32 && line.charCodeAt(i + 1) === 47;
}
