import { PermanentError, TransientError } from '@telltale/kernel';
import { statfsSync } from 'node:fs';

/** This much space stays free for work that must continue: tasks that finish their batches, retention, the tables next to the log. */
const RESERVE_BYTES = 32 * 1024 * 1024;
/** On small disks, the reserve is at most this share. */
const RESERVE_PART = 1 / 16;
const MEGABYTE = 1024 * 1024;

const NO_SPACE = 28;
/** LMDB's error codes for a damaged file. */
const DAMAGED_CODES = new Set([-30797, -30796, -30795, -30794, -30793]);

/** Free space on the disk of `path`, and how much of it new records must leave free. */
export interface DiskRoom {
  readonly freeBytes: number;
  readonly reserveBytes: number;
}

export function diskRoomOf(path: string): DiskRoom {
  const { bavail, bsize, blocks } = statfsSync(path);
  return { freeBytes: bavail * bsize, reserveBytes: Math.min(RESERVE_BYTES, blocks * bsize * RESERVE_PART) };
}

export const isFull = ({ freeBytes, reserveBytes }: DiskRoom): boolean => freeBytes < reserveBytes;

export const diskFull = (path: string, { freeBytes }: DiskRoom): TransientError =>
  new TransientError(
    'disk_full',
    `the disk that holds ${path} is full (${(freeBytes / MEGABYTE).toFixed(1)} MB free): make room there; it continues without a restart`,
  );

export const damaged = (path: string, what: string, cause?: unknown): PermanentError =>
  new PermanentError(
    'config',
    `the log in ${path} ${what}: put back a copy of this folder, or move it away and start with an empty log (what was not yet in the tables is then lost)`,
    { cause },
  );

/** Checked by shape: the addon creates its errors in the context that loaded it first, so `instanceof` may fail. */
const fieldOf = (error: unknown, name: 'code' | 'commitError' | 'message'): unknown =>
  typeof error === 'object' && error !== null ? (error as Record<string, unknown>)[name] : undefined;

/** True for LMDB's errors about its file; any other error of a transaction is a bug. */
const isOfDisk = (error: unknown): boolean =>
  fieldOf(error, 'commitError') !== undefined || typeof fieldOf(error, 'code') === 'number';

/** LMDB rejects a commit with an error that only refers to its cause: a promise that rejects in the same turn. */
const causeOf = (error: unknown): Promise<unknown> =>
  Promise.race([fieldOf(error, 'commitError') ?? error, Promise.resolve(error)]).catch((cause: unknown) => cause);

/** Classifies a failed write. LMDB reports EIO when a write ends early, as on a full disk. */
export async function writeFailure(error: unknown, path: string, roomOf: () => DiskRoom): Promise<unknown> {
  if (!isOfDisk(error)) return error;
  const cause = await causeOf(error);
  const code = fieldOf(cause, 'code');
  if (typeof code === 'number' && DAMAGED_CODES.has(code)) return damaged(path, 'is damaged', cause);
  const room = roomOf();
  if (code === NO_SPACE || isFull(room)) return diskFull(path, room);
  return new TransientError(
    'unavailable',
    `the log in ${path} cannot be written (${String(fieldOf(cause, 'message'))}): check its disk`,
    { cause },
  );
}
