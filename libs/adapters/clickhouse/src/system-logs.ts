import { type SystemLogs } from '@telltale/streaming';
import { type Engine } from './engine';

/**
 * ClickHouse's own log tables, which it keeps forever unless configured otherwise. With `days` above 0, those without a TTL get one, if the
 * user may alter them. After a restart the server recreates a table whose definition differs from its configuration, and keeps the old one
 * under a numbered name: hence the name pattern, and a check at every start.
 */
export async function limitSystemLogs({ select, run }: Engine, days: number): Promise<SystemLogs> {
  const logs = await select<{ name: string; bytes: string }>(
    `SELECT name, toString(ifNull(total_bytes, 0)) AS bytes FROM system.tables
     WHERE database = 'system' AND match(name, '_log(_[0-9]+)?$') AND engine LIKE '%MergeTree' AND position(engine_full, ' TTL ') = 0
         AND name IN (SELECT table FROM system.columns WHERE database = 'system' AND name = 'event_date')
     ORDER BY name`,
  );
  const limited: string[] = [];
  const unlimited: { table: string; bytes: number }[] = [];
  for (const { name, bytes } of logs) {
    try {
      if (days > 0) {
        await run(`ALTER TABLE system.${name} MODIFY TTL event_date + INTERVAL ${days} DAY`, `limit system.${name}`);
        limited.push(`system.${name}`);
        continue;
      }
    } catch {
      // Most likely the user lacks the permission; the tables work without a TTL, and the caller reports which have none.
    }
    unlimited.push({ table: `system.${name}`, bytes: Number(bytes) });
  }
  return { limited, unlimited };
}
