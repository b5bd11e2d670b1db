import { errorCodeOf, PermanentError } from '@telltale/kernel';
import { closeSync, existsSync, lstatSync, mkdirSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** The engine's folder contains folders, and one file: its lock. */
const FOLDERS = new Set(['data', 'metadata', 'metadata_dropped', 'store', 'tmp']);
const LOCK = 'status';
/** Start of the definition of a table, view or database. */
const BEGINNING = Buffer.from('ATTACH ');

const unusable = (path: string, what: string, cause?: unknown): PermanentError =>
  new PermanentError(
    'config',
    `the tables in ${path} ${what}: put back a copy of this folder, or move it away and start with empty tables (what was stored in them is then missing)`,
    { cause },
  );

function isDefinition(file: string): boolean {
  const begin = Buffer.alloc(BEGINNING.length);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, begin, 0, begin.length, 0);
    return begin.equals(BEGINNING);
  } finally {
    closeSync(handle);
  }
}

function checkDefinitions(path: string, metadata: string): void {
  for (const name of readdirSync(metadata)) {
    const at = join(metadata, name);
    // A database is a link into `store`.
    if (!existsSync(at)) throw unusable(path, `are damaged (${at} points to nothing)`);
    if (name.endsWith('.sql') && !(lstatSync(at).isFile() && isDefinition(at)))
      throw unusable(path, `are damaged (${at} is no definition)`);
  }
}

function checkContent(path: string): void {
  const names = readdirSync(path);
  for (const name of names) {
    const stats = lstatSync(join(path, name));
    if (FOLDERS.has(name) ? !stats.isDirectory() : name === LOCK && !stats.isFile())
      throw unusable(path, `are damaged, or are none (${name} is not what the engine makes)`);
  }
  const foreign = names.find((name) => !FOLDERS.has(name) && name !== LOCK);
  if (foreign !== undefined && !names.includes('metadata'))
    throw new PermanentError(
      'config',
      `the folder ${path} holds files that are not Telltale's (${foreign}): set TELLTALE_HOME to another folder, or move them away`,
    );
  const metadata = join(path, 'metadata');
  if (!names.includes('metadata')) return;
  checkDefinitions(path, metadata);
  for (const name of readdirSync(metadata))
    if (!name.endsWith('.sql') && lstatSync(join(metadata, name)).isSymbolicLink()) checkDefinitions(path, join(metadata, name));
}

/**
 * Creates the folder, accessible to its owner only, and checks its content before the engine opens it: some content ends the process, or is
 * silently replaced by empty tables.
 */
export function prepareTablesFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    checkContent(path);
  } catch (error) {
    const code = errorCodeOf(error);
    if (error instanceof PermanentError || typeof code !== 'string') throw error;
    const fix =
      code === 'EEXIST' || code === 'ENOTDIR'
        ? 'there is a file where a folder should be: move it away, or set TELLTALE_HOME to another folder'
        : `${code}: let this user read and write there, or set TELLTALE_HOME to another folder`;
    throw new PermanentError('config', `the folder ${path} cannot be used (${fix})`, { cause: error });
  }
}

/** The engine writes the reason to stderr and does not include it in the error. */
export function openTables<T>(path: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    throw unusable(path, 'cannot be opened, or another program has them open (the line above is what the engine says)', error);
  }
}
