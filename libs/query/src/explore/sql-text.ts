import { sqlString } from '@telltale/contracts';
import { SECOND_MS } from '@telltale/kernel';
import { type Aggregate } from './aggregate';
import { type ExploredRows, tableOf } from './explored-rows';
import { type GroupBy } from './group-by';
import { type TimeSteps } from './time-steps';

/** People see the rows of their tenant only. */
const OWN_ROWS = 'tenant = {tenant:String} AND ';
const PLACEHOLDER = /\{(\w+):\w+\}/g;

/** The statement with its parameters written out. */
const written = (sql: string, params: Readonly<Record<string, string | number>>): string =>
  sql.replaceAll(OWN_ROWS, '').replace(PLACEHOLDER, (_, name: string) => {
    const value = params[name] ?? '';
    return typeof value === 'number' ? String(value) : sqlString(value);
  });

const moment = (ms: number): string =>
  `toDateTime64(${sqlString(new Date(ms).toISOString().replace('T', ' ').replace('Z', '')) }, 3, 'UTC')`; // prettier-ignore
/** A name that a column of the answer can have whatever it holds. */
const aliasOf = (name: string): string => name.replaceAll(/\W/g, '_').slice(0, 60);

/** The question as a statement that people may run, and change: `POST /api/query`, `telltale query` and the tool query_sql take it. */
export function sqlText(rows: ExploredRows, aggregate: Aggregate, groupBy: GroupBy, { stepMs }: TimeSteps): string {
  const { since, until } = rows.period;
  const table = tableOf(rows, [...aggregate.fields, ...groupBy.fields]);
  const conditions = [
    `ts >= ${moment(since)} AND ts < ${moment(until)}`,
    // The table is sorted by it.
    ...(table === 'turns' ? [`first_minute >= toStartOfMinute(${moment(since)})`] : []),
    ...rows.conditions.map(({ sql, params }) => written(sql, { ...params, since, until })),
  ];
  const groups = groupBy.fields.map(({ name, expression, key }) => ({
    alias: aliasOf(name),
    sql: key === undefined ? expression : written(expression, { key }),
  }));
  const columns = groups.map(({ alias, sql }) => (alias === sql ? sql : `${sql} AS ${alias}`));
  const names = ['at', ...groups.map(({ alias }) => alias)].join(', ');
  return [
    `SELECT ${[`toStartOfInterval(ts, INTERVAL ${stepMs / SECOND_MS} SECOND) AS at`, ...columns, `${aggregate.sql} AS value`].join(', ')}`,
    `FROM ${table}${table === 'turns' ? ' FINAL' : ''}`,
    `WHERE ${conditions.join('\n  AND ')}`,
    `GROUP BY ${names} ORDER BY ${names}`,
  ].join('\n');
}
