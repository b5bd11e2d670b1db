import { setImmediate } from 'node:timers/promises';

/** Results are split in chunks of this size, so that a large one does not block the event loop. */
const PIECE_BYTES = 256 * 1024;
const NEWLINE = 10;
const TEXT_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;
const LONG_INTEGER = /^-?\d{16,}$/;

/** One row as JSON with integers beyond 2^53 as text: a JavaScript number would change their last digits. */
export function exactIntegers(line: string): string {
  if (!/\d{16}/.test(line)) return line;
  return line.replace(TEXT_OR_NUMBER, (found) =>
    LONG_INTEGER.test(found) && !Number.isSafeInteger(Number(found)) ? `"${found}"` : found,
  );
}

/** The lines of a complete result, in chunks. */
export async function* linesOf(bytes: Buffer): AsyncGenerator<readonly string[]> {
  for (let from = 0; from < bytes.length;) {
    const about = bytes.indexOf(NEWLINE, Math.min(from + PIECE_BYTES, bytes.length - 1));
    const to = about < 0 ? bytes.length : about + 1;
    const lines = bytes.toString('utf8', from, to).split('\n');
    if (lines.at(-1) === '') lines.pop();
    yield lines.map(exactIntegers);
    from = to;
    await setImmediate();
  }
}

export async function parsedRows<T>(lines: AsyncIterable<readonly string[]>): Promise<T[]> {
  const rows: T[] = [];
  for await (const piece of lines) for (const line of piece) rows.push(JSON.parse(line) as T);
  return rows;
}
