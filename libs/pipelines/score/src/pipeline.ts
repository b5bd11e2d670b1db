import { type MeasureRecord, TOPICS, measureRecord, detectorSettingRecord } from '@telltale/contracts';
import { WINDOW_MS } from '@telltale/domain-detector';
import { MINUTE_MS, windowStart } from '@telltale/kernel';
import {
  countCuts,
  createEffects,
  createTimerQueue,
  type Effects,
  type LogRecord,
  readRecord,
  reject,
  type TaskProcessor,
} from '@telltale/streaming';
import { type ScorerConfig } from './config';
import { isVersionSeries } from './series-hierarchy';
import { createLateParts } from './state/late-parts';
import { type SeriesKey, packSeries, type Series, unpackSeries } from './state/series';
import { createSeriesLimit } from './state/series-limit';
import { type Bins, binsOf } from './sketch';
import { createWatermark, type WatermarkState } from './state/watermark';
import { addMeasure, openWindow, type OpenWindow, packWindow, unpackWindow } from './state/window';
import { type Scored, windowRowOf } from './window-row';
import { createWindowScorer } from './window-scorer';

const TASK_KEY = 'task';
/** A clock may run ahead so far; windows beyond would be open until then. */
const MAX_AHEAD_MS = 10 * MINUTE_MS;
const SERIES = 's/';
/** Parents are restored first, since their parts lean on them. */
const PARENT = 'p/';
/** Versions, restored last: they lean on series that are measured themselves. */
const VERSION = 'c/';
const WINDOW = 'w/';
const seriesKey = (series: Series): string => (series.isParent ? PARENT : isVersionSeries(series) ? VERSION : SERIES) + series.id;
const windowKey = (id: string, start: number): string => `${WINDOW}${id}/${start}`;
/** Parts come before their parent at the same time, so that it knows which of them depart. */
const dueKey = (series: Series, start: number): string => `${series.isParent ? 1 : 0}/${series.id}/${start}`;
const splitDue = (key: string): { id: string; start: number } => {
  const at = key.lastIndexOf('/');
  return { id: key.slice(2, at), start: Number(key.slice(at + 1)) };
};

export interface TaskPartition {
  readonly partition: number;
  /** How many tasks there are in all. */
  readonly partitions: number;
}

/**
 * One task of the scorer. Windows close by event time, in order, when the watermark has passed them; what comes behind the
 * watermark waits a moment of range time instead, so that history can be brought in beside live data. What comes for a window that was
 * scored, or far ahead of time, is a row of its own that adds to it: the sums over rows hold every measure, and the baseline learns
 * nothing from them.
 */
export function createScoreTask(
  config: ScorerConfig,
  place: TaskPartition,
  restored: ReadonlyMap<string, Buffer>,
): TaskProcessor {
  const scorer = createWindowScorer(config, place.partitions, restored);
  const { baselines, table, falseAlarms, overrides, evaluator, noData, limits } = scorer;
  const closing = createTimerQueue(); // by window start
  const held = createTimerQueue(); // by range time
  const late = createLateParts();
  const taskState = restored.get(TASK_KEY);
  const watermark = createWatermark(
    { idleMs: config.SCORER_SOURCE_IDLE_MS, settleMs: config.SCORER_LATE_BUFFER_MS },
    taskState ? (JSON.parse(taskState.toString()) as WatermarkState) : undefined,
  );
  const closesAt = (start: number): number => start + WINDOW_MS + config.SCORER_GRACE_MS;
  let changed = new Set<Series>();
  let touched = new Map<OpenWindow, Series>();

  for (const prefix of [PARENT, SERIES, VERSION])
    for (const [key, value] of restored) if (key.startsWith(prefix)) unpackSeries(key.slice(2), prefix === PARENT, value, table);
  for (const [key, value] of restored) {
    if (!key.startsWith(WINDOW)) continue;
    const at = key.lastIndexOf('/');
    const start = Number(key.slice(at + 1));
    const series = table.get(key.slice(WINDOW.length, at));
    if (!series) continue;
    const window = unpackWindow(start, value.toString());
    series.windows.set(start, window);
    if (window.bufferedUntil > 0) held.add({ at: window.bufferedUntil, key: dueKey(series, start) });
    else closing.add({ at: start, key: dueKey(series, start) });
  }
  for (const series of table.all()) noData.follow(series);
  const limit = createSeriesLimit({ table, evaluator, limits });

  function admit(record: LogRecord, now: number, effects: Effects): void {
    if (record.topic === TOPICS.detectorSettings.name) {
      const read = readRecord(record, detectorSettingRecord, 'read_detector_settings');
      if (read.kind === 'rejected') effects.reject(read.rejection);
      if (read.kind === 'ok' && overrides.apply(read.value, now)) effects.count('tuning_over_limit');
      return;
    }
    const read = readRecord<MeasureRecord>(record, measureRecord, 'read_measure');
    if (read.kind === 'rejected') effects.reject(read.rejection);
    if (read.kind !== 'ok') return;
    const measure = read.value;
    const bins = binsOf(measure);
    if (!bins)
      return effects.reject(
        reject(record, 'invalid_field', 'read_measure', 'sketch: not the base64 of a DDSketch in protobuf form', measure.tenant),
      );
    watermark.observe(measure.source, Date.parse(measure.watermark), now);
    if (measure.count > 0) addToSeries(measure, bins, now, effects);
  }

  /** Whether a window of `series` has been scored; one that is still to come was scored by a clock that has been set right since. */
  const isScored = (series: Series, start: number, now: number): boolean => start <= series.scored && series.scored <= now;
  const isOld = (start: number, now: number): boolean => start + WINDOW_MS < now - config.SCORER_BACKFILL_AFTER_MS;

  function addToSeries(measure: MeasureRecord, bins: Bins, now: number, effects: Effects): void {
    const start = windowStart(Date.parse(measure.window_start), WINDOW_MS);
    const before = table.get(measure.series_id);
    const isLate = !isOld(start, now) && start + WINDOW_MS < watermark.current() - config.SCORER_LATENESS_MS;
    const isAhead = start > now + MAX_AHEAD_MS;
    if ((before && isScored(before, start, now)) || isLate || isAhead) {
      effects.count(isAhead ? 'early_measures' : 'late_measures');
      return late.add(measure, bins, start);
    }
    const { series_id: id, tenant, metric, dimensions } = measure;
    const series = before ?? table.add({ id, tenant, metric, dimensions });
    if (!before) {
      limit.touch(series, now);
      changed.add(series);
    }
    addToWindow(series, measure, bins, start, now);
    const { parent } = series;
    if (!parent?.isParent || isScored(parent, start, now)) return;
    changed.add(parent);
    addToWindow(parent, measure, bins, start, now);
  }

  function addToWindow(series: Series, measure: MeasureRecord, bins: Bins, start: number, now: number): void {
    let window = series.windows.get(start);
    if (!window) {
      window = openWindow(start);
      series.windows.set(start, window);
      if (closesAt(start) > watermark.current()) closing.add({ at: start, key: dueKey(series, start) });
      else window.bufferedUntil = 1;
    }
    if (window.bufferedUntil > 0 && window.bufferedUntil !== now + config.SCORER_LATE_BUFFER_MS) {
      window.bufferedUntil = now + config.SCORER_LATE_BUFFER_MS;
      held.add({ at: window.bufferedUntil, key: dueKey(series, start) });
    }
    addMeasure(window, measure, bins);
    touched.set(window, series);
  }

  /** Scores the window and every earlier one of its series that is still open. */
  function close(series: Series, upTo: number, now: number, effects: Effects): number {
    const starts = [...series.windows.keys()].filter((start) => start <= upTo).sort((a, b) => a - b);
    for (const start of starts) {
      const window = series.windows.get(start);
      if (!window) continue;
      series.windows.delete(start);
      effects.state(windowKey(series.id, start), null);
      score(series, window, now, effects);
      changed.add(series);
    }
    return starts.length;
  }

  function score(series: Series, window: OpenWindow, now: number, effects: Effects): void {
    const { start } = window;
    const backfill = isOld(start, now);
    const verdict = scorer.score(series, window, backfill, effects);
    limit.touch(series, now);
    if (series.isParent) return;
    writeRow(series, window, { expected: verdict.expected, score: verdict.deviations, backfill, late: false }, now, effects);
  }

  function writeRow(about: SeriesKey, window: OpenWindow, scored: Scored, now: number, effects: Effects): void {
    const row = windowRowOf(about, window, scored, now, config.SCORER_WINDOW_RETENTION_DAYS);
    effects.row('series_windows', JSON.stringify(row));
  }

  function writeLate(now: number, effects: Effects): void {
    for (const { about, window } of late.drain())
      writeRow(about, window, { expected: null, score: null, backfill: isOld(window.start, now), late: true }, now, effects);
  }

  /** What is open of it was not judged; it is stored all the same. */
  function drop(series: Series, now: number, effects: Effects): void {
    for (const window of series.windows.values()) {
      effects.state(windowKey(series.id, window.start), null);
      const unjudged = { expected: null, score: null, backfill: isOld(window.start, now), late: true };
      if (!series.isParent) writeRow(series, window, unjudged, now, effects);
    }
    series.windows.clear();
    changed.delete(series);
    effects.state(seriesKey(series), null);
  }

  function take(key: string): { series: Series; start: number; window: OpenWindow } | null {
    const { id, start } = splitDue(key);
    const series = table.get(id);
    const window = series?.windows.get(start);
    return series && window ? { series, start, window } : null;
  }

  function writeState(effects: Effects, before: string): void {
    for (const [window, series] of touched)
      if (series.windows.get(window.start) === window) effects.state(windowKey(series.id, window.start), packWindow(window));
    for (const series of changed) effects.state(seriesKey(series), packSeries(series, baselines));
    countCuts(
      'services',
      falseAlarms.flush((key, value) => effects.state(key, value)),
      effects.count,
    );
    overrides.flush(
      (key, value) => effects.state(key, value),
      // Every task hears the same; one writes it down.
      (json) => place.partition === 0 && effects.row('detector_overrides', json),
    );
    const after = JSON.stringify(watermark.state());
    if (after !== before) effects.state(TASK_KEY, after);
  }

  return {
    process(records, { now }) {
      const effects = createEffects();
      changed = new Set();
      touched = new Map();
      const before = JSON.stringify(watermark.state());
      falseAlarms.begin(now);
      for (const record of records) admit(record, now, effects);
      watermark.advance(now);
      const reached = watermark.current();

      let left = config.SCORER_MAX_WINDOWS_PER_BATCH;
      for (let due = held.takeUntil(now); due; due = left > 0 ? held.takeUntil(now) : undefined) {
        const found = take(due.key);
        if (found && found.window.bufferedUntil > 0 && found.window.bufferedUntil <= now)
          left -= close(found.series, found.start, now, effects);
      }
      const lastStart = reached - WINDOW_MS - config.SCORER_GRACE_MS;
      while (left > 0) {
        const due = closing.takeUntil(lastStart);
        if (!due) break;
        const found = take(due.key);
        if (found?.window.bufferedUntil === 0) left -= close(found.series, found.start, now, effects);
      }
      // While windows are still to be scored nobody can be said to be silent.
      if (left > 0) noData.settle(reached, effects, changed);
      limit.cut(now, effects, (series) => drop(series, now, effects));
      evaluator.flush(effects);
      writeLate(now, effects);
      writeState(effects, before);
      return effects.done();
    },

    due(now) {
      const reached = watermark.at(now);
      const next = closing.peek();
      if ((held.peek()?.at ?? Infinity) <= now || (next !== undefined && closesAt(next.at) <= reached)) return true;
      return noData.isDue(reached) || limit.due(now) || falseAlarms.due(now);
    },
  };
}
