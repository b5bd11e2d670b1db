import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { type RowBatch, type RowStore } from '@telltale/engine';
import { createChdbConnection } from 'chdb/connection';
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { Readable } from 'node:stream';
import { classify, classifyQuery, engineCodeOf } from './error-class';
import { type Engine } from './engine';
import { migrationsFolder, readMigrations, type Topology } from './migrations/read-migrations';
import { runMigrations } from './migrations/run-migrations';
import { takeBackUnfinishedInserts } from './unfinished-inserts';

export interface ClickHouseOptions {
  /** `http(s)://user:password@host:8123`. */
  readonly url: string;
  /** Cluster name: tables are replicated, `ON CLUSTER`. */
  readonly cluster?: string;
  readonly requestTimeoutMs?: number;
}

type InProcessConnection = NonNullable<NonNullable<Parameters<typeof createClient>[0]>['connection']>;

const DATABASE = 'telltale';
/** The client's own error lines quote statements and rows; errors are thrown and classified here instead. */
const QUIET = { level: ClickHouseLogLevel.OFF };
const REQUEST_TIMEOUT_MS = 60_000;
/** Names this process where several share the tables. */
const PROCESS = `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;
const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/**
 * Settings travel in the statement: over chDB a setting on the session would stay for all that follows. The limit of partitions per
 * block is off: the tables choose partitions by the day a row expires, which bounds them; and what exceeds the limit would have the same
 * code as "merges lag behind", which heals by waiting.
 */
const insertStatement = ({ table, token, comment }: RowBatch): string =>
  `INSERT INTO ${DATABASE}.${table} SETTINGS insert_deduplication_token = ${quote(token)}, deduplicate_blocks_in_dependent_materialized_views = 1, ` +
  `max_partitions_per_insert_block = 0, async_insert = 0, date_time_input_format = 'best_effort', input_format_skip_unknown_fields = 0, log_comment = ${quote(comment)} FORMAT JSONEachRow`;

function createRowStore(client: ClickHouseClient, topology: Topology, remote: boolean): RowStore {
  async function run(sql: string, doing: string): Promise<void> {
    try {
      await client.command({ query: sql });
    } catch (error) {
      throw classify(error, doing);
    }
  }

  async function query<T>(
    sql: string,
    params?: Readonly<Record<string, unknown>>,
    options?: { readonly comment?: string; readonly limitSeconds?: number },
  ): Promise<T[]> {
    try {
      const result = await client.query({
        query: sql,
        format: 'JSONEachRow',
        ...(params ? { query_params: { ...params } } : {}),
        ...(remote
          ? {
              clickhouse_settings: {
                readonly: '2',
                max_execution_time: options?.limitSeconds ?? 60,
                log_comment: options?.comment ?? 'telltale.query',
              },
            }
          : {}),
      });
      return await result.json<T>();
    } catch (error) {
      throw classifyQuery(error);
    }
  }

  const engine: Engine = {
    database: DATABASE,
    topology,
    onCluster: topology.kind === 'replicated' ? ` ON CLUSTER '${topology.cluster}'` : '',
    holder: PROCESS,
    // Nobody but this process can have the engine in it open.
    isDead: (holder) => !remote && holder !== PROCESS,
    run,
    async select<T>(sql: string) {
      try {
        return await (await client.query({ query: sql, format: 'JSONEachRow' })).json<T>();
      } catch (error) {
        throw classify(error, 'migrations');
      }
    },
    codeOf: engineCodeOf,
  };

  return {
    async insert(batch) {
      try {
        const { stream } = await client.exec({
          query: insertStatement(batch),
          values: Readable.from([batch.rows.join('\n')], { objectMode: false }),
        });
        for await (const chunk of stream) void chunk;
      } catch (error) {
        throw classify(error, `insert into ${batch.table}`);
      }
    },
    query,
    migrate: (mode) => runMigrations(engine, readMigrations(migrationsFolder(), topology), mode),
    async ping() {
      const answer = await client.ping({ select: true });
      if (!answer.success) throw classify(answer.error, 'ping');
    },
    close: () => client.close(),
  };
}

/** Tables on a ClickHouse server or cluster. */
export function createClickHouseRowStore({ url, cluster, requestTimeoutMs = REQUEST_TIMEOUT_MS }: ClickHouseOptions): RowStore {
  const client = createClient({
    url,
    request_timeout: requestTimeoutMs,
    max_open_connections: 8,
    application: 'telltale',
    keep_alive: { enabled: true },
    log: QUIET,
  });
  return createRowStore(client, cluster ? { kind: 'replicated', cluster } : { kind: 'single' }, true);
}

/** Tables in this process; one process may hold the folder at a time. */
export function createChdbRowStore({ path }: { readonly path: string }): RowStore {
  mkdirSync(path, { recursive: true });
  takeBackUnfinishedInserts(path);
  // Its types come from the common package under looser optional properties; the shape is the same.
  return createRowStore(
    createClient({ log: QUIET, connection: createChdbConnection({ path }) as unknown as InProcessConnection }),
    { kind: 'single' },
    false,
  );
}
