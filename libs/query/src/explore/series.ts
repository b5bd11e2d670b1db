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

export async function readSeries(asked: Asked, top: number, rowsOf: RowsOf): Promise<ExploredSeries> {
  const { aggregate, groupBy, steps, sampled } = asked;
  const ranked = await readKeys(asked, top, rowsOf);
  const cells = await readCells(asked, ranked, rowsOf);
  const scale = aggregate.adds ? sampled : 1;
  const scaled = (row: Row | undefined): number | null => {
    const value = valueOf(row);
    return value === null ? null : value * scale;
  };
  /** Nothing came: none is a count, and no average. */
  const empty = aggregate.aggregation === 'count' ? 0 : null;
  const seriesOf = (own: readonly Row[]): Series => {
    const whole = own.find((row) => numberOf(row, 'of_all_time') === 1);
    const values = new Array<number | null>(steps.count).fill(empty);
    for (const row of own) {
      const at = numberOf(row, 'step') - steps.first;
      if (numberOf(row, 'of_all_time') === 0 && at >= 0 && at < steps.count) values[at] = scaled(row);
    }
    return { value: whole ? scaled(whole) : empty, count: numberOf(whole, 'n') * sampled, values };
  };
  const total = seriesOf(cells.filter((row) => numberOf(row, 'of_all_groups') === 1));
  const ofPlace = (place: number): Series =>
    seriesOf(cells.filter((row) => numberOf(row, 'of_all_groups') === 0 && numberOf(row, 'place') === place));
  const groups = ranked.keys.map((key, i): Group => ({ by: valuesOf(groupBy, key), ...ofPlace(i + 1) }));
  const hasRest = ranked.groupCount > ranked.keys.length;
  return { total, groups: hasRest ? [...groups, { by: null, ...ofPlace(0) }] : groups, groupCount: ranked.groupCount };
}
