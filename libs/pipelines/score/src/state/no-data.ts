import { type Baselines, CHANNELS, type Evidence, WINDOW_MS } from '@telltale/domain-detector';
import { createTimerQueue, type Effects } from '@telltale/streaming';
import { type Evaluator } from '../evaluator';
import { type DetectorOverrides } from './detector-overrides';
import { type Series, type SeriesTable } from './series';
import { type FalseAlarmBudget } from './false-alarm-budget';

/** Missing data counts as this rare: it lasted 13 usual gaps, and two and a half times the longest lately. */
const LOG_P = -13;

/** Series without data: their open anomalies end, and missing data is reported where data is expected. */
export interface NoDataDetector {
  /** A window of the series was scored, or an anomaly of it opened. */
  follow(series: Series): void;
  /** Ends and misses what is due until `until`, by event time. */
  settle(until: number, effects: Effects, onChanged: (series: Series) => void): void;
  /** Whether anything would be settled. */
  isDue(until: number): boolean;
}

export interface NoDataParts {
  readonly series: SeriesTable;
  readonly baselines: Baselines;
  readonly falseAlarms: FalseAlarmBudget;
  readonly overrides: Pick<DetectorOverrides, 'holidaysOf'>;
  readonly evaluator: Evaluator;
  /** Anomalies end when their series is silent this long, or three of its usual gaps. */
  readonly endsAfterMs: number;
}

export function createNoDataDetector({
  series: table,
  baselines,
  falseAlarms,
  overrides,
  evaluator,
  endsAfterMs,
}: NoDataParts): NoDataDetector {
  const queue = createTimerQueue();
  const queued = new Map<string, number>();

  const hasLoudAnomaly = ({ anomalies }: Series): boolean => anomalies.size > (anomalies.has('no_data') ? 1 : 0);
  const endsAt = (series: Series): number => {
    const usual = series.row < 0 ? 0 : 3 * Math.min(baselines.presence(series.row).meanGapMs, 30 * 60_000);
    return series.scored + WINDOW_MS + Math.max(endsAfterMs, Math.round(usual));
  };
  const noDataFrom = (series: Series): number =>
    baselines.noDataFrom(series.row, overrides.holidaysOf(series), series.holiday?.usualRow);
  const missedAt = (series: Series): number =>
    series.model?.noData && !series.isBackfill && series.missed !== series.scored ? noDataFrom(series) : Infinity;

  /** When to look at the series next; Infinity when nothing can be due before its next window. */
  function nextLook(series: Series): number {
    const missed = missedAt(series);
    const ends = hasLoudAnomaly(series) ? endsAt(series) : Infinity;
    if (Number.isFinite(missed) || Number.isFinite(ends)) return Math.min(missed, ends);
    return Infinity;
  }

  function enqueue(series: Series): void {
    const at = nextLook(series);
    const before = queued.get(series.id);
    // An entry that comes too early is put off when it comes up; one that would come too late must not be relied on.
    if (!Number.isFinite(at) || (before !== undefined && before <= at)) return;
    queued.set(series.id, at);
    queue.add({ at, key: series.id });
  }

  /** The next series for which something is due; those that had data meanwhile are put off. */
  function take(until: number): Series | undefined {
    for (let due = queue.takeUntil(until); due; due = queue.takeUntil(until)) {
      if (queued.get(due.key) !== due.at) continue;
      queued.delete(due.key);
      const series = table.get(due.key);
      if (!series) continue;
      if (nextLook(series) <= until) return series;
      enqueue(series);
    }
    return undefined;
  }

  function miss(series: Series, until: number): void {
    series.missed = series.scored;
    // What has one part only is reported by that part.
    if (series.isParent && series.parts.size < 2) return;
    const { meanGapMs, last } = baselines.presence(series.row);
    // When the whole service has no data, only its turns report it.
    const service = falseAlarms.lastOf(series.tenant, series.dimensions['service_name'] ?? '');
    if (series.metric !== 'turn.duration' && service <= last) return;
    const evidence: Evidence = {
      channel: 'no_data',
      logP: LOG_P,
      logAnHour: 0,
      direction: -1,
      isLarge: true,
      value: until - last,
      expected: meanGapMs,
      low: 0,
      high: Math.max(0, noDataFrom(series) - last),
      restsOn: baselines.presence(series.row).windows,
      seen: baselines.presence(series.row).windows,
    };
    evaluator.open(series, evidence, last + WINDOW_MS, false);
  }

  return {
    follow: enqueue,
    settle(until, effects, onChanged) {
      for (let series = take(until); series; series = take(until)) {
        if (hasLoudAnomaly(series) && endsAt(series) <= until) {
          const endedAt = series.scored + WINDOW_MS;
          for (const channel of CHANNELS)
            if (channel !== 'no_data' && series.anomalies.has(channel)) evaluator.close(series, channel, endedAt, effects);
        }
        if (missedAt(series) <= until) miss(series, until);
        onChanged(series);
        enqueue(series);
      }
    },
    isDue(until) {
      const series = take(until);
      if (series) enqueue(series);
      return series !== undefined;
    },
  };
}
