import { errorCodeOf, PermanentError } from '@telltale/kernel';
import { createRequire } from 'node:module';
import type * as Chdb from 'chdb';
import type * as ChdbConnection from 'chdb/connection';

const load = createRequire(__filename);
/** The package, or its part for this machine, is not installed. */
const MISSING: ReadonlySet<unknown> = new Set(['MODULE_NOT_FOUND', 'CHDB_PLATFORM']);

function loaded<T>(name: string): T {
  try {
    return load(name) as T;
  } catch (error) {
    if (!MISSING.has(errorCodeOf(error))) throw error;
    throw new PermanentError(
      'config',
      'this installation has no engine of its own: set CLICKHOUSE_URL to a ClickHouse server, or use the standalone image',
      { cause: error },
    );
  }
}

/**
 * The engine in this process, half a gigabyte on disk, loaded when it is used: a process that asks a server needs none of it. Throws
 * PermanentError('config') where it is not installed.
 */
export const engine = {
  session: () => loaded<typeof Chdb>('chdb').Session,
  connection: () => loaded<typeof ChdbConnection>('chdb/connection').createChdbConnection,
};
