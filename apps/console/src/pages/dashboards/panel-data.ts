import { type Operations } from '@telltale/api-client';
import { type TimeSeries } from '../../design/chart/time-series';
import { countOf, durationOf, moneyOf } from '../../format/numbers';
import { timeOf } from '../../format/times';

export type DashboardPanel = Operations['getDashboard']['answer']['panels'][number];
type Form = DashboardPanel['form'];
type Unit = DashboardPanel['unit'];
export type PanelRow = Readonly<Record<string, unknown>>;

const NANO = 1e9;
const few = (value: number): string => (Math.abs(value) >= 100 ? countOf(Math.round(value)) : String(Number(value.toPrecision(3)))); // prettier-ignore
const AMOUNTS: Readonly<Record<Unit, (value: number) => string>> = {
  count: few,
  per_minute: few,
  per_hour: few,
  tokens: few,
  score: few,
  ms: durationOf,
  usd: (value) => moneyOf(value * NANO),
  usd_per_hour: (value) => moneyOf(value * NANO),
  share: (value) => `${Number((100 * value).toPrecision(2))} %`,
};
/** A value of a panel in words. */
export const amountIn = (unit: Unit): ((value: number) => string) => AMOUNTS[unit];

const COLUMN_UNITS: readonly (readonly [RegExp, Unit])[] = [[/_ms$/, 'ms'], [/_usd$/, 'usd'], [/_share$/, 'share']]; // prettier-ignore
/** Columns of tables say in their name what their numbers are. */
export const unitOfColumn = (name: string): Unit => COLUMN_UNITS.find(([pattern]) => pattern.test(name))?.[1] ?? 'count';

const asNumber = (value: unknown): number | null =>
  typeof value === 'number'
    ? value
    : typeof value === 'string' && value !== '' && Number.isFinite(Number(value))
      ? Number(value)
      : null;

/** Whether rows can be drawn over time: their first column is one. */
export const isOverTime = (rows: readonly PanelRow[]): boolean =>
  Object.keys(rows[0] ?? {})[0] === 'time' && Number.isFinite(timeOf(String(rows[0]?.['time'])));

/** Buckets without a row are drawn as a gap only where many are missing in a row: quiet bots have few values. */
const GAP_BUCKETS = 6;
/** Fewer points than this make no line. */
const FEW_POINTS = 3;

const TONES: Readonly<Record<string, TimeSeries['tone']>> = {
  answered: 'good',
  error: 'bad',
  fatal: 'bad',
  abandoned: 'warn',
  refused: 'warn',
  transferred: 'warn',
  warn: 'warn',
  unknown: 'quiet',
  '(other)': 'quiet',
  'all others': 'quiet',
  affected: 'bad',
};

function withGaps(points: readonly (readonly [number, number])[], step: number): [number, number | null][] {
  return points.flatMap(([at, value], nth): [number, number | null][] => {
    const before = points[nth - 1]?.[0] ?? at;
    return at - before > GAP_BUCKETS * step ? [[before + step, null], [at, value]] : [[at, value]]; // prettier-ignore
  });
}

/** The rows as series: one for each value of `series` and for each other column. What is counted is 0 where nothing came; what is measured is not. */
export function seriesOf(rows: readonly PanelRow[], form: Form, stepMs: number): TimeSeries[] {
  const columns = Object.keys(rows[0] ?? {}).filter((name) => name !== 'time' && name !== 'series');
  const found = new Map<string, Map<number, number>>();
  for (const row of rows) {
    const at = timeOf(String(row['time']));
    for (const column of columns) {
      const value = asNumber(row[column]);
      const of = 'series' in row ? String(row['series']) || '(none)' : column;
      const name = 'series' in row && columns.length > 1 ? `${of}: ${column}` : of;
      const points = found.get(name) ?? new Map<number, number>();
      found.set(name, points);
      if (value !== null) points.set(at, value);
    }
  }
  const times = [...new Set(rows.map((row) => timeOf(String(row['time']))))].sort((a, b) => a - b);
  return [...found].map(([name, points]) => {
    const tone = TONES[name];
    const own = [...points].sort(([a], [b]) => a - b);
    const isLine = form === 'line' && own.length >= FEW_POINTS;
    return {
      name,
      points: form === 'line' ? withGaps(own, stepMs) : times.map((at) => [at, points.get(at) ?? 0] as const),
      form: isLine ? 'line' : form === 'area' ? 'area' : 'bar',
      ...(tone && { tone }),
    };
  });
}

/** The first number of the first row. */
export function statOf(rows: readonly PanelRow[]): number | null {
  for (const value of Object.values(rows[0] ?? {})) {
    const number = asNumber(value);
    if (number !== null) return number;
  }
  return null;
}
