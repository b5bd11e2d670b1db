import { type SystemLogs } from '@telltale/streaming';
import { type Engine } from './engine';

/**
 * ClickHouse's own logs, which it keeps without end unless it is configured otherwise. Where `days` is above 0, those without a TTL get one,
 * as far as the user may alter them. After a restart the server makes a table again whose definition differs from its configuration, and keeps
 * the old one under a numbered name: hence the names, and a look at every start.
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
      // Most likely the user may not; the tables work without, and the caller says which have no limit.
    }
    unlimited.push({ table: `system.${name}`, bytes: Number(bytes) });
  }
  return { limited, unlimited };
}
