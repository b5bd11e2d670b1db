import { MINUTE_MS, SECOND_MS } from '@telltale/kernel';
import { type Period } from '../define/params';

// Statements of panels: what POST /api/query takes and what Grafana's ClickHouse plugin takes, with the plugin's macros for the range.

/** What the rows of a panel are read from, and the time they are of. */
export interface Source {
  readonly from: string;
  readonly time: string;
}
export const TURNS: Source = { from: 'telltale.turns FINAL', time: 'first_minute' };
export const EVENTS: Source = { from: 'telltale.events_core', time: 'ts' };
export const OPERATIONS: Source = { from: 'telltale.operations_minute', time: 'minute' };
export const WINDOWS: Source = { from: 'telltale.series_windows_amended', time: 'window_start' };

/** Values that a chart shows by themselves; what is left is one more. */
const MOST_SERIES = 7;
const OTHERS = '(other)';

const hex = (character: string): string => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
/** A text as a literal. What Grafana or `expand` would take for a macro or a variable is written as its code. */
export const literal = (text: string): string => `'${text.replace(/[\\'$[\]{}\p{Cc}]/gu, hex)}'`;

/** Whose rows, and of which services; none named: of all. */
export interface Scope {
  readonly tenant: string;
  readonly services: readonly string[];
}

export function whereOf({ tenant, services }: Scope, { time }: Source, ...more: readonly string[]): string {
  const [first] = services;
  const ofServices =
    first === undefined ? [] : services.length === 1 ? [`service_name = ${literal(first)}`] : [`service_name IN (${services.map(literal).join(', ')})`];
  return [`tenant = ${literal(tenant)}`, `$__timeFilter(${time})`, ...ofServices, ...more].join(' AND ');
} // prettier-ignore

interface Series {
  readonly source: Source;
  readonly where: string;
  /** An expression for the name of a series; the columns are the series where there is none. */
  readonly by?: string;
  /** What the frequent values are chosen by. */
  readonly rank?: string;
  /** Expressions by the name of their column. */
  readonly values: Readonly<Record<string, string>>;
}

const columnsOf = (values: Series['values']): string => Object.entries(values).map(([name, expression]) => `${expression} AS ${name}`).join(', '); // prettier-ignore

/** Values over time, a series for each frequent value of `by`. */
export function seriesSql({ source: { from, time }, where, by, rank = 'sum(sampling_weight)', values }: Series): string {
  const at = `$__timeInterval(${time}) AS time`;
  if (by === undefined) return `SELECT ${at}, ${columnsOf(values)} FROM ${from} WHERE ${where} GROUP BY time ORDER BY time`;
  const frequent = `SELECT ${by} AS top FROM ${from} WHERE ${where} GROUP BY top ORDER BY ${rank} DESC, top LIMIT ${MOST_SERIES}`;
  const series = `if(${by} IN (${frequent}), toString(${by}), ${literal(OTHERS)}) AS series`;
  return `SELECT ${at}, ${series}, ${columnsOf(values)} FROM ${from} WHERE ${where} GROUP BY time, series ORDER BY time, series`;
}

interface Ranking {
  readonly source: Source;
  readonly where: string;
  readonly by: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, string>>;
  readonly order: string;
}
const MOST_ROWS = 12;

/** The first rows of a table of values. */
export function rankingSql({ source: { from }, where, by, values, order }: Ranking): string {
  return `SELECT ${columnsOf({ ...by, ...values })} FROM ${from} WHERE ${where} GROUP BY ${Object.keys(by).join(', ')} ORDER BY ${order} LIMIT ${MOST_ROWS}`;
}

export const UNHELPED = "outcome IN ('error', 'abandoned', 'refused', 'transferred')";
/** Measures, as expressions. Rows stand for as many as their sampling weight says; a share of nothing is no share. */
export const MEASURES = {
  perMinute: 'sum(sampling_weight) * 60 / $__interval_s',
  unhelped: `sumIf(sampling_weight, ${UNHELPED}) / nullIf(sumIf(sampling_weight, outcome != 'unknown'), 0)`,
  failed: "sumIf(sampling_weight, status = 'error') / nullIf(sum(sampling_weight), 0)",
  p50: 'quantileTDigest(0.5)(duration_ms)',
  p95: 'quantileTDigest(0.95)(duration_ms)',
  usdPerHour: 'sum(cost_nano_usd * sampling_weight) / 1e9 * 3600 / $__interval_s',
  usdEach: 'sum(cost_nano_usd * sampling_weight) / 1e9 / nullIf(sumIf(sampling_weight, cost_nano_usd IS NOT NULL), 0)',
  usd: 'sum(ifNull(cost_nano_usd, 0) * sampling_weight) / 1e9',
} as const;

const STEPS_S = [10, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400, 604_800] as const;
const BUCKETS = 90;
/** Seconds of the buckets that a range is drawn in: turns are by minute, so no less. */
export function stepOf({ since, until }: Period): number {
  const wanted = Math.max(MINUTE_MS, (until - since) / BUCKETS) / SECOND_MS;
  return STEPS_S.find((step) => step >= wanted) ?? 604_800;
}

/** The statement for a range, as the plugin would make it: macros are written out. */
export function expand(sql: string, { since, until }: Period): string {
  const step = stepOf({ since, until });
  const at = (ms: number): string => `fromUnixTimestamp64Milli(${Math.trunc(ms)}, 'UTC')`;
  return sql
    .replaceAll(/\$__timeFilter\(([\w.]+)\)/g, (_, column: string) => `${column} >= ${at(since)} AND ${column} < ${at(until)}`)
    .replaceAll(
      /\$__timeInterval\(([\w.]+)\)/g,
      (_, column: string) => `toStartOfInterval(toDateTime(${column}, 'UTC'), INTERVAL ${step} second, 'UTC')`,
    )
    .replaceAll('$__interval_s', String(step));
}
