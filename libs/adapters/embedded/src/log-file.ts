import { errorCodeOf, PermanentError } from '@telltale/kernel';
import { chmodSync, closeSync, fstatSync, mkdirSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { damaged } from './write-failure';

/** Layout of the two meta pages at the start of an LMDB file; the newer one is current. */
const META = { magicAt: 24, magic: 0xbeefc0de, version: 2, pageSizeAt: 48, lastPageAt: 144, transactionAt: 152, bytes: 160 };

const isMeta = (page: Buffer): boolean =>
  page.readUInt32LE(META.magicAt) === META.magic && page.readUInt32LE(META.magicAt + 4) === META.version;

function checkPages(file: number, path: string): void {
  const { size } = fstatSync(file);
  const pageAt = (at: number): Buffer => {
    const page = Buffer.alloc(META.bytes);
    readSync(file, page, 0, META.bytes, at);
    return page;
  };
  const first = pageAt(0);
  if (!isMeta(first)) throw damaged(path, 'is no log (data.mdb was not written by Telltale, or is damaged)');
  const pageSize = first.readUInt32LE(META.pageSizeAt);
  const second = pageAt(pageSize);
  if (!isMeta(second)) throw damaged(path, 'is cut off or damaged (data.mdb)');
  const newer = first.readBigUInt64LE(META.transactionAt) > second.readBigUInt64LE(META.transactionAt) ? first : second;
  if (BigInt(size) < (newer.readBigUInt64LE(META.lastPageAt) + 1n) * BigInt(pageSize))
    throw damaged(path, `is cut off (data.mdb has ${size} bytes)`);
}

/**
 * Creates the folder, accessible to its owner only, and checks the file in it first: LMDB maps any file unchecked, and a foreign one ends
 * the process.
 */
export function prepareLogFolder(path: string): void {
  let file: number;
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    chmodSync(path, 0o700);
    file = openSync(join(path, 'data.mdb'), 'r');
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === 'ENOENT') return;
    const why =
      code === 'EEXIST' || code === 'ENOTDIR'
        ? 'there is a file where the folder should be: move it away, or set TELLTALE_HOME to another folder'
        : `${String(code)}: let this user write there, or set TELLTALE_HOME to another folder`;
    throw new PermanentError('config', `the folder ${path} cannot be used (${why})`, { cause: error });
  }
  try {
    // An empty file is left by a start that did not finish.
    if (fstatSync(file).size > 0) checkPages(file, path);
  } finally {
    closeSync(file);
  }
}

/** LMDB creates its files with the umask; makes them accessible to their owner only. */
export function closeToOthers(path: string): void {
  for (const name of ['data.mdb', 'lock.mdb']) chmodSync(join(path, name), 0o600);
}
