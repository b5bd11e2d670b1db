import { badParameter } from '../define/api-error';
import { type RowsOf } from '../define/definition';
import { momentOf } from '../define/params';
import { numberOf, type Row, textOf } from '../define/row-values';
import { type ExploredRows, fromRows, hashOf } from './explored-rows';
import { type Condition, conditionsOf } from './filters/conditions';
import { fieldAndValue, type Tagged, tagsSql, WHOLE } from './value-tags';

/** Rows of the selection whose values are counted, and of the rest; where there are more, a sample of each. */
const MOST_SELECTED = 20_000;
const MOST_OTHERS = 40_000;
/** Sessions that have a value: fewer say nothing, whichever side they are on. */
const LEAST_WITH_VALUE = 5;
const MOST_VALUES = 400;
const EXAMPLES = 5;
const EXAMPLES_OF_VALUE = 3;
/** Events of one turn stand beside each other. */
const EXAMPLES_READ = 20;

/** What is selected among the rows: a box of time, and filters. */
export interface Selection {
  readonly sql: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly conditions: readonly Condition[];
}

interface Given {
  readonly selected?: string | undefined;
  readonly selected_since?: string | undefined;
  readonly selected_until?: string | undefined;
}

/** ApiError where nothing is selected, or a time is none. */
export function selectionOf({ source, period }: ExploredRows, given: Given, now: number): Selection {
  const { selected, selected_since: since, selected_until: until } = given;
  const conditions = conditionsOf(source, 'selected', selected);
  if (conditions.length === 0 && since === undefined && until === undefined)
    throw badParameter(
      'selected',
      'selects nothing',
      'give filters such as duration_ms>2s, or selected_since and selected_until',
    );
  const from = since === undefined ? period.since : momentOf('selected_since', since, now);
  const to = until === undefined ? period.until : momentOf('selected_until', until, now);
  if (from >= to) throw badParameter('selected_since', 'lies not before selected_until', 'give an earlier one'); // prettier-ignore
  const time = "ts >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND ts < fromUnixTimestamp64Milli({to:Int64}, 'UTC')";
  return {
    sql: [time, ...conditions.map(({ sql }) => sql)].join(' AND '),
    params: { from, to, ...Object.assign({}, ...conditions.map(({ params }) => params)) } as Selection['params'],
    conditions,
  };
}

/** Rows of a side, and how many they stand for. */
export interface Side {
  readonly rows: number;
  readonly count: number;
  /** As how many rows of equal weight they say, 0 to 1 (Kish, Survey Sampling, 1965). */
  readonly evenness: number;
}
export interface Sides {
  readonly selected: Side;
  readonly rest: Side;
}

export async function countSides(rows: ExploredRows, { sql, params, conditions }: Selection, rowsOf: RowsOf): Promise<Sides> {
  const { from, params: own } = fromRows(rows, conditions.map(({ field }) => field)); // prettier-ignore
  const [row] = await rowsOf({
    sql: `SELECT countIf(inside) AS n_in, countIf(NOT inside) AS n_out, sumIf(sampling_weight, inside) AS w_in, sumIf(sampling_weight, NOT inside) AS w_out,
        sumIf(sampling_weight * sampling_weight, inside) AS squares_in, sumIf(sampling_weight * sampling_weight, NOT inside) AS squares_out
      FROM (SELECT sampling_weight, (${sql}) AS inside FROM ${from})`,
    params: { ...own, ...params },
  });
  const sideOf = (side: string): Side => {
    const [rowCount, count, squares] = [numberOf(row, `n_${side}`), numberOf(row, `w_${side}`), numberOf(row, `squares_${side}`)];
    return { rows: rowCount, count, evenness: squares > 0 ? Math.min(1, count ** 2 / (rowCount * squares)) : 1 };
  };
  return { selected: sideOf('in'), rest: sideOf('out') };
} // prettier-ignore

/** Rows of a side that were looked at, by weight, and the sessions that they are of. */
export interface Counted {
  readonly weight: number;
  readonly sessions: number;
}
export interface CountedValue {
  readonly field: string;
  readonly value: string;
  readonly selected: Counted;
  readonly rest: Counted;
  /** Turns of the selection that have it. */
  readonly examples: readonly string[];
}
export interface CountedValues {
  readonly values: readonly CountedValue[];
  /** How many values were counted, with those that are not among `values`. */
  readonly valueCount: number;
  readonly selected: Counted;
  readonly rest: Counted;
  readonly examples: { readonly selected: readonly string[]; readonly rest: readonly string[] };
  readonly oneIn: { readonly selected: number; readonly rest: number };
}

const counted = (row: Row | undefined, side: 'in' | 'out'): Counted => ({
  weight: numberOf(row, `w_${side}`),
  sessions: numberOf(row, `s_${side}`),
});
const ids = (value: unknown, most: number): string[] =>
  Array.isArray(value) ? [...new Set(value.map(String).filter((text) => text !== ''))].slice(0, most) : []; // prettier-ignore

/** The values of both sides, those that differ most first. */
export async function countValues(rows: ExploredRows, selection: Selection, fields: readonly Tagged[], sides: Sides, rowsOf: RowsOf): Promise<CountedValues> {
  const oneIn = { selected: Math.max(1, Math.ceil(sides.selected.rows / MOST_SELECTED)), rest: Math.max(1, Math.ceil(sides.rest.rows / MOST_OTHERS)) };
  const { from, params } = fromRows(rows, selection.conditions.map(({ field }) => field));
  const isTurn = rows.source === 'turns';
  const session = isTurn ? "if(session_id != '', session_id, turn_id)" : "multiIf(session_id != '', session_id, trace_id != '', trace_id, id)";
  const isWhole = `tag.1 = ${WHOLE}`;
  const found = await rowsOf({
    sql: `SELECT tag.1 AS place, tag.2 AS text, sumIf(w, inside) AS w_in, sumIf(w, NOT inside) AS w_out, uniqIf(session, inside) AS s_in, uniqIf(session, NOT inside) AS s_out,
        groupArrayIf(${EXAMPLES_READ})(turn, inside) AS examples_in, groupArrayIf(${EXAMPLES_READ})(turn, NOT inside) AS examples_out, count() OVER () AS n_values
      FROM (SELECT (${selection.sql}) AS inside, sampling_weight AS w, ${isTurn ? 'turn_id' : 'trace_id'} AS turn, cityHash64(${session}) AS session, arrayJoin(${tagsSql(fields)}) AS tag
        FROM ${from} AND if(inside, ${hashOf(rows.source)} % {one_in_selected:UInt32} = 0, ${hashOf(rows.source)} % {one_in_rest:UInt32} = 0))
      GROUP BY tag HAVING ${isWhole} OR s_in + s_out >= ${LEAST_WITH_VALUE}
      ORDER BY ${isWhole} DESC, abs(w_in / {weight_selected:Float64} - w_out / {weight_rest:Float64}) DESC, tag LIMIT ${MOST_VALUES}`,
    params: {
      ...params,
      ...selection.params,
      one_in_selected: oneIn.selected,
      one_in_rest: oneIn.rest,
      weight_selected: Math.max(1e-9, sides.selected.count / oneIn.selected),
      weight_rest: Math.max(1e-9, sides.rest.count / oneIn.rest),
    },
  });
  const whole = found.find((row) => numberOf(row, 'place') === WHOLE);
  const values = found.flatMap((row): CountedValue[] => {
    const of = fieldAndValue(fields, numberOf(row, 'place'), textOf(row, 'text'));
    return of ? [{ ...of, selected: counted(row, 'in'), rest: counted(row, 'out'), examples: ids(row['examples_in'], EXAMPLES_OF_VALUE) }] : [];
  });
  return {
    values,
    valueCount: Math.max(values.length, numberOf(whole, 'n_values') - 1),
    selected: counted(whole, 'in'),
    rest: counted(whole, 'out'),
    examples: { selected: ids(whole?.['examples_in'], EXAMPLES), rest: ids(whole?.['examples_out'], EXAMPLES) },
    oneIn,
  };
} // prettier-ignore
