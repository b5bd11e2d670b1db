import { isWideMetric } from '@telltale/contracts';
import { modelOf } from '@telltale/domain-detector';
import { DAY_MS } from '@telltale/kernel';
import { badParameter } from '../../define/api-error';
import { type RowsOf } from '../../define/definition';
import { type Period } from '../../define/params';
import { filterBy, type Where, within } from '../../define/where';
import { SERVICE_OF_SERIES } from '../findings';
import { type StoredNumbers, type StoredSeries } from './replay';

/** Windows that one answer evaluates, over all settings that it tries: some ten seconds of a core. */
export const MAX_EVALUATED = 400_000;
const MAX_SERIES = 2_000;
/** History before the range, from which the detector learns what is usual; less where that is too much. */
export const WARM_UP_DAYS = [7, 3, 1] as const;

/** What of is to be replayed; `series` comes with those of its metric and service, which it is evaluated beside. */
export interface Scope {
  readonly series?: string | undefined;
  readonly service?: string | undefined;
  readonly metrics?: readonly string[] | undefined;
}

interface Candidate {
  readonly id: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Windows in the range and so many days before it, in the order of `WARM_UP_DAYS`. */
  readonly windows: readonly number[];
  readonly wasRaised: boolean;
}

export interface Chosen {
  readonly ids: readonly string[];
  readonly replayedFrom: number;
  readonly windows: number;
  readonly leftOut: number;
}

const whereOf = ({ service, metrics }: Scope, { since, until }: Period, warmUpDays: number): Where => {
  const { where, params } = within(filterBy({ [SERVICE_OF_SERIES]: service }), 'window_start', {
    since: since - warmUpDays * DAY_MS,
    until,
  });
  if (metrics === undefined) return { where: `${where} AND NOT late`, params };
  const names = Object.fromEntries(metrics.map((metric, i) => [`m${i}`, metric]));
  const list = Object.keys(names).map((name) => `{${name}:String}`).join(', '); // prettier-ignore
  return { where: `${where} AND NOT late AND metric IN (${list})`, params: { ...params, ...names } };
};

const isSilent = ({ metric, dimensions }: Candidate): boolean => modelOf(metric, dimensions) === null;

/** The series that is asked for first, then those of which an anomaly was raised, then those with most windows. */
const inOrder = (all: readonly Candidate[], asked: string | undefined): Candidate[] =>
  [...all].sort(
    (a, b) =>
      Number(b.id === asked) - Number(a.id === asked) ||
      Number(b.wasRaised) - Number(a.wasRaised) ||
      Number(isSilent(a)) - Number(isSilent(b)) ||
      (b.windows[0] ?? 0) - (a.windows[0] ?? 0) ||
      (a.id < b.id ? -1 : 1),
  );

/** As much history as there is room for, over all series; where even one day before the range is too much, fewer series. */
export function chooseSeries(all: readonly Candidate[], period: Period, tries: number, asked: string | undefined): Chosen {
  const most = Math.floor(MAX_EVALUATED / tries);
  const sumAt = (i: number): number => all.reduce((sum, { windows }) => sum + (windows[i] ?? 0), 0);
  const fits = WARM_UP_DAYS.findIndex((_, i) => sumAt(i) <= most);
  const at = fits < 0 ? WARM_UP_DAYS.length - 1 : fits;
  const ids: string[] = [];
  let windows = 0;
  for (const one of inOrder(all, asked)) {
    const own = one.windows[at] ?? 0;
    if (windows + own > most) {
      if (ids.length > 0) continue;
      throw badParameter(
        'since',
        `a series has ${own} windows since the day before, and ${most} are evaluated at each of ${tries} settings`,
        'ask for a shorter range, or try fewer settings',
      );
    }
    windows += own;
    ids.push(one.id);
  }
  return { ids, windows, leftOut: all.length - ids.length, replayedFrom: period.since - (WARM_UP_DAYS[at] ?? 1) * DAY_MS };
}

/** Series of the scope with windows in the range or before it, and how many. */
export async function readCandidates(rowsOf: RowsOf, scope: Scope, period: Period): Promise<Candidate[]> {
  const { where, params } = whereOf(scope, period, WARM_UP_DAYS[0]);
  const counts = WARM_UP_DAYS.map(
    (days) =>
      `countIf(window_start >= fromUnixTimestamp64Milli({since:Int64}, 'UTC') + toIntervalDay(${WARM_UP_DAYS[0] - days}))`,
  ).join(', ');
  const found = await rowsOf({
    // Selected first, for an alias of the same name as a column stands for the aggregate.
    sql: `SELECT series_id, any(metric) AS metric, any(dimensions) AS dimensions, [${counts}] AS windows,
        series_id IN (SELECT series_id FROM telltale.anomalies WHERE tenant = {tenant:String} AND started_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')) AS was_raised
      FROM (SELECT * FROM telltale.series_windows WHERE ${where}) GROUP BY series_id ORDER BY was_raised DESC, windows[1] DESC, series_id LIMIT ${MAX_SERIES}`,
    params,
  });
  const candidates = found.map((row) => ({
    id: String(row['series_id']),
    metric: String(row['metric']),
    dimensions: row['dimensions'] as Record<string, string>,
    windows: (row['windows'] as readonly (number | string)[]).map(Number),
    wasRaised: Boolean(row['was_raised']),
  }));
  // Their windows do not say which service did what, which their anomalies depend on.
  return candidates.filter(({ metric }) => !isWideMetric(metric));
}

/** The windows of these series, as the scorer judged them. */
export async function readSeries(rowsOf: RowsOf, ids: readonly string[], period: Period): Promise<StoredSeries[]> {
  if (ids.length === 0) return [];
  const { where, params } = within(filterBy({}), 'window_start', period);
  const found = await rowsOf({
    sql: `SELECT series_id, any(metric) AS metric, any(dimensions) AS dimensions,
        arraySort(groupArray((toUnixTimestamp(window_start) * 1000, count, sum, min, max, errors, p50, p95))) AS windows
      FROM (SELECT * FROM telltale.series_windows WHERE ${where} AND NOT late AND series_id IN {ids:Array(String)}) GROUP BY series_id ORDER BY series_id`,
    params: { ...params, ids },
  });
  return found.map((row) => ({
    id: String(row['series_id']),
    metric: String(row['metric']),
    dimensions: row['dimensions'] as Record<string, string>,
    windows: (row['windows'] as StoredNumbers[]).map((numbers) => numbers.map(Number)),
  }));
}

/**
 * Of the tenant's series that are evaluated, the share that these are, by the hours in which each has data. The budget of a tenant is shared
 * by all of them, so these have this share of it.
 */
export async function shareOfTenant(rowsOf: RowsOf, ids: readonly string[], period: Period): Promise<number> {
  const { where, params } = within(filterBy({}), 'window_start', period);
  const found = await rowsOf({
    sql: `SELECT metric, severity, sum(n) AS of_all, sum(k) AS of_these FROM (
        SELECT metric, dimensions['severity'] AS severity, toStartOfHour(window_start) AS of_hour, uniqExact(series_id) AS n, uniqExactIf(series_id, series_id IN {ids:Array(String)}) AS k
        FROM telltale.series_windows WHERE ${where} AND NOT late GROUP BY metric, severity, of_hour) GROUP BY metric, severity`,
    params: { ...params, ids },
  });
  let [all, these] = [0, 0];
  for (const row of found) {
    if (!modelOf(String(row['metric']), { severity: String(row['severity']), score_name: '' })) continue;
    all += Number(row['of_all']);
    these += Number(row['of_these']);
  }
  return all === 0 ? 1 : these / all;
}
