import { type Baselines, CHANNELS, type Evidence, WINDOW_MS } from '@telltale/domain-baseline';
import { createDueQueue } from '../stream/due-queue';
import { type Effects } from '../stream/effects';
import { type Judge } from './judge';
import { type Series, type SeriesTable } from './series';
import { type Tenants } from './tenants';

/** A silence counts as this rare: it lasted 13 usual gaps, and two and a half times the longest lately. */
const LOG_P = -13;

/** Series that say nothing any more: their anomalies end, and those that should be there are missed. */
export interface Silence {
  /** The series spoke, or an anomaly of it opened. */
  follow(series: Series): void;
  /** Ends and misses what is due until `until`, by event time. */
  settle(until: number, effects: Effects, changed: Set<Series>): void;
  /** Whether anything would be settled. */
  isDue(until: number): boolean;
}

export interface SilenceParts {
  readonly series: SeriesTable;
  readonly baselines: Baselines;
  readonly tenants: Tenants;
  readonly judge: Judge;
  /** Anomalies end when their series is silent this long, or three of its usual gaps. */
  readonly endsAfterMs: number;
}

export function createSilence({ series: table, baselines, tenants, judge, endsAfterMs }: SilenceParts): Silence {
  const queue = createDueQueue();
  const queued = new Map<string, number>();

  const hasLoudAnomaly = ({ anomalies }: Series): boolean => anomalies.size > (anomalies.has('silence') ? 1 : 0);
  const endsAt = (series: Series): number => {
    const usual = series.row < 0 ? 0 : 3 * Math.min(baselines.presence(series.row).meanGapMs, 30 * 60_000);
    return series.scored + WINDOW_MS + Math.max(endsAfterMs, Math.round(usual));
  };
  const missedAt = (series: Series): number =>
    series.model?.silence && !series.isHistoric && series.missed !== series.scored ? baselines.silentFrom(series.row) : Infinity;

  /** When to look at the series next; Infinity when nothing can be due without it speaking. */
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

  /** The next series for which something is due; those that spoke meanwhile are put off. */
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
    // What has one part only is told by that part.
    if (series.isWhole && series.parts.size < 2) return;
    const { meanGapMs, last } = baselines.presence(series.row);
    // When the whole service is quiet its turns tell it, and the rest need not.
    const service = tenants.lastOf(series.tenant, series.dimensions['service_name'] ?? '');
    if (series.metric !== 'turn.duration' && service <= last) return;
    const evidence: Evidence = {
      channel: 'silence',
      logP: LOG_P,
      logAnHour: 0,
      direction: -1,
      isLarge: true,
      value: until - last,
      expected: meanGapMs,
      low: 0,
      high: Math.max(0, baselines.silentFrom(series.row) - last),
      restsOn: baselines.presence(series.row).windows,
    };
    judge.open(series, evidence, last + WINDOW_MS, false);
  }

  return {
    follow: enqueue,
    settle(until, effects, changed) {
      for (let series = take(until); series; series = take(until)) {
        if (hasLoudAnomaly(series) && endsAt(series) <= until) {
          const endedAt = series.scored + WINDOW_MS;
          for (const channel of CHANNELS)
            if (channel !== 'silence' && series.anomalies.has(channel)) judge.close(series, channel, endedAt, effects);
        }
        if (missedAt(series) <= until) miss(series, until);
        changed.add(series);
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
