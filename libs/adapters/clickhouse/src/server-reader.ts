import { type ClickHouseClient, type Row } from '@clickhouse/client';
import { exactIntegers } from './json-lines';
import { classifyQuery } from './query-error';
import { settingsOf } from './query-settings';
import { type Reader } from './reader';

/** Name of the setting that the row policies of deploy/clickhouse/access read. */
const TENANT_SETTING = 'SQL_telltale_tenant';

export interface ServerReaderOptions {
  /** For questions of Telltale's own: versions, migrations. */
  readonly own: ClickHouseClient;
  /** For questions on behalf of a tenant, in the database of the tables. */
  readonly asking: ClickHouseClient;
  /** `asking` is the read-only user of deploy/clickhouse/access, whose profile sets limits and forbids to change others. */
  readonly restricted: boolean;
  readonly memoryBytes: number;
}

/** Settings that the profile of the read-only user lets a request change. */
export const CHANGEABLE: ReadonlySet<string> = new Set([
  'max_execution_time', 'max_memory_usage', 'max_threads', 'limit', 'additional_table_filters', 'log_comment',
  'cancel_http_readonly_queries_on_client_close',
]); // prettier-ignore

export function createServerReader({ own, asking, restricted, memoryBytes }: ServerReaderOptions): Reader {
  return {
    async lines(sql, params = {}, options = {}) {
      const { tenant, signal } = options;
      const isRestricted = restricted && tenant !== undefined;
      const settings = { ...settingsOf(options, memoryBytes), cancel_http_readonly_queries_on_client_close: 1 };
      const allowed = Object.entries(settings).filter(([name]) => !isRestricted || CHANGEABLE.has(name));
      try {
        const result = await (tenant === undefined ? own : asking).query({
          query: sql,
          format: 'JSONEachRow',
          query_params: { ...params },
          clickhouse_settings: {
            ...Object.fromEntries(allowed.map(([name, value]) => [name, String(value)])),
            ...(isRestricted ? { [TENANT_SETTING]: tenant } : { readonly: '2' }),
          },
          ...(signal ? { abort_signal: signal } : {}),
        });
        return linesOf(result.stream(), options.asked ?? sql);
      } catch (error) {
        throw classifyQuery(error, options.asked ?? sql);
      }
    },
    close: () => asking.close(),
  };
}

async function* linesOf(stream: AsyncIterable<readonly Row[]>, asked: string): AsyncGenerator<readonly string[]> {
  try {
    for await (const rows of stream) yield rows.map((row) => exactIntegers(row.text));
  } catch (error) {
    throw classifyQuery(error, asked);
  }
}
