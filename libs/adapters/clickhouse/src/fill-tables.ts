import { engine } from './engine-in-process';
import { DATABASE } from './query-settings';

const SETTINGS = 'max_partitions_per_insert_block = 0, max_threads = 2, max_insert_threads = 1, max_block_size = 32768, min_insert_block_size_rows = 131072, min_insert_block_size_bytes = 134217728'; // prettier-ignore

/** Runs statements one after another over tables that are open in this process, so that the engine makes its own rows: `INSERT … SELECT`. */
export async function fillTables(path: string, statements: readonly string[]): Promise<void> {
  const session = new (engine.session())(path);
  try {
    await session.queryAsync(`USE ${DATABASE}; SET ${SETTINGS}`);
    for (const statement of statements) await session.queryAsync(statement);
  } finally {
    session.close();
  }
}
