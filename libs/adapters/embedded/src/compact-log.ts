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
  /** A file with fewer free bytes is not compacted. */
  readonly leastFreeBytes?: number;
}
export interface Compaction {
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

const LEAST_FREE_BYTES = 256 * 1024 * 1024;
/** Share of the file that must be free to make a copy worthwhile. */
const LEAST_FREE_PART = 1 / 2;
const FILE = 'data.mdb';
/** Inside the folder of the log, thus on the same disk, so that a rename can replace the log with the copy. */
const COPY_FOLDER = 'compacting';

function flush(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** True when LMDB's list of processes that use a log names another process. */
const isUsedByOthers = (readers: string): boolean =>
  [...readers.matchAll(/^\s*(\d+)\s/gm)].some(([, pid]) => Number(pid) !== process.pid);

/**
 * Returns free pages to the disk, which LMDB never does by itself: copies the used pages to a new file and replaces the log with it. After
 * a crash either the log or the complete copy is in place, and the next start removes the rest. Returns null when there is too little to
 * gain, no room for the copy, or the log is open.
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
    throw new TransientError('unavailable', `the copy of the log in ${copies} is incomplete: the log is unchanged`, { cause });
  }
  const copy = join(copies, FILE);
  chmodSync(copy, 0o600);
  flush(copy);
  renameSync(copy, file);
  flush(path);
  rmSync(copies, { recursive: true, force: true });
  return { bytesBefore, bytesAfter: statSync(file).size };
}
