import { type ClickHouseClient, type Row } from '@clickhouse/client';
import { type QueryOptions, type QueryParams } from '@telltale/streaming';
import { buffer } from 'node:stream/consumers';
import { exactIntegers, linesOf as linesOfBytes } from './json-lines';
import { classifyQuery } from './query-error';
import { settingsOf } from './query-settings';
import { type Reader } from './reader';

/** Name of the setting that the row policies of deploy/clickhouse/access use. */
const TENANT_SETTING = 'SQL_telltale_tenant';

export interface ServerReaderOptions {
  /** For Telltale's own queries: versions, migrations. */
  readonly own: ClickHouseClient;
  /** For queries on behalf of a tenant, in the database of the tables. */
  readonly asking: ClickHouseClient;
  /** `asking` is the read-only user of deploy/clickhouse/access, whose profile sets limits and forbids changing others. */
  readonly restricted: boolean;
  readonly memoryBytes: number;
}

/** Settings that the profile of the read-only user lets a request change. */
export const CHANGEABLE: ReadonlySet<string> = new Set([
  'max_execution_time', 'max_memory_usage', 'max_threads', 'limit', 'additional_table_filters', 'log_comment',
  'cancel_http_readonly_queries_on_client_close',
]); // prettier-ignore

/** The client appends FORMAT to a statement. In an EXPLAIN it would belong to the explained statement. */
const EXPLAIN = /^EXPLAIN /;

export function createServerReader({ own, asking, restricted, memoryBytes }: ServerReaderOptions): Reader {
  function requestOf(sql: string, params: QueryParams, options: QueryOptions) {
    const { tenant, signal } = options;
    const isRestricted = restricted && tenant !== undefined;
    const settings = { ...settingsOf(options, memoryBytes), cancel_http_readonly_queries_on_client_close: 1 };
    const allowed = Object.entries(settings).filter(([name]) => !isRestricted || CHANGEABLE.has(name));
    const request = {
      query: sql,
      query_params: { ...params },
      ...(signal ? { abort_signal: signal } : {}),
    };
    const clickhouseSettings = {
      ...Object.fromEntries(allowed.map(([name, value]) => [name, String(value)])),
      ...(isRestricted ? { [TENANT_SETTING]: tenant } : { readonly: '2' }),
    };
    return { request, clickhouseSettings, client: tenant === undefined ? own : asking };
  }

  return {
    async lines(sql, params = {}, options = {}) {
      const { request, clickhouseSettings, client } = requestOf(sql, params, options);
      try {
        if (EXPLAIN.test(sql)) {
          const { stream } = await client.exec({
            ...request,
            clickhouse_settings: { ...clickhouseSettings, default_format: 'JSONEachRow' },
          });
          return linesOfBytes(await buffer(stream));
        }
        const result = await client.query({ ...request, format: 'JSONEachRow', clickhouse_settings: clickhouseSettings });
        return linesOf(result.stream(), options.asked ?? sql);
      } catch (error) {
        throw classifyQuery(error, options.asked ?? sql);
      }
    },
    async parquet(sql, params = {}, options = {}) {
      const { request, clickhouseSettings, client } = requestOf(sql, params, options);
      try {
        const query = `${sql} FORMAT Parquet`;
        const { stream } = await client.exec({ ...request, query, clickhouse_settings: clickhouseSettings });
        return piecesOf(stream, options.asked ?? sql);
      } catch (error) {
        throw classifyQuery(error, options.asked ?? sql);
      }
    },
    close: () => asking.close(),
  };
}

async function* piecesOf(stream: AsyncIterable<Uint8Array>, asked: string): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (error) {
    throw classifyQuery(error, asked);
  }
}

async function* linesOf(stream: AsyncIterable<readonly Row[]>, asked: string): AsyncGenerator<readonly string[]> {
  try {
    for await (const rows of stream) yield rows.map((row) => exactIntegers(row.text));
  } catch (error) {
    throw classifyQuery(error, asked);
  }
}
