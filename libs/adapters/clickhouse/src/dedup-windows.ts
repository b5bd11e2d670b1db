import { type DedupWindow, type InsertLoad } from '@telltale/streaming';
import { HOUR_MS, PermanentError } from '@telltale/kernel';
import { type Engine } from './engine';
import { underLease } from './migrations/run-migrations';

interface TableWindow extends DedupWindow {
  readonly isPartitioned: boolean;
  readonly setting: string;
}

/** Numeric settings of a table, from its definition or a later ALTER. */
const settingOf = (engineFull: string, name: string): number | null => {
  const [, value] = new RegExp(`\\b${name} = (\\d+)`).exec(engineFull) ?? [];
  return value === undefined ? null : Number(value);
};

/**
 * The windows of all tables, with an upper bound of the blocks inserted since a time. Each block takes the next block number, and a part
 * that was last written before that time contains only older blocks; so the bound is the difference between its highest number and the
 * current one.
 */
async function readWindows({ select, database, topology }: Engine, sinceMs: number): Promise<TableWindow[]> {
  const isReplicated = topology.kind === 'replicated';
  // A replicated table numbers blocks per partition, other tables number them over all partitions.
  const all = isReplicated ? 'sum' : 'max';
  const setting = `${isReplicated ? '' : 'non_'}replicated_deduplication_window`;
  const rows = await select<{ table: string; engine_full: string; partition_key: string; inserted: string; before: string }>(
    `SELECT t.name AS table, t.engine_full AS engine_full, t.partition_key AS partition_key,
         toString(p.inserted) AS inserted, toString(p.before) AS before
     FROM system.tables AS t
     LEFT JOIN
     (
         SELECT table, ${all}(highest) AS inserted, ${all}(highest_before) AS before
         FROM
         (
             SELECT table, partition_id, max(max_block_number) AS highest,
                 maxIf(max_block_number, toUnixTimestamp(modification_time) < ${Math.floor(sinceMs / 1000)}) AS highest_before
             FROM system.parts WHERE database = '${database}' AND active GROUP BY table, partition_id
         )
         GROUP BY table
     ) AS p ON t.name = p.table
     WHERE t.database = '${database}' AND t.engine_full LIKE '%${setting}%'`,
  );
  return rows.map(({ table, engine_full: engineFull, partition_key: key, inserted, before }) => {
    const blocks = settingOf(engineFull, setting);
    if (blocks === null)
      throw new PermanentError('config', `table ${table} has no ${setting}: repeated inserts would duplicate its rows`);
    const seconds = settingOf(engineFull, `${setting}_seconds`);
    return {
      table,
      setting,
      isPartitioned: key !== '',
      blocks,
      seconds,
      inserted: Number(inserted),
      insertedSince: Number(inserted) - Number(before),
    };
  });
}

export interface DedupWindows {
  size(load: InsertLoad, mayAlter: boolean): Promise<string[]>;
  since(sinceMs: number, nowMs: number): Promise<DedupWindow[]>;
}

/** How many deduplication tokens the tables remember: one hour at the highest insert rate. */
export function createDedupWindows(engine: Engine): DedupWindows {
  let load: InsertLoad = { insertsPerHour: Number.MAX_SAFE_INTEGER, partitionsPerInsert: 1 };
  const blocksOf = (isPartitioned: boolean): number =>
    Math.ceil(load.insertsPerHour * (isPartitioned ? load.partitionsPerInsert : 1));
  const tooSmall = async (): Promise<TableWindow[]> =>
    (await readWindows(engine, 0)).filter(({ blocks, isPartitioned }) => blocks < blocksOf(isPartitioned));

  return {
    async size(expected, mayAlter) {
      load = expected;
      if (!mayAlter || (await tooSmall()).length === 0) return [];
      return underLease(engine, async (lease) => {
        const tables = await tooSmall();
        for (const { table, setting, isPartitioned } of tables) {
          await lease.renew();
          await engine.run(
            `ALTER TABLE ${engine.database}.${table}${engine.onCluster} MODIFY SETTING ${setting} = ${blocksOf(isPartitioned)}`,
            `size the deduplication window of ${table}`,
          );
        }
        return tables.map(({ table }) => table);
      });
    },
    async since(sinceMs, nowMs) {
      const hours = Math.max(0, nowMs - sinceMs) / HOUR_MS;
      return (await readWindows(engine, sinceMs)).map(({ table, blocks, seconds, inserted, insertedSince, isPartitioned }) => ({
        table,
        blocks,
        seconds,
        inserted,
        insertedSince: Math.min(insertedSince, Math.ceil(blocksOf(isPartitioned) * hours)),
      }));
    },
  };
}
