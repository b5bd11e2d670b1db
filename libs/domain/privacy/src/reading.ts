/** Characters of a text that are looked through; what is beyond is not kept. */
export const MAX_TEXT = 1_000_000;
/** Scanners look this far beyond both ends at most, and find zeros there. */
const MARGIN = 32;

/**
 * The code units of the text that is being looked through. Reading one of a string costs several times as much: strings come in many forms,
 * and a read beyond an end turns every read at that place of the program into a call. Scanners run one after the other, never at once.
 */
const units = new Uint16Array(MARGIN + MAX_TEXT + MARGIN);
const bytes = Buffer.from(units.buffer);
/** Whether units lie in memory as the encoding below writes them. */
const isLittle = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
let reading = '';
/** Characters up to which a loop is faster than a call. */
const SHORT = 16;

/** Makes `text` the one that is looked through; costs nothing when it is already. Throws a RangeError when it is too long. */
export function read(text: string): void {
  if (text === reading) return;
  const { length } = text;
  if (length > MAX_TEXT) throw new RangeError('text is too long to be looked through');
  reading = text;
  if (isLittle && length > SHORT) bytes.write(text, 2 * MARGIN, 'utf16le');
  else for (let i = 0; i < length; i++) units[MARGIN + i] = text.charCodeAt(i);
  units.fill(0, MARGIN + length, MARGIN + length + MARGIN);
}

/** Code unit at `at` of the text that is looked through. */
export const codeAt = (at: number): number => units[MARGIN + at] as number;
