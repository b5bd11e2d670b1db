import { type MeasureRecord, type SeriesWindowRow, TOPICS, measureRecord } from '@telltale/contracts';
import { BASELINE_TUNING, CHANNELS, closeChannel, scoreWindow, silenceOf, type Channel } from '@telltale/domain-baseline';
import { type LaneStage, type LogRecord } from '@telltale/engine';
import { DAY_MS, isoDay, isoTime, windowStart } from '@telltale/kernel';
import { createDueQueue } from '../stream/due-queue';
import { createEffects, type Effects } from '../stream/effects';
import { readRecord, reject } from '../stream/read-record';
import { anomalyOf, continueAnomaly, openAnomaly } from './anomaly';
import { type ScorerConfig } from './config';
import { newSeries, packSeries, type Series, unpackSeries } from './series';
import { type Bins, binsOf } from './sketch';
import { createWatermark, type WatermarkState } from './watermark';
import { addMeasure, openWindow, type OpenWindow, packWindow, pointsOf, quantileOf, unpackWindow } from './window';

const WINDOW_MS = BASELINE_TUNING.windowMs;
const LANE_KEY = 'lane';
const seriesKey = (id: string): string => `s/${id}`;
const windowKey = (id: string, start: number): string => `w/${id}/${start}`;
const dueKey = (id: string, start: number): string => `${id}/${start}`;
const splitKey = (key: string): { id: string; start: number } => {
  const at = key.lastIndexOf('/');
  return { id: key.slice(0, at), start: Number(key.slice(at + 1)) };
};

/**
 * One lane of the scorer. Windows close by event time, in order, when the watermark has passed them; what comes behind the
 * watermark waits a moment of range time instead, so that history can be brought in beside live data.
 */
export function openScoreLane(config: ScorerConfig, restored: ReadonlyMap<string, Buffer>): LaneStage {
  const all = new Map<string, Series>();
  const closing = createDueQueue(); // by window start
  const held = createDueQueue(); // by range time
  const silent = createDueQueue(); // by event time at which an anomaly ends unless its series speaks
  const laneState = restored.get(LANE_KEY);
  const watermark = createWatermark(
    { idleMs: config.SCORER_SOURCE_IDLE_MS, settleMs: config.SCORER_HOLD_MS },
    laneState ? (JSON.parse(laneState.toString()) as WatermarkState) : undefined,
  );
  const closesAt = (start: number): number => start + WINDOW_MS + config.SCORER_GRACE_MS;
  const silentFrom = (series: Series): number =>
    series.scored +
    WINDOW_MS +
    (series.baseline ? silenceOf(series.baseline, config.SCORER_SILENCE_MS) : config.SCORER_SILENCE_MS);

  for (const [key, value] of restored)
    if (key.startsWith('s/')) all.set(key.slice(2), unpackSeries(key.slice(2), value.toString()));
  for (const [key, value] of restored) {
    if (!key.startsWith('w/')) continue;
    const { id, start } = splitKey(key.slice(2));
    const window = unpackWindow(start, value.toString());
    all.get(id)?.windows.set(start, window);
    if (window.heldUntil > 0) held.add({ at: window.heldUntil, key: dueKey(id, start) });
    else closing.add({ at: start, key: dueKey(id, start) });
  }
  for (const series of all.values()) if (series.anomalies.size > 0) silent.add({ at: silentFrom(series), key: series.id });

  function admit(record: LogRecord, now: number, effects: Effects, changed: Set<Series>, touched: Map<OpenWindow, Series>): void {
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
    if (measure.count > 0) addToWindow(measure, bins, now, effects, changed, touched);
  }

  function addToWindow(
    measure: MeasureRecord,
    bins: Bins,
    now: number,
    effects: Effects,
    changed: Set<Series>,
    touched: Map<OpenWindow, Series>,
  ): void {
    const start = windowStart(Date.parse(measure.window_start), WINDOW_MS);
    let series = all.get(measure.series_id);
    const behind = watermark.current();
    const isHistoric = start + WINDOW_MS < now - config.SCORER_HISTORIC_AFTER_MS;
    if ((series && start <= series.scored) || (!isHistoric && start + WINDOW_MS < behind - config.SCORER_LATENESS_MS))
      return effects.count('late_measures');
    if (!series) {
      series = newSeries({
        id: measure.series_id,
        tenant: measure.tenant,
        metric: measure.metric,
        dimensions: measure.dimensions,
      });
      all.set(series.id, series);
      changed.add(series);
    }
    let window = series.windows.get(start);
    if (!window) {
      window = openWindow(start);
      series.windows.set(start, window);
      if (closesAt(start) > behind) closing.add({ at: start, key: dueKey(series.id, start) });
      else window.heldUntil = 1;
    }
    if (window.heldUntil > 0 && window.heldUntil !== now + config.SCORER_HOLD_MS) {
      window.heldUntil = now + config.SCORER_HOLD_MS;
      held.add({ at: window.heldUntil, key: dueKey(series.id, start) });
    }
    addMeasure(window, measure, bins);
    touched.set(window, series);
  }

  /** Scores the window and every earlier one of its series that is still open. */
  function close(series: Series, upTo: number, now: number, effects: Effects, changed: Set<Series>): number {
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
    const { start, count, sum, min, max, errors } = window;
    const points = pointsOf(window);
    const historic = start + WINDOW_MS < now - config.SCORER_HISTORIC_AFTER_MS;
    let expected: number | null = null;
    let best: number | null = null;
    if (series.model) {
      const { baseline, findings } = scoreWindow(series.baseline, { start, count, errors, points }, series.model);
      series.baseline = baseline;
      for (const finding of findings) {
        if (finding.score !== null) best = Math.max(best ?? -Infinity, finding.score);
        if (finding.channel === 'value' && finding.score !== null) expected = finding.expected;
        const open = series.anomalies.get(finding.channel);
        if (finding.edge === 'opened') {
          const opened = openAnomaly(series, finding, start, historic);
          series.anomalies.set(finding.channel, opened);
          silent.add({ at: start + WINDOW_MS + silenceOf(baseline, config.SCORER_SILENCE_MS), key: series.id });
          emit(series, finding.channel, null, effects);
        } else if (open && finding.edge === 'closed') emit(series, finding.channel, start, effects);
        else if (open) series.anomalies.set(finding.channel, continueAnomaly(open, finding));
      }
    }
    series.scored = start;
    const row: SeriesWindowRow = {
      tenant: series.tenant,
      series_id: series.id,
      metric: series.metric,
      dimensions: { ...series.dimensions },
      window_start: isoTime(start),
      count,
      sum,
      min,
      max,
      errors,
      p50: quantileOf(window, points, 0.5),
      p95: quantileOf(window, points, 0.95),
      expected,
      score: best,
      historic,
      expires_on: isoDay(now + config.SCORER_WINDOW_RETENTION_DAYS * DAY_MS),
    };
    effects.row('series_windows', JSON.stringify(row));
    effects.count('windows_scored');
  }

  function emit(series: Series, channel: Channel, endedAt: number | null, effects: Effects): void {
    const anomaly = series.anomalies.get(channel);
    if (!anomaly) return;
    const json = JSON.stringify(anomalyOf(series, channel, anomaly, endedAt));
    effects.output(TOPICS.anomalies, series.tenant, json);
    effects.row('anomalies', json);
    effects.count(endedAt === null ? 'anomalies_opened' : 'anomalies_closed');
    if (endedAt !== null) series.anomalies.delete(channel);
  }

  /** The next series in an anomaly that has been silent since `until`; those that spoke meanwhile are put off. */
  function takeSilent(until: number): Series | undefined {
    for (let due = silent.takeUntil(until); due; due = silent.takeUntil(until)) {
      const series = all.get(due.key);
      if (!series || series.anomalies.size === 0) continue;
      const at = silentFrom(series);
      if (at <= until) return series;
      silent.add({ at, key: series.id });
    }
    return undefined;
  }

  /** A series that fell silent in an anomaly: nothing says that it goes on. */
  function endSilent(until: number, effects: Effects, changed: Set<Series>): void {
    for (let series = takeSilent(until); series; series = takeSilent(until)) {
      const endedAt = series.scored + WINDOW_MS;
      for (const channel of CHANNELS) {
        if (!series.anomalies.has(channel)) continue;
        emit(series, channel, endedAt, effects);
        if (series.baseline) series.baseline = closeChannel(series.baseline, channel, endedAt);
      }
      changed.add(series);
    }
  }

  return {
    process(records, { now }) {
      const effects = createEffects();
      const changed = new Set<Series>();
      const touched = new Map<OpenWindow, Series>();
      const before = JSON.stringify(watermark.state());
      for (const record of records) admit(record, now, effects, changed, touched);
      watermark.advance(now);
      const reached = watermark.current();

      let left = config.SCORER_MAX_WINDOWS_PER_RANGE;
      for (let due = held.takeUntil(now); due; due = left > 0 ? held.takeUntil(now) : undefined) {
        const { id, start } = splitKey(due.key);
        const series = all.get(id);
        const window = series?.windows.get(start);
        if (series && window && window.heldUntil > 0 && window.heldUntil <= now)
          left -= close(series, start, now, effects, changed);
      }
      const lastStart = reached - WINDOW_MS - config.SCORER_GRACE_MS;
      while (left > 0) {
        const due = closing.takeUntil(lastStart);
        if (!due) break;
        const { id, start } = splitKey(due.key);
        const series = all.get(id);
        if (series?.windows.has(start)) left -= close(series, start, now, effects, changed);
      }
      // While windows are still to be scored nobody can be said to be silent.
      if (left > 0) endSilent(reached, effects, changed);

      for (const [window, series] of touched)
        if (series.windows.get(window.start) === window) effects.state(windowKey(series.id, window.start), packWindow(window));
      for (const series of changed) effects.state(seriesKey(series.id), packSeries(series));
      const after = JSON.stringify(watermark.state());
      if (after !== before) effects.state(LANE_KEY, after);
      return effects.done();
    },

    due(now) {
      const reached = watermark.at(now);
      const next = closing.peek();
      if ((held.peek()?.at ?? Infinity) <= now || (next !== undefined && closesAt(next.at) <= reached)) return true;
      const quiet = takeSilent(reached);
      if (quiet) silent.add({ at: silentFrom(quiet), key: quiet.id });
      return quiet !== undefined;
    },
  };
}
