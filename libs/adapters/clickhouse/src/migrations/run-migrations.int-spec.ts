import { PermanentError, TransientError } from '@telltale/kernel';
import { eventually, startClickHouse, type TestClickHouse } from '@telltale/testkit';
import { createClickHouseRowStore } from '../clickhouse-row-store';
import { migrationsFolder, readMigrations } from './read-migrations';

describe('migrations on a server', () => {
  let server: TestClickHouse;
  const sql = async (text: string): Promise<string> => {
    const response = await fetch(server.url, { method: 'POST', body: text });
    const body = await response.text();
    if (!response.ok) throw new Error(body);
    return body.trim();
  };
  const withStore = async <T>(work: (store: ReturnType<typeof createClickHouseRowStore>) => Promise<T>): Promise<T> => {
    const store = createClickHouseRowStore({ url: server.url });
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  };
  beforeAll(async () => {
    server = await startClickHouse();
  }, 60_000);
  afterAll(() => server.stop());

  it('are awaited or ignored by a process that must not apply them', async () => {
    await withStore(async (store) => {
      await expect(store.migrate('wait')).rejects.toThrow(/0001_events.* not applied yet.*MIGRATIONS=apply/);
      await expect(store.migrate('wait')).rejects.toBeInstanceOf(TransientError);
      expect(await store.migrate('off')).toEqual([]);
    });
    expect(await sql("SELECT count() FROM system.tables WHERE database = 'telltale'")).toBe('0');
  });

  it('are not begun on a cluster that ClickHouse does not know', async () => {
    const store = createClickHouseRowStore({ url: server.url, cluster: 'absent' });
    await expect(store.migrate('off')).rejects.toThrow(/CLICKHOUSE_CLUSTER: ClickHouse knows no cluster "absent"/);
    await store.close();
  });

  it('are completed by the next process after a kill, once the lease has expired', async () => {
    await sql('CREATE DATABASE telltale');
    const until = Number(await sql('SELECT toUnixTimestamp64Milli(now64(3))'));
    const comment = (untilMs: number): string => `'${JSON.stringify({ holder: 'killed', untilMs })}'`;
    await sql(`CREATE TABLE telltale.migrations_lease_3 (unused UInt8) ENGINE = Memory COMMENT ${comment(until + 60_000)}`);
    await withStore(async (store) => {
      await expect(store.migrate('apply')).rejects.toThrow(/applied by killed; its lease runs out in \d+ s/);
      await sql(`ALTER TABLE telltale.migrations_lease_3 MODIFY COMMENT ${comment(until - 1)}`);
      expect((await store.migrate('apply')).length).toBeGreaterThan(5);
    });
    expect(await sql("SELECT groupArray(name) FROM system.tables WHERE startsWith(name, 'migrations_lease')")).toBe("['migrations_lease_4']"); // prettier-ignore
  });

  it('can be run again, statement by statement, as after a kill within a file', async () => {
    for (const { statements } of readMigrations(migrationsFolder(), { kind: 'single' }))
      for (const statement of statements) await expect(sql(statement)).resolves.toBe('');
  });

  it('stop a process whose file differs from the applied one, and name the fix', async () => {
    await sql("ALTER TABLE telltale.migrations UPDATE checksum = 'other' WHERE name = '0003_costs' SETTINGS mutations_sync = 1");
    await withStore(async (store) => {
      for (const mode of ['apply', 'wait'] as const) {
        await expect(store.migrate(mode)).rejects.toThrow(/0003_costs has changed since it was applied \(checksum other then.*restore the file/); // prettier-ignore
        await expect(store.migrate(mode)).rejects.toBeInstanceOf(PermanentError);
      }
      expect(await store.migrate('off')).toEqual([]);
    });
  });

  it('of a newer release stop an older one, which changes nothing', async () => {
    await sql("INSERT INTO telltale.migrations (name, checksum, applied_by) VALUES ('9001_later', 'x', 'a newer release')");
    try {
      await withStore(async (store) => {
        for (const mode of ['apply', 'wait'] as const) {
          const refused = store.migrate(mode);
          await expect(refused).rejects.toThrow(
            /newer release \(9001_later is applied and unknown to this one\): start that release/,
          );
          await expect(refused).rejects.toBeInstanceOf(PermanentError);
        }
        expect(await store.migrate('off')).toEqual([]);
      });
    } finally {
      await sql("ALTER TABLE telltale.migrations DELETE WHERE name = '9001_later' SETTINGS mutations_sync = 1");
    }
  });

  it('are one row a file, however many processes start at once', async () => {
    await sql('DROP DATABASE telltale SYNC');
    const starts = Array.from({ length: 14 }, () =>
      withStore(async (store) => {
        // The others wait for the one that applies.
        const migrated = async () => {
          const applied = await store.migrate('apply').catch((error: unknown) => {
            if (error instanceof TransientError) return null;
            throw error;
          });
          return { done: applied !== null, seen: applied ?? [] };
        };
        return eventually('migrations', migrated, 100_000, 50);
      }),
    );
    const applied = (await Promise.all(starts)).flat();
    const files = readMigrations(migrationsFolder(), { kind: 'single' }).map(({ name }) => name);
    expect(applied.sort()).toEqual(files);
    expect((await sql('SELECT name FROM telltale.migrations ORDER BY name')).split('\n')).toEqual(files);
  }, 120_000);

  it('change a materialized view by MODIFY QUERY without losing concurrent rows', async () => {
    const BATCHES = 60;
    const inserted = async (): Promise<void> => {
      for (let i = 0; i < BATCHES; i++)
        await sql(`INSERT INTO telltale.events (tenant, id, kind, ts, expires_on) SELECT 'mv', '${i}', 'llm', now(), today() + 30 FROM numbers(10)`);
    }; // prettier-ignore
    const query = await sql("SELECT as_select FROM system.tables WHERE name = 'operations_minute_mv' FORMAT TSVRaw");
    const changed = async (): Promise<void> => {
      await sql('ALTER TABLE telltale.operations_minute ADD COLUMN IF NOT EXISTS logs UInt64');
      for (let i = 0; i < 10; i++)
        await sql(`ALTER TABLE telltale.operations_minute_mv MODIFY QUERY ${query.replace('count() AS events,', `count() AS events, countIf(e.kind = 'log') + ${i} * 0 AS logs,`)}`); // prettier-ignore
    };
    await Promise.all([inserted(), changed()]);
    expect(await sql("SELECT sum(events) FROM telltale.operations_minute WHERE tenant = 'mv'")).toBe(String(BATCHES * 10));
    expect(await sql("SELECT count() FROM telltale.events_core WHERE tenant = 'mv'")).toBe(String(BATCHES * 10));
  }, 60_000);
});
