import { type TenantRequest } from './api-key.guard';
import { type InsightsDeps } from './deps';

const MAX_SECONDS = 30;

/** A read of the rows of the caller's tenant. Values reach the engine as parameters only. */
export async function rowsOf(
  deps: InsightsDeps,
  caller: TenantRequest,
  name: string,
  sql: string,
  params: Readonly<Record<string, string | number>>,
): Promise<Record<string, unknown>[]> {
  const rows = await deps.questions
    .rowsFor(caller)
    .query(sql, { tenant: caller.tenant, ...params }, { comment: `telltale.insights ${name}`, limitSeconds: MAX_SECONDS });
  return rows.map(withIsoTimes);
}

const STORED_TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?$/;
const isTimeColumn = (name: string): boolean =>
  name === 'ts' || name === 'hour' || name === 'window_start' || name.endsWith('_at');

/** Times in the one form they have everywhere else. */
const withIsoTimes = (row: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      isTimeColumn(name) && typeof value === 'string' && STORED_TIME.test(value)
        ? new Date(`${value.replace(' ', 'T')}Z`).toISOString()
        : value,
    ]),
  );

/** Conditions of WHERE with the parameters they name. */
export interface Filter {
  readonly conditions: string[];
  readonly params: Record<string, string | number>;
}

/** `column = value` for every value that is given; columns are ours, values are people's. */
export function filterBy(values: Readonly<Record<string, string | undefined>>): Filter {
  const conditions = ['tenant = {tenant:String}'];
  const params: Record<string, string | number> = {};
  Object.entries(values).forEach(([column, value], i) => {
    if (value === undefined) return;
    conditions.push(`${column} = {f${i}:String}`);
    params[`f${i}`] = value;
  });
  return { conditions, params };
}

export const within = (
  filter: Filter,
  column: string,
  { since, until }: { readonly since: number; readonly until: number },
): Filter => ({
  conditions: [
    ...filter.conditions,
    `${column} >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')`,
    `${column} < fromUnixTimestamp64Milli({until:Int64}, 'UTC')`,
  ],
  params: { ...filter.params, since, until },
});
