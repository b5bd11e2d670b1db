import { errorCodeOf, PermanentError } from '@telltale/kernel';
import { chmodSync, lstatSync, mkdirSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Node reports ENOENT for a folder that cannot be created in a read-only one. */
const WRITE_CODES = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOENT']);
const OTHERS = 0o077;
const STICKY = 0o1000;
/** Files and folders that identify a home. */
const OURS = new Set(['api-key', 'keys', 'log', 'tables', 'standalone.json']);
const KEY_FOLDERS = ['keys', 'keys/days', 'keys/subjects'];

/** Explains why a home cannot be created or written, with the fix. */
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

/** Creates the folder, accessible to its owner only. Throws PermanentError('config') when that is impossible. */
export function makeHome(home: string): void {
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    readdirSync(home);
  } catch (error) {
    throw homeFailure(home, error);
  }
}

/** Removes the permissions of group and others from a file or folder; skips links. Returns false when this user may not. */
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
 * Restricts an existing home to its owner: the folder, and the secrets in it. A folder with other content only (a wrong TELLTALE_HOME), or
 * one that all users share, is not changed. Returns the paths that this user may not change.
 */
export function closeHome(home: string): string[] {
  const names = readdirSync(home).filter((name) => !/^lock\.\d+$/.test(name));
  const isOurs = names.length === 0 || names.some((name) => OURS.has(name));
  const folder = isOurs && (statSync(home).mode & STICKY) === 0 ? [realpathSync(home)] : [];
  const keys = KEY_FOLDERS.map((name) => join(home, name));
  return [...folder, join(home, 'api-key'), ...keys, ...keys.slice(0, 2).flatMap(filesIn)].filter((path) => !close(path));
}
