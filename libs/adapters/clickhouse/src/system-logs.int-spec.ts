import { startClickHouse } from '@telltale/testkit';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChdbRowStore, createClickHouseRowStore } from './clickhouse-row-store';
import { migrationsFolder } from './migrations/read-migrations';

const LOGS = "database = 'system' AND match(name, '_log(_[0-9]+)?$')";

describe("ClickHouse's own logs", () => {
  it('are off in this process, also after queries and inserts', async () => {
    const path = mkdtempSync(join(tmpdir(), 'telltale-system-'));
    const store = createChdbRowStore({ path });
    await store.migrate('apply');
    for (let i = 0; i < 5; i++)
      await store.insert({
        table: 'alerts',
        rows: [JSON.stringify({ tenant: 't', id: `a${i}` })],
        token: `a${i}`,
        comment: 'test',
      });
    expect(await store.query(`SELECT name FROM system.tables WHERE ${LOGS}`)).toEqual([]);
    expect(await store.limitSystemLogs(7)).toEqual({ limited: [], unlimited: [] });
    await store.close();
    rmSync(path, { recursive: true, force: true });
  }, 60_000);

  it('get a TTL on a server when they have none, also those it renamed at a restart; others are unchanged', async () => {
    const server = await startClickHouse();
    const store = createClickHouseRowStore({ url: server.url });
    const sql = async (text: string): Promise<string> => {
      const response = await fetch(server.url, { method: 'POST', body: text });
      const body = await response.text();
      if (!response.ok) throw new Error(body);
      return body.trim();
    };
    const log = (name: string, ttl = ''): Promise<string> =>
      sql(
        `CREATE TABLE IF NOT EXISTS system.${name} (event_date Date, query String) ENGINE = MergeTree ORDER BY event_date ${ttl}`,
      );
    await log('query_log');
    await log('trace_log_0');
    await log('part_log', 'TTL event_date + INTERVAL 1 DAY');
    await sql("INSERT INTO system.query_log SELECT today() - number * 10, 'x' FROM numbers(10)");

    const before = await store.limitSystemLogs(0);
    expect(before.limited).toEqual([]);
    expect(before.unlimited.map(({ table }) => table)).toEqual(
      expect.arrayContaining(['system.query_log', 'system.trace_log_0']),
    );
    expect(before.unlimited.map(({ table }) => table)).not.toContain('system.part_log');
    expect((await store.limitSystemLogs(7)).limited).toEqual(before.unlimited.map(({ table }) => table));
    expect(await store.limitSystemLogs(7)).toEqual({ limited: [], unlimited: [] });
    expect(await sql('SELECT count() FROM system.query_log')).toBe('1');
    expect(await sql("SELECT engine_full LIKE '%toIntervalDay(1)%' FROM system.tables WHERE name = 'part_log'")).toMatch(
      /^1|true$/,
    );
    await store.close();
    await server.stop();
  }, 60_000);

  it('are all off or limited by the configuration file for servers', () => {
    const folder = join(migrationsFolder(), '..', 'config.d');
    expect(readdirSync(folder)).toEqual(['telltale-system-logs.xml']);
    const xml = readFileSync(join(folder, 'telltale-system-logs.xml'), 'utf8');
    const named = [...xml.matchAll(/<(\w+_log)\b/g)].map(([, name]) => name);
    expect(new Set(named).size).toBe(named.length);
    for (const name of named)
      expect(xml).toMatch(new RegExp(`<${name} remove="1"/>|<${name}>\\s*<ttl>event_date \\+ INTERVAL \\d+ DAY DELETE</ttl>\\s*</${name}>`)); // prettier-ignore
    expect(named).toEqual(expect.arrayContaining(['query_log', 'trace_log', 'text_log', 'metric_log', 'part_log']));
  });
});
