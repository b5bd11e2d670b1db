import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { type Clock } from '@telltale/kernel';
import { type ClickHouseOptions, tlsOf } from './clickhouse-row-store';
import { classify } from './error-class';
import { migrationsFolder, readMigrations } from './migrations/read-migrations';
import { DATABASE } from './query-settings';

export interface ServerFacts {
  readonly version: string;
  /** How far its clock is ahead of ours. */
  readonly skewMs: number;
  readonly disks: readonly { readonly name: string; readonly freeBytes: number; readonly totalBytes: number }[];
  readonly migrations: { readonly pending: readonly string[]; readonly newer: readonly string[] };
  readonly tables: readonly { readonly table: string; readonly rows: number; readonly bytes: number }[];
  /** What the user may not do and has to; null where the server does not know the question. */
  readonly missingGrants: readonly string[] | null;
}

/** To work with the tables as they are. */
const WORK = ['SELECT', 'INSERT'];
/** To make and change them. */
const MIGRATE = ['CREATE DATABASE', 'CREATE TABLE', 'CREATE VIEW', 'DROP TABLE', 'ALTER TABLE', 'ALTER VIEW'];

/** Looks at a ClickHouse server as the configured user sees it, and changes nothing. `migrates`: this user also applies migrations. */
export async function inspectServer(
  options: ClickHouseOptions,
  { migrates, clock }: { readonly migrates: boolean; readonly clock: Pick<Clock, 'now'> },
): Promise<ServerFacts> {
  const { url, requestTimeoutMs } = options;
  const client = createClient({
    url,
    application: 'telltale',
    log: { level: ClickHouseLogLevel.OFF },
    ...(requestTimeoutMs && { request_timeout: requestTimeoutMs }),
    ...(options.tls && { tls: tlsOf(options.tls) }),
  });
  const select = async <T>(sql: string): Promise<T[]> => {
    try {
      return await (await client.query({ query: sql, format: 'JSONEachRow' })).json<T>();
    } catch (error) {
      throw classify(error, 'look at the server');
    }
  };
  const isGranted = async (grant: string): Promise<boolean> => {
    const { stream } = await client.exec({ query: `CHECK GRANT ${grant} ON ${DATABASE}.*` });
    let text = '';
    for await (const chunk of stream) text += String(chunk);
    return text.trim() === '1';
  };

  async function missingGrants(): Promise<readonly string[] | null> {
    const missing: string[] = [];
    try {
      for (const grant of migrates ? [...WORK, ...MIGRATE] : WORK) if (!(await isGranted(grant))) missing.push(grant);
    } catch {
      // ClickHouse knows the statement since 24.10.
      return null;
    }
    return missing;
  }
  async function migrations(): Promise<ServerFacts['migrations']> {
    const files = readMigrations(migrationsFolder(), { kind: 'single' }).map(({ name }) => name);
    const [there] = await select(`SELECT 1 FROM system.tables WHERE database = '${DATABASE}' AND name = 'migrations'`);
    const applied = there ? (await select<{ name: string }>(`SELECT name FROM ${DATABASE}.migrations`)).map(({ name }) => name) : []; // prettier-ignore
    return {
      pending: files.filter((name) => !applied.includes(name)),
      newer: applied.filter((name) => !files.includes(name)),
    };
  }

  try {
    const [row] = await select<{ version: string }>('SELECT version() AS version');
    const disks = await select<{ name: string; free: string; total: string }>(
      'SELECT name, toString(free_space) AS free, toString(total_space) AS total FROM system.disks ORDER BY name',
    );
    const tables = await select<{ table: string; rows: string; bytes: string }>(
      `SELECT name AS table, toString(ifNull(total_rows, 0)) AS rows, toString(ifNull(total_bytes, 0)) AS bytes
       FROM system.tables WHERE database = '${DATABASE}' AND engine LIKE '%MergeTree' ORDER BY name`,
    );
    // Its answer is of a moment between the two.
    const from = clock.now();
    const [time] = await select<{ now: string }>('SELECT toString(toUnixTimestamp64Milli(now64(3))) AS now');
    const skewMs = Math.round(Number(time?.now) - (from + clock.now()) / 2);
    return {
      version: row?.version ?? '',
      skewMs,
      disks: disks.map(({ name, free, total }) => ({ name, freeBytes: Number(free), totalBytes: Number(total) })),
      migrations: await migrations(),
      tables: tables.map(({ table, rows, bytes }) => ({ table, rows: Number(rows), bytes: Number(bytes) })),
      missingGrants: await missingGrants(),
    };
  } finally {
    await client.close();
  }
}
