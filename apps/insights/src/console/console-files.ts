import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** A file of the console, ready to be sent. */
export interface ConsoleFile {
  readonly type: string;
  readonly plain: Buffer;
  /** Made when it is first asked for, not at every start. */
  readonly zipped: () => Buffer;
  readonly etag: string;
  /** Its name says what is in it, so it never changes. */
  readonly isFixed: boolean;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** Where the build puts it: beside the bundle that this code is part of. */
const BUILT = join(__dirname, '..', 'console');

/** All files of the console by path, read once: nothing else can be asked for. Empty where it was not built. */
export function readConsoleFiles(folder = BUILT): ReadonlyMap<string, ConsoleFile> {
  const files = new Map<string, ConsoleFile>();
  if (!existsSync(join(folder, 'index.html'))) return files;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const type = TYPES[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const file = join(entry.parentPath, entry.name);
    const plain = readFileSync(file);
    const path = `/${file.slice(folder.length + 1).replaceAll('\\', '/')}`;
    const etag = `"${createHash('sha256').update(plain).digest('hex').slice(0, 32)}"`;
    files.set(path, { type, plain, zipped: once(() => gzipSync(plain)), etag, isFixed: path.startsWith('/assets/') });
  }
  return files;
}
