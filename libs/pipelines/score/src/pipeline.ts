import {
  type Measure,
  type MeasuresRecord,
  TOPICS,
  measuresRecord,
  detectorSettingRecord,
  wideAnomalyRecord,
  type WideAnomalyRecord,
} from '@telltale/contracts';
import { WINDOW_MS } from '@telltale/domain-detector';
import { MINUTE_MS, windowStart } from '@telltale/kernel';
import {
  allOf,
  createEffects,
  type Effects,
  type LogRecord,
  readOrReject,
  reject,
  type Rejection,
  type TaskProcessor,
} from '@telltale/streaming';
import { type ScorerConfig } from './config';
import { createDueWindows, type DueWindow } from './state/due-windows';
import { createLateParts } from './state/late-parts';
import { findWindow, NO_WINDOWS, splitWindows, withWindow } from './state/open-windows';
import { narrowIdsOf } from './series-hierarchy';
import { type Series, type SeriesKey } from './state/series';
import { createSeriesLimit } from './state/series-limit';
import { createSeriesState } from './state/series-state';
import { type Bins, binsOf } from './sketch';
import { createWatermark } from './state/watermark';
import { addMeasure, openWindow, type OpenWindow } from './state/window';
import { type Scored, windowRowOf } from './window-row';
import { createWindowScorer, type TaskPartition } from './window-scorer';

/** A clock may run ahead so far; windows beyond would be open until then. */
const MAX_AHEAD_MS = 10 * MINUTE_MS;

/** The rest of the record is taken; what goes to the DLQ could be sent again by itself. */
function rejectMeasure(record: LogRecord, alone: MeasuresRecord): Rejection {
  const tenant = alone.measures[0]?.tenant ?? '';
  const error = 'sketch: not the base64 of a DDSketch in protobuf form';
  const part = { value: JSON.stringify(alone), headers: { 'tt-tenant': tenant } };
  return { ...reject(record, 'invalid_field', 'read_measures', error, tenant), part };
}

/**
 * One task of the scorer. Windows close by event time, in order, when the watermark has passed them; what comes behind the
 * watermark waits a moment of batch time instead, so that history can be brought in beside live data. What comes for a window that was
 * scored, or far ahead of time, is a row of its own that adds to it: the sums over rows hold every measure, and the baseline learns
 * nothing from them.
 */
export function createScoreTask(
  config: ScorerConfig,
  place: TaskPartition,
  restored: ReadonlyMap<string, Buffer>,
): TaskProcessor {
  const scorer = createWindowScorer(config, place, restored);
  const { baselines, table, falseAlarms, overrides, evaluator, noData, limits, wide } = scorer;
  const closing = createDueWindows(); // by window start
  const held = createDueWindows(); // by batch time
  const late = createLateParts();
  const watermark = createWatermark({ idleMs: config.SCORER_SOURCE_IDLE_MS, settleMs: config.SCORER_LATE_BUFFER_MS }, restored);
  const kept = createSeriesState(table, baselines, restored);
  const state = allOf(watermark, kept, falseAlarms, overrides, wide);
  const closesAt = (start: number): number => start + WINDOW_MS + config.SCORER_GRACE_MS;

  for (const series of table.all())
    for (const { start, bufferedUntil } of series.windows)
      if (bufferedUntil > 0) held.add(bufferedUntil, { series, start });
      else closing.add(start, { series, start });
  for (const one of table.all()) {
    noData.follow(one);
    evaluator.restore(one);
  }
  const limit = createSeriesLimit({ table, evaluator, limits });

  function admit(record: LogRecord, now: number, effects: Effects): void {
    if (record.topic === TOPICS.detectorSettings.name) {
      const setting = readOrReject(record, detectorSettingRecord, 'read_detector_settings', effects);
      if (setting && overrides.add(setting)) for (const series of table.all()) noData.follow(series);
      return;
    }
    if (record.topic === TOPICS.wideAnomalies.name) {
      const found = readOrReject(record, wideAnomalyRecord, 'read_wide_anomalies', effects);
      if (found) nameWide(found, effects);
      return;
    }
    const said = readOrReject(record, measuresRecord, 'read_measures', effects);
    if (!said) return;
    const { measures, ...from } = said;
    watermark.add(from.source, from.watermark === null ? null : Date.parse(from.watermark));
    for (const measure of measures) {
      const bins = binsOf(measure);
      if (!bins) effects.reject(rejectMeasure(record, { ...from, measures: [measure] }));
      else if (measure.count > 0) addToSeries(measure, bins, now, effects);
    }
  }

  function nameWide(found: WideAnomalyRecord, effects: Effects): void {
    wide.add(found);
    for (const id of new Set(found.parts.flatMap((part) => narrowIdsOf(found, part)))) {
      const series = table.get(id);
      if (series && series.anomalies.size > 0) evaluator.nameWide(series, effects);
    }
  }

  /** Whether a window of `series` has been scored; one that is still to come was scored by a clock that has been set right since. */
  const isScored = (series: Series, start: number, now: number): boolean => start <= series.scored && series.scored <= now;
  const isOld = (start: number, now: number): boolean => start + WINDOW_MS < now - config.SCORER_BACKFILL_AFTER_MS;

  function addToSeries(measure: Measure, bins: Bins, now: number, effects: Effects): void {
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
      kept.add(series);
    }
    addToWindow(series, measure, bins, start, now);
    const { parent } = series;
    if (!parent?.isParent || isScored(parent, start, now)) return;
    kept.add(parent);
    addToWindow(parent, measure, bins, start, now);
  }

  function addToWindow(series: Series, measure: Measure, bins: Bins, start: number, now: number): void {
    let window = findWindow(series.windows, start);
    if (!window) {
      window = openWindow(start);
      series.windows = withWindow(series.windows, window);
      if (closesAt(start) > watermark.current()) closing.add(start, { series, start });
      else window.bufferedUntil = 1;
    }
    if (window.bufferedUntil > 0 && window.bufferedUntil !== now + config.SCORER_LATE_BUFFER_MS) {
      window.bufferedUntil = now + config.SCORER_LATE_BUFFER_MS;
      held.add(window.bufferedUntil, { series, start });
    }
    addMeasure(window, measure, bins);
    kept.addWindow(series, window);
  }

  /** Scores the window and every earlier one of its series that is still open. */
  function close(series: Series, upTo: number, now: number, effects: Effects): number {
    const [closed, left] = splitWindows(series.windows, upTo);
    series.windows = left;
    for (const window of closed) {
      kept.removeWindow(series, window.start);
      score(series, window, now, effects);
      kept.add(series);
    }
    return closed.length;
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

  /** What is open of it was not scored; it is stored all the same. */
  function drop(series: Series, now: number, effects: Effects): void {
    if (!series.isParent)
      for (const window of series.windows) {
        const unscored = { expected: null, score: null, backfill: isOld(window.start, now), late: true };
        writeRow(series, window, unscored, now, effects);
      }
    kept.remove(series);
    series.windows = NO_WINDOWS;
  }

  /** The window where it is still open: of the series, or of one that came in its place after it had been removed. */
  function open({ series, start }: DueWindow): { series: Series; window: OpenWindow } | null {
    const window = findWindow(series.windows, start);
    if (window) return { series, window };
    const now = table.get(series.id);
    const other = now && findWindow(now.windows, start);
    return other ? { series: now, window: other } : null;
  }

  return {
    process(records, { now }) {
      const effects = createEffects();
      state.startBatch(now);
      for (const record of records) admit(record, now, effects);
      watermark.advance();
      const reached = watermark.current();

      let left = config.SCORER_MAX_WINDOWS_PER_BATCH;
      for (let due = held.takeUntil(now); due; due = left > 0 ? held.takeUntil(now) : undefined) {
        const found = open(due);
        if (found && found.window.bufferedUntil > 0 && found.window.bufferedUntil <= now)
          left -= close(found.series, due.start, now, effects);
      }
      const lastStart = reached - WINDOW_MS - config.SCORER_GRACE_MS;
      while (left > 0) {
        const due = closing.takeUntil(lastStart);
        if (!due) break;
        const found = open(due);
        if (found?.window.bufferedUntil === 0) left -= close(found.series, due.start, now, effects);
      }
      // While windows are still to be scored nobody can be said to be silent.
      if (left > 0) noData.settle(reached, effects, kept.add);
      limit.cut(now, effects, (series) => drop(series, now, effects));
      evaluator.flush(effects, kept.add);
      writeLate(now, effects);
      state.flush(effects);
      return effects.done();
    },

    due(now) {
      const reached = watermark.at(now);
      if (held.earliest() <= now || closesAt(closing.earliest()) <= reached) return true;
      return noData.isDue(reached) || limit.due(now) || state.due(now);
    },
  };
}
