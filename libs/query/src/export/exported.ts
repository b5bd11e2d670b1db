import { eventRecord, sessionRecord, turnRow } from '@telltale/contracts';
import { type Select } from '../define/definition';
import { columnsOf, filterBy } from '../define/where';
import { type Row, textOf } from '../define/row-values';
import { type ExportFilter, type ExportRequest } from './export-rows';

export const EXPORTS = ['events', 'turns', 'sessions'] as const;
export type ExportName = (typeof EXPORTS)[number];

/** A table whose rows go out in the order of its key, so that a page begins where the one before ended without sorting anything. */
interface Exported {
  readonly columns: string;
  readonly time: string;
  /** Filters, and the column of each. */
  readonly filters: Readonly<Partial<Record<ExportFilter, string>>>;
  /** Times before this column's are not read; it is the first of the key. */
  readonly read: string;
  /** The key after tenant, and the same of the row of parameters `at`, `of` and `id`. */
  readonly key: readonly string[];
  readonly keyOfRow: readonly string[];
  /** What of a row `at`, `of` and `id` are. */
  readonly position: (row: Row) => { readonly at: string; readonly of: string; readonly id: string };
}

const MINUTE = "toStartOfMinute(toDateTime64({at:String}, 3, 'UTC'))";
const OF_REVISIONS = "FINAL PREWHERE tenant = {tenant:String} AND first_minute >= toStartOfMinute(fromUnixTimestamp64Milli({from:Int64}, 'UTC'))"; // prettier-ignore

export const EXPORTED: Readonly<Record<ExportName, Exported>> = {
  events: {
    columns: columnsOf(eventRecord),
    time: 'ts',
    filters: { service: 'service_name', session: 'session_id', user: 'user_id', status: 'status', kind: 'kind', name: 'name', tool: 'tool_name' },
    read: '',
    key: ['toStartOfMinute(ts)', 'cityHash64(trace_id)', 'id'],
    keyOfRow: [MINUTE, 'cityHash64({of:String})', '{id:String}'],
    position: (row) => ({ at: textOf(row, 'ts'), of: textOf(row, 'trace_id'), id: textOf(row, 'id') }),
  },
  turns: {
    columns: columnsOf(turnRow),
    time: 'ts',
    filters: { service: 'service_name', session: 'session_id', user: 'user_id', status: 'status', intent: 'intent', outcome: 'outcome' },
    read: OF_REVISIONS,
    key: ['first_minute', 'turn_id'],
    keyOfRow: [MINUTE, '{id:String}'],
    position: (row) => ({ at: textOf(row, 'first_minute'), of: '', id: textOf(row, 'turn_id') }),
  },
  sessions: {
    columns: columnsOf(sessionRecord),
    time: 'started_at',
    filters: { service: 'service_name', user: 'user_id' },
    read: OF_REVISIONS,
    key: ['first_minute', 'session_id'],
    keyOfRow: [MINUTE, '{id:String}'],
    position: (row) => ({ at: textOf(row, 'first_minute'), of: '', id: textOf(row, 'session_id') }),
  },
}; // prettier-ignore

const momentOf = (name: string): string => `fromUnixTimestamp64Milli({${name}:Int64}, 'UTC')`;
const storedMs = (text: string): number => Date.parse(`${text.replace(' ', 'T')}Z`);

/** Statement for the next `rows` rows after `last`, as the engine wrote it; from the first where it is null. */
export function exportPage({ what, filters, period }: ExportRequest, last: Row | null, rows: number): Select {
  const { columns, time, filters: known, read, key, keyOfRow, position } = EXPORTED[what];
  const filter = filterBy(Object.fromEntries(Object.entries(filters).map(([name, value]) => [known[name as ExportFilter] ?? name, value]))); // prettier-ignore
  const at = last && position(last);
  const from = at ? Math.max(period.since, Math.floor(storedMs(at.at) / 60_000) * 60_000) : period.since;
  const after = at ? ` AND (${key.join(', ')}) > (${keyOfRow.join(', ')})` : '';
  return {
    sql: `SELECT ${columns} FROM telltale.${what} ${read} WHERE ${filter.where} AND ${time} >= ${momentOf(read === '' ? 'from' : 'since')} AND ${time} < ${momentOf('until')}${after} ORDER BY ${key.join(', ')} LIMIT {rows:UInt64}`,
    params: { ...filter.params, from, since: period.since, until: period.until, rows, ...(at ?? {}) },
  };
}

/** Statement that counts the rows, as far as one more than the limit. */
export function exportCount(request: ExportRequest): Select {
  const { sql, params } = exportPage(request, null, request.limit + 1);
  return { sql: `SELECT count() AS rows FROM (${sql.replace(EXPORTED[request.what].columns, 'tenant')})`, params };
}
