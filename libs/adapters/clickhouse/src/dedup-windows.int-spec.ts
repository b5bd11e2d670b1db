import { insertLoad, type RowStore } from '@telltale/streaming';
import { HOUR_MS } from '@telltale/kernel';
import { startClickHouse, type TestClickHouse } from '@telltale/testkit';
import { createClickHouseRowStore } from './clickhouse-row-store';

const LOAD = insertLoad({ tasks: 6, lingerMs: 200, maxRecords: 5_000, retentions: [30] });
/** The time until a killed member loses its tasks and the next owner has restored them. */
const TAKEOVER_SECONDS = 35;
const INSERTS_OF_TEN_TAKEOVERS = (10 * TAKEOVER_SECONDS * LOAD.insertsPerHour * 1000) / HOUR_MS;
/** One statement stores this many tokens: one row per partition. */
const PER_STATEMENT = 3_500;

describe('the deduplication window of 6 tasks', () => {
  let server: TestClickHouse;
  let store: RowStore;
  const sql = async (text: string): Promise<string> => {
    const response = await fetch(server.url, { method: 'POST', body: text });
    const body = await response.text();
    if (!response.ok) throw new Error(body);
    return body.trim();
  };
  const first = (): Promise<void> =>
    store.insert({
      table: 'pseudonyms',
      rows: [JSON.stringify({ tenant: 'first', subject: 's', pseudonym: 'p', encrypted: 'x', expires_on: '2028-01-01' })],
      token: 'first',
      comment: 'test',
    });
  const windowOf = async (table: string, sinceMs: number, nowMs: number) =>
    (await store.dedupWindows(sinceMs, nowMs)).find((window) => window.table === table);

  beforeAll(async () => {
    server = await startClickHouse();
    store = createClickHouseRowStore({ url: server.url });
    await store.migrate('apply');
  }, 60_000);
  afterAll(async () => {
    await store.close();
    await server.stop();
  });

  it('covers an hour of inserts in every table, and never shrinks', async () => {
    const small = await store.dedupWindows(0, HOUR_MS);
    expect(await store.sizeDedupWindows(LOAD, false)).toEqual([]);
    expect(await store.dedupWindows(0, HOUR_MS)).toEqual(small);
    expect((await store.sizeDedupWindows(LOAD, true)).length).toBe(small.length);
    const tables = await sql("SELECT count() FROM system.tables WHERE database = 'telltale' AND engine LIKE '%MergeTree' AND name != 'migrations'"); // prettier-ignore
    const windows = await store.dedupWindows(0, HOUR_MS);
    expect(windows).toHaveLength(Number(tables));
    for (const { table, blocks } of windows) expect([table, blocks]).toEqual([table, LOAD.insertsPerHour]);
    expect(await store.sizeDedupWindows({ ...LOAD, insertsPerHour: 10 }, true)).toEqual([]);
    await store.sizeDedupWindows(LOAD, true);
  });

  it('outlasts ten times the inserts during a takeover: the repeated insert has no effect', async () => {
    expect(INSERTS_OF_TEN_TAKEOVERS).toBeGreaterThan(10_000);
    await first();
    const since = Number(await sql('SELECT toUnixTimestamp64Milli(now64(3))'));
    for (let i = 0; i * PER_STATEMENT < INSERTS_OF_TEN_TAKEOVERS; i++)
      await sql(
        `INSERT INTO telltale.pseudonyms (tenant, expires_on) SETTINGS insert_deduplication_token = '${i}', max_partitions_per_insert_block = 0
         SELECT 'others', toDate('2028-01-01') + number FROM numbers(${PER_STATEMENT})`,
      );
    await first();
    expect(await sql("SELECT count() FROM telltale.pseudonyms WHERE tenant = 'first'")).toBe('1');

    const now = Number(await sql('SELECT toUnixTimestamp64Milli(now64(3))'));
    const window = await windowOf('pseudonyms', since, now);
    expect(window?.inserted).toBeGreaterThan(INSERTS_OF_TEN_TAKEOVERS);
    // Estimated from the elapsed time and the highest rate; this test inserted much more than that rate allows.
    expect(window?.insertedSince).toBeLessThanOrEqual(Math.ceil(((now - since) * LOAD.insertsPerHour) / HOUR_MS));
    // Counted by block numbers, whatever the age.
    const longAgo = await windowOf('pseudonyms', since - 1_000 * HOUR_MS, now);
    expect(longAgo?.insertedSince).toBeGreaterThan(INSERTS_OF_TEN_TAKEOVERS);
    const future = await windowOf('pseudonyms', now + HOUR_MS, now + 1_000 * HOUR_MS);
    expect(future?.insertedSince).toBe(0);
  }, 240_000);
});
