import { errorCodeOf, PermanentError } from '@telltale/kernel';
import { chmodSync, lstatSync, mkdirSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** ENOENT: so Node says it of a folder that cannot be made in one that is read-only. */
const WRITE_CODES = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOENT']);
const OTHERS = 0o077;
const STICKY = 0o1000;
/** Names that make a folder a home of ours. */
const OURS = new Set(['api-key', 'keys', 'log', 'tables', 'standalone.json']);
const KEY_FOLDERS = ['keys', 'keys/days', 'keys/subjects'];

/** What it means that a home cannot be made or written, and what to do. */
export function homeFailure(home: string, cause: unknown): unknown {
  const code = errorCodeOf(cause);
  if (typeof code !== 'string') return cause;
  const why =
    code === 'EEXIST' || code === 'ENOTDIR'
      ? 'is, or lies under, a file: set TELLTALE_HOME to a folder'
      : code === 'ENOSPC'
        ? 'is on a full disk: make room there, or set TELLTALE_HOME to another disk'
        : WRITE_CODES.has(code)
          ? `cannot be made or written by this user (${code}): let this user write there, or set TELLTALE_HOME to another folder`
          : `cannot be used (${code}): set TELLTALE_HOME to another folder`;
  return new PermanentError('config', `TELLTALE_HOME ${home} ${why}`, { cause });
}

/** Makes the folder, for its owner alone. PermanentError('config') where that is not possible. */
export function makeHome(home: string): void {
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    readdirSync(home);
  } catch (error) {
    throw homeFailure(home, error);
  }
}

/** Takes away what others may do with a folder or file; links are left alone. False where this user may not. */
function close(path: string): boolean {
  try {
    const stats = lstatSync(path);
    if ((stats.isFile() || stats.isDirectory()) && (stats.mode & OTHERS) !== 0) chmodSync(path, stats.mode & 0o700);
    return true;
  } catch (error) {
    return errorCodeOf(error) === 'ENOENT';
  }
}

function filesIn(folder: string): string[] {
  try {
    if (!lstatSync(folder).isDirectory()) return [];
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [join(folder, entry.name)] : []));
  } catch {
    return [];
  }
}

/**
 * Closes a home that was made before, or by hand, to other users: the folder, and the secrets in it. A folder with other things in it
 * and none of ours (a mistaken TELLTALE_HOME), or one that all users share, stays as it is. Returns the paths that this user may not change.
 */
export function closeHome(home: string): string[] {
  const names = readdirSync(home).filter((name) => !/^lock\.\d+$/.test(name));
  const isOurs = names.length === 0 || names.some((name) => OURS.has(name));
  const folder = isOurs && (statSync(home).mode & STICKY) === 0 ? [realpathSync(home)] : [];
  const keys = KEY_FOLDERS.map((name) => join(home, name));
  return [...folder, join(home, 'api-key'), ...keys, ...keys.slice(0, 2).flatMap(filesIn)].filter((path) => !close(path));
}
