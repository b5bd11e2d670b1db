import { PermanentError, TransientError } from '@telltale/kernel';
import { statfsSync } from 'node:fs';

/** Less than this is left free for what must go on: tasks that finish their ranges, retention, the tables beside the log. */
const RESERVE_BYTES = 32 * 1024 * 1024;
/** Of small disks the reserve takes no more than this part. */
const RESERVE_PART = 1 / 16;
const MEGABYTE = 1024 * 1024;

const NO_SPACE = 28;
/** LMDB's own numbers of a file that is not as it was written. */
const DAMAGED_CODES = new Set([-30797, -30796, -30795, -30794, -30793]);

/** What is free on the disk of `path`, and what of it new records may not take. */
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

/** By shape: the addon makes its errors where it was loaded first, so their class is not always the one known here. */
const fieldOf = (error: unknown, name: 'code' | 'commitError' | 'message'): unknown =>
  typeof error === 'object' && error !== null ? (error as Record<string, unknown>)[name] : undefined;

/** True for what LMDB threw of a file; anything else thrown by a transaction is a bug. */
const isOfDisk = (error: unknown): boolean =>
  fieldOf(error, 'commitError') !== undefined || typeof fieldOf(error, 'code') === 'number';

/** LMDB rejects a commit with an error that only refers to its cause, a promise which rejects in the same turn. */
const causeOf = (error: unknown): Promise<unknown> =>
  Promise.race([fieldOf(error, 'commitError') ?? error, Promise.resolve(error)]).catch((cause: unknown) => cause);

/** What a write that failed means. LMDB says EIO where a write ends early, as it does on a full disk. */
export async function writeFailure(error: unknown, path: string, roomOf: () => DiskRoom): Promise<unknown> {
  if (!isOfDisk(error)) return error;
  const cause = await causeOf(error);
  const code = fieldOf(cause, 'code');
  if (typeof code === 'number' && DAMAGED_CODES.has(code)) return damaged(path, 'is damaged', cause);
  const room = roomOf();
  if (code === NO_SPACE || isFull(room)) return diskFull(path, room);
  return new TransientError(
    'unavailable',
    `the log in ${path} cannot be written (${String(fieldOf(cause, 'message'))}): look at its disk`,
    { cause },
  );
}
