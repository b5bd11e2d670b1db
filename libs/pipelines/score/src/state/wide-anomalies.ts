import { MAX_WIDE_PARTS, TOPICS, type WideAnomalyRecord } from '@telltale/contracts';
import { activeParts, type Channel, CHANNELS, sharesSignal } from '@telltale/domain-detector';
import { isoTime, MINUTE_MS } from '@telltale/kernel';
import {
  type BatchState,
  countCuts,
  createBoundedKeys,
  createStateCodec,
  createStateSection,
  type Effects,
} from '@telltale/streaming';
import { type OpenAnomaly } from '../anomaly';
import { narrowIdsOf } from '../series-hierarchy';
import { type Series } from './series';

const LIMITS = { perTenant: 50, perTask: 5_000, idleMs: 25 * 60 * MINUTE_MS };
/** What begins within this time of a wide anomaly began with it. */
const TOGETHER_MS = 10 * MINUTE_MS;

interface Kept {
  /** Batch time of its last record. */
  readonly at: number;
  readonly record: WideAnomalyRecord;
}
const SECTION = createStateSection('y/', createStateCodec<Kept>(1));
const keyOf = ({ tenant, id }: WideAnomalyRecord): string => `${tenant}/${id}`;

/** Anomalies over all services of a tenant, as the task that holds those series broadcasts them: the series of services, which are in other tasks, name them as their parent. */
export interface WideAnomalies extends BatchState {
  add(record: WideAnomalyRecord): void;
  /** Id of the one that explains an anomaly of a series, or ''. */
  parentOf(series: Series, channel: Channel, anomaly: OpenAnomaly): string;
}

const isSameSignal = (wide: string, channel: Channel): boolean =>
  CHANNELS.some((one) => one === wide && (one === channel || sharesSignal(one, channel)));

function explains({ started_at: from, ended_at: to, channel: wide, direction, backfill }: WideAnomalyRecord, channel: Channel, anomaly: OpenAnomaly): boolean {
  const isTogether =
    anomaly.startedAt >= Date.parse(from) - TOGETHER_MS && (to === null || anomaly.startedAt <= Date.parse(to) + TOGETHER_MS);
  return isTogether && backfill === anomaly.backfill && direction === anomaly.peak.direction && isSameSignal(wide, channel);
} // prettier-ignore

export function createWideAnomalies(restored: ReadonlyMap<string, Buffer>): WideAnomalies {
  const kept = new Map(SECTION.restore(restored));
  /** Keys of wide anomalies by the ids of the series that they may explain. */
  const byNarrow = new Map<string, Set<string>>();
  const changed = new Set<string>();
  const bounded = createBoundedKeys(LIMITS, [...kept].map(([key, { at, record }]) => ({ tenant: record.tenant, key, at })));
  let now = 0;

  const narrowIds = (record: WideAnomalyRecord): string[] => record.parts.flatMap((part) => narrowIdsOf(record, part));
  function follow(key: string, record: WideAnomalyRecord): void {
    for (const id of narrowIds(record)) byNarrow.set(id, (byNarrow.get(id) ?? new Set()).add(key));
  }
  function forget(key: string, record: WideAnomalyRecord): void {
    for (const id of narrowIds(record)) {
      const keys = byNarrow.get(id);
      if (keys?.delete(key) && keys.size === 0) byNarrow.delete(id);
    }
  }
  for (const [key, { record }] of kept) follow(key, record);

  return {
    startBatch(time) {
      now = time;
    },
    add(record) {
      const key = keyOf(record);
      const before = kept.get(key);
      if (before) forget(key, before.record);
      kept.set(key, { at: now, record });
      follow(key, record);
      bounded.touch(record.tenant, key, now);
      changed.add(key);
    },
    parentOf(series, channel, anomaly) {
      // The latest, of those of one time the first by id.
      let found: WideAnomalyRecord | undefined;
      for (const key of byNarrow.get(series.id) ?? []) {
        const record = kept.get(key)?.record;
        if (!record || !explains(record, channel, anomaly)) continue;
        if (!found || record.started_at > found.started_at || (record.started_at === found.started_at && record.id < found.id)) found = record;
      }
      return found?.id ?? '';
    },
    flush(effects) {
      const cut = bounded.cut(now);
      for (const { key } of cut) {
        const gone = kept.get(key);
        if (!gone) continue;
        forget(key, gone.record);
        kept.delete(key);
        changed.add(key);
      }
      for (const key of changed) SECTION.put(effects, key, kept.get(key) ?? null);
      changed.clear();
      countCuts('wide_anomalies', cut, effects.count);
    },
    due: bounded.due,
  };
} // prettier-ignore

/** Sends an anomaly of a wide series that opened or ended to each of the tasks. */
export function broadcastWide(series: Series, channel: Channel, anomaly: OpenAnomaly, endedAt: number | null, partitions: number, effects: Effects): void {
  const { tenant, metric, dimensions } = series;
  const record: WideAnomalyRecord = {
    tenant,
    id: anomaly.id,
    metric,
    dimensions: { ...dimensions },
    channel,
    backfill: anomaly.backfill,
    started_at: isoTime(anomaly.startedAt),
    ended_at: endedAt === null ? null : isoTime(endedAt),
    direction: anomaly.peak.direction,
    parts: activeParts(series.breakdown ?? new Map()).slice(0, MAX_WIDE_PARTS),
  };
  const value = JSON.stringify(record);
  for (let partition = 0; partition < partitions; partition++)
    effects.write({ topic: TOPICS.wideAnomalies.name, partition, key: tenant, value });
} // prettier-ignore
