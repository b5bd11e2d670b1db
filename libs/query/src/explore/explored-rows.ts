import { DAY_MS } from '@telltale/kernel';
import { choice, type Period, periodOf, rangeParams, text } from '../define/params';
import { type RowsOf } from '../define/definition';
import { numberOf } from '../define/row-values';
import { SINCE_FIRST_MINUTE, within } from '../define/where';
import { type ExploredField, type Source, SOURCES } from './explored-field';
import { type Condition, conditionsOf } from './filters/conditions';
import { MAX_FILTER_LENGTH } from './filters/parse-filters';

export const RANGE = { defaultMs: DAY_MS, maxMs: 400 * DAY_MS };

export const filterText = (about: string) =>
  text(`${about}: terms such as status:error, -intent:refund, duration_ms>2s, name:"a b",c*; all must hold`, MAX_FILTER_LENGTH).optional(); // prettier-ignore

/** Which rows a question of this room is about. */
export const exploredParams = {
  of: choice(SOURCES, 'What is explored: turns, or events (operations and log lines)').default('turns'),
  where: filterText('Only rows that these filters let through'),
  ...rangeParams(RANGE),
};

interface Given {
  readonly of: Source;
  readonly where?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** Rows of the tenant in a range of time that filters let through. */
export interface ExploredRows {
  readonly source: Source;
  readonly period: Period;
  readonly conditions: readonly Condition[];
}

/** The end of the range is now where none is given: time that is still to come would be an empty end of every chart. */
export const exploredPeriod = (times: Pick<Given, 'since' | 'until'>, now: number): Period =>
  periodOf({ ...times, until: times.until ?? new Date(now).toISOString() }, now, RANGE);

export const exploredRows = ({ of, where, ...times }: Given, now: number): ExploredRows => ({
  source: of,
  period: exploredPeriod(times, now),
  conditions: conditionsOf(of, 'where', where),
});

/** Events without their content are faster to read. */
export const tableOf = ({ source, conditions }: ExploredRows, fields: readonly ExploredField[]): string =>
  source === 'turns' ? 'turns' : [...fields, ...conditions.map(({ field }) => field)].some(({ wide }) => wide) ? 'events' : 'events_core'; // prettier-ignore

/** What follows SELECT, with one row of `sampled` looked at: rows of one turn are in the sample, or not, together. */
export function fromRows(rows: ExploredRows, fields: readonly ExploredField[] = [], sampled = 1) {
  const { source, period, conditions } = rows;
  const base = within({ where: 'tenant = {tenant:String}', params: {} }, 'ts', period);
  const table = tableOf(rows, fields);
  const sample = sampled > 1 ? ` AND ${hashOf(source)} % ${sampled} = 0` : '';
  const where = [base.where, ...conditions.map(({ sql }) => sql)].join(' AND ');
  // All revisions of a turn are in the sample or none is: it may be drawn before they are merged.
  return {
    from:
      source === 'turns'
        ? `telltale.${table} ${SINCE_FIRST_MINUTE}${sample} WHERE ${where}`
        : `telltale.${table} WHERE ${where}${sample}`,
    params: { ...base.params, ...Object.assign({}, ...conditions.map(({ params }) => params)) } as Record<
      string,
      string | number
    >,
  };
}

/** The same for all rows of a turn. */
export const hashOf = (source: Source): string => (source === 'turns' ? 'cityHash64(turn_id)' : 'cityHash64(trace_id)');

/** How many rows there are about in the range, whatever the filters: what bounds the work. */
async function rowsInRange({ source, period }: ExploredRows, rowsOf: RowsOf): Promise<number> {
  const { where, params } = within({ where: 'tenant = {tenant:String}', params: {} }, source === 'turns' ? 'first_minute' : 'minute', period);
  const [row] = await rowsOf({
    sql: source === 'turns' ? `SELECT count() AS n FROM telltale.turns WHERE ${where}` : `SELECT sum(events) AS n FROM telltale.operations_minute WHERE ${where}`,
    params,
  });
  return numberOf(row, 'n');
} // prettier-ignore

/** Of how many rows one is looked at, so that they are about `most` at most. */
export const samplingOf = async (rows: ExploredRows, most: number, rowsOf: RowsOf): Promise<number> =>
  Math.max(1, Math.ceil((await rowsInRange(rows, rowsOf)) / most));

/** The same by how many rows the filters let through: where few do, all are looked at. */
export async function sampleOfMatching(rows: ExploredRows, most: number, rowsOf: RowsOf): Promise<number> {
  const { from, params } = fromRows(rows);
  const [row] = await rowsOf({ sql: `SELECT count() AS n FROM ${from}`, params });
  return Math.max(1, Math.ceil(numberOf(row, 'n') / most));
}
