import { type Bucket, type Component, type CallEdge, type Counts, MAX_VALUES, type Pattern, type SeenValue, type Value, type Window } from '@telltale/domain-rootcause'; // prettier-ignore
import { type RowsOf } from '../define/definition';
import { numberOf, type Row, textOf } from '../define/row-values';
import { type Subject } from './subject';
import { ALL_DIMENSIONS, type Compared, dimensionsOf, tagOf, turnRowsOf, valueOfTag } from './turn-rows';

/** Values of one dimension that are looked at. */
const VALUES_A_DIMENSION = 60;
/** Turns whose values are counted together. */
const MAX_PATTERN_TURNS = 60_000;
const WINDOWS_BEFORE = 24;
const MAX_WINDOWS_AFTER = 24;
const MAX_EDGES = 5_000;

export interface Asked {
  readonly subject: Subject;
  readonly compared: Compared;
  /** SQL: whether a turn is bad. */
  readonly bad: string;
  readonly sampled: number;
  /** Times of deploy marks and of versions first seen, ms. */
  readonly deploys: readonly number[];
}

const paramsOf = ({ subject, compared, bad, deploys }: Asked) => {
  const rows = turnRowsOf(subject, compared, bad);
  return { ...rows, params: { ...rows.params, deploys: deploys.map(String) } };
};

const countsOf = (row: Row, name: string): Counts => {
  const bad = numberOf(row, `${name}_bad`);
  return { bad, good: numberOf(row, `${name}_all`) - bad };
};

const COUNTS = 'countIf(NOT is_after AND bad) AS was_bad, countIf(NOT is_after) AS was_all, countIf(is_after AND bad) AS is_bad, countIf(is_after) AS is_all'; // prettier-ignore

export interface Totals {
  readonly before: Counts;
  readonly after: Counts;
}

export async function readTotals(rowsOf: RowsOf, asked: Asked): Promise<Totals> {
  const { from, params, isAfter, bad } = paramsOf(asked);
  const [row = {}] = await rowsOf({ sql: `SELECT ${COUNTS} FROM ${from({ bad, is_after: isAfter }, asked.sampled)}`, params });
  return { before: countsOf(row, 'was'), after: countsOf(row, 'is') };
}

/** Turns by each of their values; of every dimension the values that moved or differ most. */
export async function readValues(rowsOf: RowsOf, asked: Asked, { before, after }: Totals): Promise<SeenValue[]> {
  const { from, params, isAfter, bad, tagsOf } = paramsOf(asked);
  const share = ({ bad: some, good }: Counts): number => some / Math.max(1, some + good);
  const usual = before.bad + before.good > 0 ? share(before) : share(after);
  const rows = await rowsOf({
    sql: `SELECT tag, splitByChar(char(31), tag)[1] AS dimension, ${COUNTS}, toUnixTimestamp64Milli(min(ts)) AS first_ms
      FROM ${from({ tag: `arrayJoin(${tagsOf(ALL_DIMENSIONS)})`, bad, is_after: isAfter, ts: 'ts' }, asked.sampled)} GROUP BY tag
      ORDER BY abs(is_bad - is_all * {usual:Float64}) + abs(was_bad - was_all * {usual:Float64}) DESC, tag LIMIT ${VALUES_A_DIMENSION} BY dimension`,
    params: { ...params, usual },
  });
  return rows.flatMap((row): SeenValue[] => {
    const value = valueOfTag(textOf(row, 'tag'));
    return value ? [{ ...value, before: countsOf(row, 'was'), after: countsOf(row, 'is'), firstAt: numberOf(row, 'first_ms') }] : []; // prettier-ignore
  });
}

const bitsOf = (mask: string): number[] => {
  const found: number[] = [];
  let rest = BigInt(mask);
  for (let bit = 0; rest > 0n; bit++, rest >>= 1n) if (rest & 1n) found.push(bit);
  return found;
};

/** Turns by which of the values they have. */
export async function readPatterns(rowsOf: RowsOf, asked: Asked, values: readonly Value[], turns: number): Promise<Pattern[]> {
  const { from, params, isAfter, bad, tagsOf } = paramsOf(asked);
  const chosen = values.slice(0, MAX_VALUES);
  const sampled = asked.sampled * Math.max(1, Math.ceil(turns / MAX_PATTERN_TURNS));
  const bits = chosen.map((_, i) => `toUInt64(${1n << BigInt(i)})`).join(', ');
  const mask = `arraySum(arrayMap(t -> transform(t, {chosen:Array(String)}, [${bits}], toUInt64(0)), ${tagsOf(dimensionsOf(chosen))}))`;
  const rows = await rowsOf({
    sql: `SELECT toString(mask) AS mask_text, ${COUNTS} FROM ${from({ mask, bad, is_after: isAfter }, sampled)} GROUP BY mask`,
    params: { ...params, chosen: chosen.map(tagOf) },
  });
  return rows.map((row) => ({
    has: bitsOf(textOf(row, 'mask_text')),
    before: countsOf(row, 'was'),
    after: countsOf(row, 'is'),
  }));
}

export interface Operations {
  readonly components: readonly Component[];
  readonly edges: readonly CallEdge[];
}

const sizeOf = ({ since, onset, until }: Compared): number =>
  Math.max(1_000, Math.min((onset - since) / WINDOWS_BEFORE, (until - onset) / 2), (until - onset) / MAX_WINDOWS_AFTER);

interface WindowSum {
  readonly calls: number;
  readonly ms: number;
  readonly errors: number;
}
/** What operations did in windows before and after the onset. */
interface OperationWindows {
  /** Of the first window before the onset, which is below 0, and of the last. */
  readonly first: number;
  readonly last: number;
  readonly turnsIn: ReadonlyMap<number, number>;
  readonly byCallee: ReadonlyMap<string, ReadonlyMap<number, WindowSum>>;
  readonly edges: readonly CallEdge[];
}

export async function readOperationWindows(rowsOf: RowsOf, asked: Asked): Promise<OperationWindows> {
  const { from, params } = paramsOf(asked);
  const { since, onset, until } = asked.compared;
  const size = Math.ceil(sizeOf(asked.compared));
  const bucket = 'intDiv(toUnixTimestamp64Milli(ts) - {onset:Int64} - if(ts < fromUnixTimestamp64Milli({onset:Int64}, \'UTC\'), {size:Int64} - 1, 0), {size:Int64})'; // prettier-ignore
  const rows = await rowsOf({
    sql: `SELECT bucket, edge.1 AS caller, edge.2 AS callee, sum(edge.3) AS n_calls, sum(edge.4) AS ms, sum(edge.5) AS n_errors
      FROM ${from({ bucket, edge: 'arrayJoin(edges)', ts: 'ts' }, asked.sampled)} GROUP BY bucket, caller, callee ORDER BY n_calls DESC LIMIT ${MAX_EDGES * 10}`,
    params: { ...params, size },
  });
  const turnRows = await rowsOf({
    sql: `SELECT bucket, count() AS n FROM ${from({ bucket, ts: 'ts' }, asked.sampled)} GROUP BY bucket`,
    params: { ...params, size },
  });
  const byCallee = new Map<string, Map<number, WindowSum>>();
  const edges = new Map<string, CallEdge>();
  for (const row of rows) {
    const [caller, callee, at] = [textOf(row, 'caller'), textOf(row, 'callee'), numberOf(row, 'bucket')];
    edges.set(JSON.stringify([caller, callee]), { caller, callee });
    const windows = byCallee.get(callee) ?? new Map<number, WindowSum>();
    byCallee.set(callee, windows);
    const sum = windows.get(at) ?? { calls: 0, ms: 0, errors: 0 };
    windows.set(at, { calls: sum.calls + numberOf(row, 'n_calls'), ms: sum.ms + numberOf(row, 'ms'), errors: sum.errors + numberOf(row, 'n_errors') }); // prettier-ignore
  }
  return {
    first: Math.ceil((since - onset) / size),
    last: Math.max(0, Math.ceil((until - onset) / size) - 1),
    turnsIn: new Map(turnRows.map((row) => [numberOf(row, 'bucket'), numberOf(row, 'n')])),
    byCallee,
    edges: [...edges.values()],
  };
}

/** What operations took or failed in windows before and after; `calls`: how often they were called in a turn. */
export function operationsIn({ first, last, turnsIn, byCallee, edges }: OperationWindows, what: 'time' | 'failures' | 'calls'): Operations {
  const components = [...byCallee].map(([id, windows]): Component => {
    const window = (at: number): Window => {
      const sum = windows.get(at);
      const turns = turnsIn.get(at) ?? 0;
      if (what === 'calls') return { calls: turns, value: turns > 0 ? (sum?.calls ?? 0) / turns : null };
      if (!sum || sum.calls === 0) return { calls: 0, value: null };
      return { calls: sum.calls, value: (what === 'time' ? sum.ms : sum.errors) / sum.calls };
    };
    const range = (from: number, to: number): Window[] => Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => window(from + i));
    return { id, before: range(first, -1), after: range(0, last) };
  });
  return { components, edges: what === 'calls' ? [] : edges };
} // prettier-ignore

/** Bad and other turns in buckets of time, to find the onset; by each of some conditions for what is bad. */
export async function readBuckets(rowsOf: RowsOf, { subject, compared, sampled }: Pick<Asked, 'subject' | 'compared' | 'sampled'>, bads: readonly string[], sizeMs: number): Promise<Bucket[][]> {
  const { from, params } = turnRowsOf(subject, compared);
  const columns = Object.fromEntries(bads.map((bad, i) => [`bad_${i}`, bad]));
  const counts = bads.map((_, i) => `countIf(bad_${i}) AS is_${i}`);
  const rows = await rowsOf({
    sql: `SELECT bucket, count() AS n, ${counts.join(', ')} FROM ${from({ bucket: 'intDiv(toUnixTimestamp64Milli(ts), {size:Int64})', ...columns }, sampled)} GROUP BY bucket ORDER BY bucket`,
    params: { ...params, size: sizeMs },
  });
  return bads.map((_, i) => rows.map((row) => ({ at: numberOf(row, 'bucket') * sizeMs, bad: numberOf(row, `is_${i}`), good: numberOf(row, 'n') - numberOf(row, `is_${i}`) })));
} // prettier-ignore
