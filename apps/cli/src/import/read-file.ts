import { createReadStream, statSync } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { CliError } from '../terminal/errors';

export interface TextFile {
  readonly bytes: number;
  /** Bytes read from the disk so far, for progress. */
  read(): number;
  readonly pieces: AsyncIterable<string>;
}

/** A file as text in pieces; `.gz` is unpacked on the way. */
export function openTextFile(path: string): TextFile {
  let bytes: number;
  try {
    const stat = statSync(path);
    if (!stat.isFile()) throw new CliError(`${path} is not a file`, 'give the path of a file');
    bytes = stat.size;
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(
      `${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
      'correct the path, or make the file readable',
    );
  }
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  return { bytes, read: () => file.bytesRead, pieces: textOf(path, path.endsWith('.gz') ? file.pipe(createGunzip()) : file) };
}

async function* textOf(path: string, stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of stream) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch {
    throw new CliError(`${path} is not UTF-8 text${path.endsWith('.gz') ? ' in gzip' : ''}`, 'convert it to UTF-8 first');
  }
}

/** Lines that are not empty, with their number in the file. */
export async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<{ readonly text: string; readonly line: number }> {
  let rest = '';
  let line = 0;
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) {
      line++;
      if (text.trim() !== '') yield { text: text.trim(), line };
    }
  }
  if (rest.trim() !== '') yield { text: rest.trim(), line: line + 1 };
}
