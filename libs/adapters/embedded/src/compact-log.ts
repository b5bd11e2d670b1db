import { TransientError } from '@telltale/kernel';
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { closeToOthers, prepareLogFolder } from './log-file';
import { usageOf } from './log-usage';
import { isOpenHere } from './shared-storage';
import { openRoot, openTables } from './storage';
import { diskRoomOf } from './write-failure';

export interface CompactOptions {
  /** A file with fewer free bytes than this is left as it is. */
  readonly leastFreeBytes?: number;
}
export interface Compaction {
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

const LEAST_FREE_BYTES = 256 * 1024 * 1024;
/** Part of the file that must be free for it to be worth a copy. */
const LEAST_FREE_PART = 1 / 2;
const FILE = 'data.mdb';
/** Inside the folder of the log, thus on the same disk: a rename puts the copy in place. */
const COPY_FOLDER = 'compacting';

function flush(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** True when the list that LMDB keeps of the processes in a log names another than this one. */
const isUsedByOthers = (readers: string): boolean =>
  [...readers.matchAll(/^\s*(\d+)\s/gm)].some(([, pid]) => Number(pid) !== process.pid);

/**
 * Gives free pages back to the disk, which LMDB by itself never does: writes what is used to a copy, and puts it in place of the log. A kill
 * leaves the log or the whole copy in place, and the rest is removed here next time. Null where there is too little to gain, no room for the
 * copy, or somebody has the log open.
 */
export async function compactEmbeddedLog(
  folder: string,
  { leastFreeBytes = LEAST_FREE_BYTES }: CompactOptions = {},
): Promise<Compaction | null> {
  if (!existsSync(join(folder, FILE))) return null;
  prepareLogFolder(folder);
  const path = realpathSync(folder);
  const file = join(path, FILE);
  const copies = join(path, COPY_FOLDER);
  if (isOpenHere(path)) return null;
  const bytesBefore = statSync(file).size;
  if (bytesBefore < leastFreeBytes && !existsSync(copies)) return null;

  const root = openRoot(path);
  try {
    closeToOthers(path);
    const { records, latest, tombstones, meta } = openTables(root);
    root.readerCheck();
    if (isUsedByOthers(root.readerList())) return null;
    rmSync(copies, { recursive: true, force: true });
    const { usedBytes } = usageOf([records, latest, tombstones, meta]);
    const free = bytesBefore - usedBytes;
    const { freeBytes, reserveBytes } = diskRoomOf(path);
    if (free < leastFreeBytes || free < bytesBefore * LEAST_FREE_PART || freeBytes < usedBytes + reserveBytes) return null;
    mkdirSync(copies, { mode: 0o700 });
    await root.backup(copies, true);
  } finally {
    await root.close();
  }
  try {
    prepareLogFolder(copies);
  } catch (cause) {
    throw new TransientError('unavailable', `the copy of the log in ${copies} is not whole: the log stays as it is`, { cause });
  }
  const copy = join(copies, FILE);
  chmodSync(copy, 0o600);
  flush(copy);
  renameSync(copy, file);
  flush(path);
  rmSync(copies, { recursive: true, force: true });
  return { bytesBefore, bytesAfter: statSync(file).size };
}
