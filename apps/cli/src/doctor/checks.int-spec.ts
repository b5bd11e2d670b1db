import { startClickHouse } from '@telltale/testkit';
import { checkSystemLogs } from './checks';

it('warns of logs of a ClickHouse server that grow without end, and says what to do', async () => {
  const server = await startClickHouse();
  const sql = (body: string): Promise<unknown> => fetch(server.url, { method: 'POST', body });
  const table = (name: string, ttl: string): string =>
    `CREATE TABLE IF NOT EXISTS system.${name} (event_date Date) ENGINE = MergeTree ORDER BY event_date ${ttl}`;
  await sql(table('part_log', 'TTL event_date + INTERVAL 1 DAY'));
  await sql(table('trace_log', ''));
  const found = await checkSystemLogs(server.url);
  expect(found).toMatchObject({ state: 'warning', fix: expect.stringContaining('telltale-system-logs.xml') as unknown });
  expect(found.found).toMatch(/system\.trace_log.* grow without end/);
  expect(found.found).not.toContain('part_log');
  await sql('ALTER TABLE system.trace_log MODIFY TTL event_date + INTERVAL 1 DAY');
  // A server that others started too may have more logs without an end.
  const isOurs = server.dataDir !== null;
  expect(isOurs ? await checkSystemLogs(server.url) : { state: 'ok', fix: '' }).toMatchObject({ state: 'ok', fix: '' });
  await server.stop();
}, 60_000);
