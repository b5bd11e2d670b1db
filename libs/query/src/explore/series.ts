import { groupBy as groupRows } from '@telltale/kernel';
import { type RowsOf } from '../define/definition';
import { numberOf, type Row, textOf } from '../define/row-values';
import { type Aggregate } from './aggregate';
import { type ExploredRows, fromRows } from './explored-rows';
import { type GroupBy, valuesOf } from './group-by';
import { STEP_OF_ROW, type TimeSteps } from './time-steps';

/** A number of rows over time; null where no row has it. */
export interface Series {
  readonly value: number | null;
  /** How many the rows stand for. */
  readonly count: number;
  readonly values: readonly (number | null)[];
}

export interface Group extends Series {
  /** Values of the dimensions; null: the groups that have no line of their own, together. */
  readonly by: Readonly<Record<string, string>> | null;
}

export interface ExploredSeries {
  readonly total: Series;
  readonly groups: readonly Group[];
  /** Groups there are, with those that have no line of their own. */
  readonly groupCount: number;
}

interface Asked {
  readonly rows: ExploredRows;
  readonly aggregate: Aggregate;
  readonly groupBy: GroupBy;
  readonly steps: TimeSteps;
  readonly sampled: number;
}

interface Keys {
  readonly keys: readonly string[];
  readonly groupCount: number;
}

/** The groups that are shown: the greatest where numbers add up, else those of most rows. */
async function readKeys({ rows, aggregate, groupBy, sampled }: Asked, top: number, rowsOf: RowsOf): Promise<Keys> {
  if (groupBy.fields.length === 0) return { keys: [], groupCount: 0 };
  const { from, params } = fromRows(rows, [...aggregate.fields, ...groupBy.fields], sampled);
  const rank = aggregate.adds ? aggregate.sql : 'sum(sampling_weight)';
  const found = await rowsOf({
    sql: `SELECT ${groupBy.key} AS group_key, ${rank} AS rank, count() OVER () AS group_count FROM ${from} GROUP BY group_key ORDER BY rank DESC NULLS LAST, group_key LIMIT {top:UInt32}`,
    params: { ...params, ...groupBy.params, top },
  });
  return { keys: found.map((row) => textOf(row, 'group_key')), groupCount: numberOf(found[0], 'group_count') };
}

/** Cells of all groups that are read at once. */
const MOST_CELLS = 20_000;

/** All rows, the rows of each group, and both in each step: at once. `place`: number of the group, 0 for the rest. */
async function readCells(asked: Asked, { keys }: Keys, rowsOf: RowsOf): Promise<Row[]> {
  const { rows, aggregate, groupBy, steps, sampled } = asked;
  const { from, params } = fromRows(rows, [...aggregate.fields, ...groupBy.fields], sampled);
  const place = keys.length === 0 ? '0' : `transform(${groupBy.key}, {keys:Array(String)}, [${keys.map((_, i) => i + 1).join(', ')}], 0)`; // prettier-ignore
  const sets = keys.length === 0 ? '(step), ()' : '(step, place), (step), (place), ()';
  return rowsOf({
    sql: `SELECT toInt64(${STEP_OF_ROW}) AS step, toInt32(${place}) AS place, grouping(step) AS of_all_time, ${keys.length === 0 ? '1' : 'grouping(place)'} AS of_all_groups,
        ${aggregate.sql} AS value, sum(sampling_weight) AS n FROM ${from} GROUP BY GROUPING SETS (${sets})`,
    params: { ...params, ...groupBy.params, ...(keys.length === 0 ? {} : { keys }), step: steps.stepMs },
  });
} // prettier-ignore

const valueOf = (row: Row | undefined): number | null => {
  const value = row?.['value'];
  return value === null || value === undefined || !Number.isFinite(Number(value)) ? null : Number(value);
};

/** Values at their steps, with the whole of them. */
function seriesOf(cells: readonly Row[], whole: Row | undefined, { aggregate, steps, sampled }: Asked): Series {
  const scale = aggregate.adds ? sampled : 1;
  /** Nothing came: none is a count, and no average. */
  const empty = aggregate.aggregation === 'count' ? 0 : null;
  const scaled = (row: Row | undefined): number | null => {
    const value = valueOf(row);
    return value === null ? null : value * scale;
  };
  const values = new Array<number | null>(steps.count).fill(empty);
  for (const row of cells) {
    const at = numberOf(row, 'step') - steps.first;
    if (at >= 0 && at < steps.count) values[at] = scaled(row);
  }
  return { value: whole ? scaled(whole) : empty, count: numberOf(whole, 'n') * sampled, values };
}

/** Cells that add up, as one for each step. */
function added(cells: readonly Row[]): { readonly cells: Row[]; readonly whole: Row | undefined } {
  const sumOf = (rows: readonly Row[]): Row => {
    const known = rows.map(valueOf).filter((value) => value !== null);
    return { step: rows[0]?.['step'], value: known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0), n: rows.reduce((sum, row) => sum + numberOf(row, 'n'), 0) };
  };
  const bySteps = [...groupRows(cells, (row) => numberOf(row, 'step')).values()].map(sumOf);
  return { cells: bySteps, whole: cells.length === 0 ? undefined : sumOf(cells) };
} // prettier-ignore

/** Every group in each step, read once, where numbers add up and there are few groups; null where there are too many. */
async function readAllGroups(asked: Asked, top: number, rowsOf: RowsOf): Promise<ExploredSeries | null> {
  const { rows, aggregate, groupBy, steps, sampled } = asked;
  if (!aggregate.adds || groupBy.fields.length === 0 || groupBy.fields.some(({ cardinality }) => cardinality === 'many')) return null;
  const { from, params } = fromRows(rows, [...aggregate.fields, ...groupBy.fields], sampled);
  const found = await rowsOf({
    sql: `SELECT toInt64(${STEP_OF_ROW}) AS step, ${groupBy.key} AS group_key, ${aggregate.sql} AS value, sum(sampling_weight) AS n FROM ${from} GROUP BY step, group_key LIMIT ${MOST_CELLS + 1}`,
    params: { ...params, ...groupBy.params, step: steps.stepMs },
  });
  if (found.length > MOST_CELLS) return null;
  const groups = [...groupRows(found, (row) => textOf(row, 'group_key'))].map(([key, cells]) => ({ key, ...added(cells) }));
  const sizeOf = ({ whole }: (typeof groups)[number]): number => valueOf(whole) ?? -Infinity;
  groups.sort((a, b) => sizeOf(b) - sizeOf(a) || (a.key < b.key ? -1 : 1));
  const [shown, others] = [groups.slice(0, top), groups.slice(top)];
  const rest = added(others.flatMap(({ cells }) => cells));
  const all = added(found);
  return {
    total: seriesOf(all.cells, all.whole, asked),
    groups: [
      ...shown.map(({ key, cells, whole }): Group => ({ by: valuesOf(groupBy, key), ...seriesOf(cells, whole, asked) })),
      ...(others.length === 0 ? [] : [{ by: null, ...seriesOf(rest.cells, rest.whole, asked) }]),
    ],
    groupCount: groups.length,
  };
} // prettier-ignore

export async function readSeries(asked: Asked, top: number, rowsOf: RowsOf): Promise<ExploredSeries> {
  const whole = await readAllGroups(asked, top, rowsOf);
  if (whole) return whole;
  const ranked = await readKeys(asked, top, rowsOf);
  const cells = await readCells(asked, ranked, rowsOf);
  const is = (row: Row, name: 'of_all_time' | 'of_all_groups'): boolean => numberOf(row, name) === 1;
  const among = (own: readonly Row[]): Series =>
    seriesOf(own.filter((row) => !is(row, 'of_all_time')), own.find((row) => is(row, 'of_all_time')), asked); // prettier-ignore
  const ofPlace = (place: number): Series => among(cells.filter((row) => !is(row, 'of_all_groups') && numberOf(row, 'place') === place)); // prettier-ignore
  const groups = ranked.keys.map((key, i): Group => ({ by: valuesOf(asked.groupBy, key), ...ofPlace(i + 1) }));
  const hasRest = ranked.groupCount > ranked.keys.length;
  return {
    total: among(cells.filter((row) => is(row, 'of_all_groups'))),
    groups: hasRest ? [...groups, { by: null, ...ofPlace(0) }] : groups,
    groupCount: ranked.groupCount,
  };
}
