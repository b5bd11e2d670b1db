/** Maximum characters of a text that are scanned; the rest is dropped. */
export const MAX_TEXT = 1_000_000;
/** Scanners read at most this far beyond both ends, and read zeros there. */
const MARGIN = 32;

/**
 * The code units of the text being scanned. Reading them from a string is several times slower: strings have many representations, and a
 * read beyond the end deoptimizes that code. Scanners run one after the other, never concurrently.
 */
const units = new Uint16Array(MARGIN + MAX_TEXT + MARGIN);
const bytes = Buffer.from(units.buffer);
/** Whether the machine's byte order matches the encoding below. */
const isLittle = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
let reading = '';
/** Up to this length a loop is faster than a call. */
const SHORT = 16;

/** Makes `text` the scanned text; free when it already is. Throws a RangeError when it is too long. */
export function read(text: string): void {
  if (text === reading) return;
  const { length } = text;
  if (length > MAX_TEXT) throw new RangeError('text is too long to be scanned');
  reading = text;
  if (isLittle && length > SHORT) bytes.write(text, 2 * MARGIN, 'utf16le');
  else for (let i = 0; i < length; i++) units[MARGIN + i] = text.charCodeAt(i);
  units.fill(0, MARGIN + length, MARGIN + length + MARGIN);
}

/** Code unit at `at` of the scanned text. */
export const codeAt = (at: number): number => units[MARGIN + at] as number;
