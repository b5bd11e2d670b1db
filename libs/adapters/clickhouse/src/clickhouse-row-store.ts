import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { sqlString } from '@telltale/contracts';
import { type RowBatch, type RowStore } from '@telltale/streaming';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Readable } from 'node:stream';
import { rootCertificates } from 'node:tls';
import { createChdbReader } from './chdb-reader';
import { createDedupWindows } from './dedup-windows';
import { type Engine } from './engine';
import { engine as inProcess } from './engine-in-process';
import { classify, engineCodeOf } from './error-class';
import { insertBody } from './insert-body';
import { parsedRows } from './json-lines';
import { migrationsFolder, readMigrations, type Topology } from './migrations/read-migrations';
import { runMigrations } from './migrations/run-migrations';
import { DATABASE, DEFAULT_QUERY_MEMORY_BYTES } from './query-settings';
import { requireOneShard } from './one-shard';
import { type Reader } from './reader';
import { createServerReader } from './server-reader';
import { limitSystemLogs } from './system-logs';
import { openTables, prepareTablesFolder } from './tables-folder';
import { removeDanglingDedupTokens } from './dedup-log-repair';

export interface ClickHouseOptions {
  /** `http(s)://user:password@host:8123`. */
  readonly url: string;
  /** The read-only user for queries on behalf of tenants (deploy/clickhouse/access); absent: the same user. */
  readonly queryUrl?: string;
  readonly queryMemoryBytes?: number;
  /** Cluster name: tables are replicated, with `ON CLUSTER`. */
  readonly cluster?: string;
  readonly requestTimeoutMs?: number;
  /** PEM: what the server's certificate is checked against, and what we show it. */
  readonly tls?: { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer };
}

/** The client takes a certificate of ours only together with an authority; Node's own are meant where none is given. */
export function tlsOf({ ca, cert, key }: NonNullable<ClickHouseOptions['tls']>) {
  const ca_cert = ca ?? Buffer.from(rootCertificates.join('\n'));
  return cert && key ? { ca_cert, cert, key } : { ca_cert };
}

type InProcessConnection = NonNullable<NonNullable<Parameters<typeof createClient>[0]>['connection']>;

/** The client's own log lines quote statements and rows, so they are off; errors are thrown and classified here. */
const QUIET = { level: ClickHouseLogLevel.OFF };
const REQUEST_TIMEOUT_MS = 60_000;
/** Identifies this process among those that share the tables. */
const PROCESS = `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;

/**
 * Settings are part of the statement, because with chDB a setting on the session would remain for later statements. The limit of partitions
 * per block is off: tables are partitioned by expiry day, which bounds partitions, and exceeding the limit would have the same error code
 * as "merges lag behind", which is transient.
 */
const insertStatement = ({ table, token, comment }: RowBatch): string =>
  `INSERT INTO ${DATABASE}.${table} SETTINGS insert_deduplication_token = ${sqlString(token)}, deduplicate_blocks_in_dependent_materialized_views = 1, ` +
  `max_partitions_per_insert_block = 0, async_insert = 0, date_time_input_format = 'best_effort', input_format_skip_unknown_fields = 0, log_comment = ${sqlString(comment)} FORMAT JSONEachRow`;

/** `isShared`: other processes may use these tables. */
function createRowStore(client: ClickHouseClient, topology: Topology, reader: Reader, isShared: boolean): RowStore {
  async function run(sql: string, doing: string): Promise<void> {
    try {
      await client.command({ query: sql });
    } catch (error) {
      throw classify(error, doing);
    }
  }

  const query: RowStore['query'] = async <T>(...asked: Parameters<RowStore['query']>) =>
    parsedRows<T>(await reader.lines(...asked));

  const engine: Engine = {
    database: DATABASE,
    topology,
    onCluster: topology.kind === 'replicated' ? ` ON CLUSTER '${topology.cluster}'` : '',
    holder: PROCESS,
    isDead: (holder) => !isShared && holder !== PROCESS,
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
  const windows = createDedupWindows(engine);

  return {
    async insert(batch) {
      try {
        const { stream } = await client.exec({
          query: insertStatement(batch),
          values: Readable.from(insertBody(batch.rows), { objectMode: false }),
        });
        for await (const chunk of stream) void chunk;
      } catch (error) {
        throw classify(error, `insert into ${batch.table}`);
      }
    },
    query,
    async migrate(mode) {
      await requireOneShard(engine);
      return runMigrations(engine, readMigrations(migrationsFolder(), topology), mode);
    },
    lines: reader.lines,
    parquet: reader.parquet,
    sizeDedupWindows: (load, mayAlter) => windows.size(load, mayAlter),
    dedupWindows: (sinceMs, nowMs) => windows.since(sinceMs, nowMs),
    limitSystemLogs: (days) => limitSystemLogs(engine, days),
    async ping() {
      const answer = await client.ping({ select: true });
      if (!answer.success) throw classify(answer.error, 'ping');
    },
    async close() {
      await reader.close();
      await client.close();
    },
  };
}

/** Tables on a ClickHouse server or cluster. */
export function createClickHouseRowStore(options: ClickHouseOptions): RowStore {
  const { url, queryUrl, cluster, requestTimeoutMs = REQUEST_TIMEOUT_MS } = options;
  const tls = options.tls ? { tls: tlsOf(options.tls) } : {};
  const common = {
    request_timeout: requestTimeoutMs,
    application: 'telltale',
    keep_alive: { enabled: true },
    log: QUIET,
    ...tls,
  };
  const own = createClient({ ...common, url, max_open_connections: 8 });
  const reader = createServerReader({
    own,
    asking: createClient({ ...common, url: queryUrl ?? url, database: DATABASE, max_open_connections: 4 }),
    restricted: queryUrl !== undefined,
    memoryBytes: options.queryMemoryBytes ?? DEFAULT_QUERY_MEMORY_BYTES,
  });
  return createRowStore(own, cluster ? { kind: 'replicated', cluster } : { kind: 'single' }, reader, true);
}

export interface ChdbOptions {
  readonly path: string;
  readonly queryMemoryBytes?: number;
}

/** Tables in this process; only one process may open the folder at a time. */
export function createChdbRowStore({ path, queryMemoryBytes = DEFAULT_QUERY_MEMORY_BYTES }: ChdbOptions): RowStore {
  const connect = inProcess.connection();
  prepareTablesFolder(path);
  removeDanglingDedupTokens(path);
  // Its types come from the common package with looser optional properties; the shape is the same.
  return createRowStore(
    createClient({
      log: QUIET,
      connection: openTables(path, () => connect({ path })) as unknown as InProcessConnection,
    }),
    { kind: 'single' },
    createChdbReader(path, queryMemoryBytes),
    false,
  );
}
