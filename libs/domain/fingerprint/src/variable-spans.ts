import { DIGIT, isHex, kindOf, LETTER, SPACE } from './char-kinds';

// Spans of a line that are variable as a whole, whatever words they contain.

const MAX_QUOTED = 300;
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

/** Position of the next space or quote. */
export const valueEnd = (line: string, start: number, length: number): number => {
  let i = start;
  while (i < length && kindOf(line.charCodeAt(i)) !== SPACE && line.charCodeAt(i) !== 34 && line.charCodeAt(i) !== 39) i++;
  return i;
};

/** End of the quotation that opens at `start`, else 0. A request line (`"GET /x"`) is not masked, because its first word is significant. */
export function quotedEnd(line: string, start: number, length: number): number {
  const quote = line.charCodeAt(start);
  const before = start > 0 ? kindOf(line.charCodeAt(start - 1)) : SPACE;
  if (before === LETTER || before === DIGIT) return 0;
  const stop = Math.min(length, start + MAX_QUOTED);
  for (let i = start + 1; i < stop; i++) {
    if (line.charCodeAt(i) !== quote) continue;
    const after = i + 1 < length ? kindOf(line.charCodeAt(i + 1)) : SPACE;
    if (quote === 39 && (after === LETTER || after === DIGIT)) continue;
    return isRequestLine(line, start + 1, i) ? 0 : i + 1;
  }
  return 0;
}

function isRequestLine(line: string, start: number, end: number): boolean {
  let i = start;
  while (i < end && line.charCodeAt(i) >= 65 && line.charCodeAt(i) <= 90) i++;
  return i - start >= 3 && line.charCodeAt(i) === 32 && line.charCodeAt(i + 1) === 47;
}
