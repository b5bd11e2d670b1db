import { errorCodeOf } from '@telltale/kernel';
import { createReadStream, type ReadStream, statSync } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { CliError } from '../terminal/errors';

export interface TextFile {
  readonly path: string;
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
    throw error instanceof CliError ? error : unreadable(path, error);
  }
  let file: ReadStream | null = null;
  // Opened when it is read: an import may name more files than a process may have open.
  const open = (): AsyncIterable<Buffer> => {
    file = createReadStream(path, { highWaterMark: 256 * 1024 });
    return path.endsWith('.gz') ? unpacked(file) : file;
  };
  return { path, bytes, read: () => file?.bytesRead ?? 0, pieces: textOf(path, open) };
}

const codeOf = (error: unknown): string => String(errorCodeOf(error) ?? 'unknown');
const unreadable = (path: string, error: unknown): CliError =>
  new CliError(`${path} cannot be read (${codeOf(error)})`, 'correct the path, or make the file readable');

/** `pipe` passes no errors on: without this a disk error would leave the reader waiting. */
function unpacked(file: ReadStream): AsyncIterable<Buffer> {
  const unzip = createGunzip();
  file.on('error', (error) => unzip.destroy(error));
  return file.pipe(unzip);
}

async function* textOf(path: string, open: () => AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const checked = (text: string): string => {
    // UTF-16 without a byte order mark, and many binary formats, decode as UTF-8 with NUL bytes, which no JSON holds.
    if (text.includes('\0')) throw notText(path);
    return text;
  };
  try {
    for await (const chunk of open()) yield checked(decoder.decode(chunk, { stream: true }));
    yield checked(decoder.decode());
  } catch (error) {
    if (error instanceof CliError) throw error;
    const code = codeOf(error);
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') throw notText(path);
    if (code.startsWith('Z_')) throw new CliError(`${path} is not gzip, or is cut off (${code})`, 'pack it again with gzip');
    throw unreadable(path, error);
  }
}

const notText = (path: string): CliError =>
  new CliError(
    `${path} is not UTF-8 text (UTF-16 or binary?)`,
    'convert it, for example: iconv -f UTF-16 -t UTF-8; a gzip file needs a name that ends in .gz',
  );

/** A piece of a file: its text, or null where it is longer than the limit; `line` is where it begins, from 1. */
export interface FileItem {
  readonly text: string | null;
  readonly line: number;
}

/** Null for text of more than `maxBytes` in UTF-8. */
const withinBytes = (text: string, maxBytes: number): string | null =>
  text.length * 3 <= maxBytes || Buffer.byteLength(text) <= maxBytes ? text : null;

/** Puts an item together from the parts of the pieces it lies in; one over the limit is skipped without being held. */
export function createItemText(maxBytes: number) {
  let parts: string[] = [];
  let length = 0;
  return {
    add(part: string): void {
      length += part.length;
      if (length <= maxBytes) parts.push(part);
      else parts = [];
    },
    /** Its text without blanks around it, or null where it is over the limit; begins the next. */
    end(): string | null {
      const text = length > maxBytes ? null : withinBytes(parts.join('').trim(), maxBytes);
      parts = [];
      length = 0;
      return text;
    },
  };
}

/** Lines that are not empty. One over the limit is skipped without being held, so that time and memory stay linear. */
export async function* linesOf(pieces: AsyncIterable<string>, maxBytes: number): AsyncGenerator<FileItem> {
  const current = createItemText(maxBytes);
  let line = 1;
  const end = (): FileItem | null => {
    const text = current.end();
    return text === '' ? null : { text, line };
  };
  for await (const piece of pieces) {
    let from = 0;
    for (let at = piece.indexOf('\n'); at >= 0; at = piece.indexOf('\n', from)) {
      current.add(piece.slice(from, at));
      const item = end();
      if (item) yield item;
      line++;
      from = at + 1;
    }
    current.add(piece.slice(from));
  }
  const item = end();
  if (item) yield item;
}
