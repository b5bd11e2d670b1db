/** Most bytes of one result, as it goes over the wire. */
export const MAX_RESULT_BYTES = 8 * 1024;
/** A line that is longer is cut, so that at least two go into every result. */
const MAX_LINE_BYTES = 2_000;

/** Bytes of a text inside a JSON document. */
export const jsonBytes = (text: string): number => Buffer.byteLength(JSON.stringify(text)) - 2;

/** The longest beginning of `text` of at most `max` bytes, in whole characters. */
export function beginningOf(text: string, max: number): string {
  if (jsonBytes(text) <= max) return text;
  const characters = Array.from(text);
  let [low, high] = [0, Math.min(characters.length, max)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (jsonBytes(characters.slice(0, middle).join('')) <= max) low = middle;
    else high = middle - 1;
  }
  return characters.slice(0, low).join('');
}

export function cutLine(line: string): string {
  if (jsonBytes(line) <= MAX_LINE_BYTES) return line;
  const shown = beginningOf(line, MAX_LINE_BYTES - 60);
  return `${shown}…(+${Array.from(line).length - Array.from(shown).length} characters of this item)`;
}

/** How many of the lines, from the first, have room in `bytes`. */
export function countThatFit(lines: readonly string[], bytes: number): number {
  let left = bytes;
  for (const [i, line] of lines.entries()) {
    left -= jsonBytes(`${line}\n`);
    if (left < 0) return i;
  }
  return lines.length;
}
