import {
  type Baselines,
  type Evidence,
  hasValues,
  LONG_COUNT,
  LONG_SPAN_MS,
  MAX_SINGLE_CALLS,
  RUN_COUNT,
  RUN_SPAN_MS,
  TRAFFIC_SPAN_MS,
  WINDOW_MS,
} from '@telltale/domain-detector';
import { type Series } from './state/series';
import { callsOf, cloneIfShared, mergeInto, openWindow, type OpenWindow, quantileOf } from './state/window';

/** What is to be known of a series; its runs move on with each window. */
export type EvaluatedSeries = Pick<Series, 'model' | 'row' | 'run' | 'longRun' | 'scored'> & {
  readonly parent: { readonly row: number } | null;
};

/** What each channel has to say of the next window of a series, and of the runs that it completes. `usualRow`: on a holiday, see `Baselines`. */
export function evidenceOfWindow(
  baselines: Baselines,
  series: EvaluatedSeries,
  window: OpenWindow,
  usualRow?: number,
): Evidence[] {
  const { model, row, parent } = series;
  if (!model) return [];
  const { start, count, errors } = window;
  const evidence = baselines.evaluateWindow(row, model, { start, count, errors }, parent?.row);
  if (model.shape === 'traffic') return evidenceOfTraffic(baselines, series, window, usualRow);
  if (!hasValues(model)) return evidence;
  if (count <= MAX_SINGLE_CALLS) evidence.push(...baselines.evaluateCalls(row, model, callsOf(window), start, usualRow));
  const end = start + WINDOW_MS;
  const run = mergeInto(series.run, window);
  const isRun = run.count >= RUN_COUNT || end - run.start >= RUN_SPAN_MS;
  series.run = isRun ? null : cloneIfShared(run, window);
  if (isRun) {
    const value = { end, count: run.count, p50: quantileOf(run, 0.5) };
    evidence.unshift(...baselines.evaluateRun(row, model, value, usualRow));
  }
  const long = mergeInto(series.longRun, window);
  const isLong = long.count >= LONG_COUNT || end - long.start >= LONG_SPAN_MS;
  series.longRun = isLong ? null : cloneIfShared(long, window);
  if (isLong) {
    const [p50, p95] = [quantileOf(long, 0.5), quantileOf(long, 0.95)];
    evidence.push(...baselines.evaluateLongRun(row, model, { end, count: long.count, p50, p95 }));
  }
  return evidence;
}

/** Counts from the end of the last run, so that the time in which nothing came counts as well, but no more than an hour of it. */
function evidenceOfTraffic(baselines: Baselines, series: EvaluatedSeries, window: OpenWindow, usualRow?: number): Evidence[] {
  const end = window.start + WINDOW_MS;
  const before = series.scored < 0 ? window.start : series.scored + WINDOW_MS;
  const since = Math.max(end - RUN_SPAN_MS, series.run?.start ?? before);
  const count = (series.run?.count ?? 0) + window.count;
  const spanMs = end - since;
  const isRun = (spanMs >= TRAFFIC_SPAN_MS && count >= RUN_COUNT) || spanMs >= RUN_SPAN_MS;
  series.run = isRun ? null : { ...openWindow(since), count };
  return isRun ? baselines.evaluateTraffic(series.row, { end, count, spanMs }, usualRow) : [];
}
