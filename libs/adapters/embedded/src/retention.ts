import { type Metrics } from '@telltale/streaming';
import { type Clock, DAY_MS, TransientError } from '@telltale/kernel';
import { fairLevel, leastRead, type RecordKey, recordBytes, type Tables, type TopicMeta, usageOf } from './log-usage';
import { frameTimestamp } from './record-frame';

/** Maximum records removed in one transaction. */
const BATCH = 5_000;
/** A log at its limit is cut to this share of it, so that it is not cut again on every request. */
const CUT_TO = 0.9;
/** How long a tombstone is kept for the readers of a compacted topic. */
const TOMBSTONE_MS = DAY_MS;
const MEGABYTE = 1024 * 1024;

export interface RetentionOptions {
  readonly path: string;
  readonly tables: Tables;
  readonly topics: ReadonlyMap<string, TopicMeta>;
  readonly endOf: (topic: string, partition: number) => number;
  readonly write: <T>(action: () => T) => Promise<T>;
  readonly clock: Clock;
  readonly maxBytes: number;
  readonly metrics: Metrics | undefined;
}

/** Removes records past the retention of their topic, and the oldest ones when the log exceeds its limit; never unread ones. */
export function createRetention({ path, tables, topics, endOf, write, clock, maxBytes, metrics }: RetentionOptions) {
  const { records, latest, tombstones, meta } = tables;
  const usage = () => usageOf([records, latest, tombstones]);
  const isOver = (): boolean => usage().usedBytes > maxBytes;
  const bytesOf = (name: string, partition: number): number => (meta.get(['bytes', name, partition]) as number | undefined) ?? 0;
  const cutTopics = () => [...topics].filter(([, { compact }]) => !compact);
  const sizeOf = (name: string, { partitions }: TopicMeta): number =>
    Array.from({ length: partitions }, (_, partition) => bytesOf(name, partition)).reduce((sum, bytes) => sum + bytes, 0);

  /** Removes the oldest records while `isDue`; returns how many. */
  async function removeOldest(
    name: string,
    partition: number,
    why: 'age' | 'size',
    isDue: (frame: Buffer, offset: number, bytesBefore: number) => boolean,
  ): Promise<number> {
    const { id } = topics.get(name) as TopicMeta;
    let removed = 0;
    let bytes = 0;
    for (let more = true; more;) {
      const old: RecordKey[] = [];
      const before = bytes;
      const range = { start: [id, partition, 0] as RecordKey, end: [id, partition + 1, 0] as RecordKey, limit: BATCH };
      for (const { key, value } of records.getRange(range)) {
        if (!isDue(value, key[2], bytes)) break;
        old.push(key);
        bytes += recordBytes(value);
      }
      more = old.length === BATCH;
      if (old.length === 0) break;
      await write(() => {
        for (const key of old) void records.remove(key);
        void meta.put(['bytes', name, partition], Math.max(0, bytesOf(name, partition) - (bytes - before)));
      });
      removed += old.length;
    }
    if (removed > 0) metrics?.count('telltale_embedded_log_removed_total', { topic: name, why }, removed);
    return removed;
  }

  /** In one partition of a compacted topic: removes old tombstones, and those that a later record of the key has replaced. */
  async function removeTombstones(id: number, partition: number): Promise<void> {
    const before = clock.now() - TOMBSTONE_MS;
    for (let more = true; more;) {
      const old: { readonly at: RecordKey; readonly key: string }[] = [];
      const range = { start: [id, partition, 0] as RecordKey, end: [id, partition + 1, 0] as RecordKey, limit: BATCH };
      for (const { key: at, value: key } of tombstones.getRange(range)) {
        const frame = records.get(at);
        if (frame && frameTimestamp(frame) >= before) break;
        old.push({ at, key });
      }
      more = old.length === BATCH;
      if (old.length === 0) break;
      await write(() => {
        for (const { at, key } of old) {
          void tombstones.remove(at);
          if (latest.get([id, partition, key]) !== at[2]) continue;
          void latest.remove([id, partition, key]);
          void records.remove(at);
        }
      });
    }
  }

  async function removeOld(): Promise<number> {
    const least = leastRead(meta, topics);
    let removed = 0;
    for (const [name, topic] of cutTopics()) {
      const before = clock.now() - topic.retentionMs;
      for (let partition = 0; partition < topic.partitions; partition++) {
        const unreadFrom = least.get(`${name}/${partition}`)?.offset ?? Infinity;
        removed += await removeOldest(
          name,
          partition,
          'age',
          (frame, offset) => offset < unreadFrom && frameTimestamp(frame) < before,
        );
      }
    }
    for (const { id, partitions, compact } of topics.values())
      for (let partition = 0; compact && partition < partitions; partition++) await removeTombstones(id, partition);
    return removed;
  }

  async function cutTopic(name: string, topic: TopicMeta, size: number, excess: number): Promise<number> {
    const least = leastRead(meta, topics);
    let removed = 0;
    for (let partition = 0; partition < topic.partitions; partition++) {
      const unreadFrom = least.get(`${name}/${partition}`)?.offset ?? Infinity;
      const part = excess * (bytesOf(name, partition) / size);
      removed += await removeOldest(name, partition, 'size', (_, offset, bytes) => offset < unreadFrom && bytes < part);
    }
    return removed;
  }

  /** Cuts the largest topics to the same size, oldest records first. */
  async function cut(): Promise<void> {
    const unread = new Set<string>();
    for (;;) {
      const over = usage().usedBytes - maxBytes * CUT_TO;
      const candidates = cutTopics()
        .filter(([name]) => !unread.has(name))
        .map(([name, topic]) => ({ name, topic, size: sizeOf(name, topic) }))
        .filter(({ size }) => size > 0);
      if (over <= 0 || candidates.length === 0) return;
      const sizes = candidates.map(({ size }) => size);
      const level = fairLevel(sizes, Math.max(0, sizes.reduce((sum, size) => sum + size, 0) - over));
      for (const { name, topic, size } of candidates)
        if (size > level && (await cutTopic(name, topic, size, size - level)) === 0) unread.add(name);
    }
  }

  let cutting: Promise<void> | null = null;
  let last: Promise<unknown> = Promise.resolve();
  /** Serializes removals: two would take the same records. */
  function alone<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  }
  const cutOnce = (): Promise<void> => (cutting ??= alone(cut).finally(() => (cutting = null)));

  function full(): TransientError {
    const left = ({ topic, partition, offset }: { topic: string; partition: number; offset: number }) =>
      endOf(topic, partition) - offset;
    const behind = [...leastRead(meta, topics).values()].sort((a, b) => left(b) - left(a))[0];
    const reader =
      behind === undefined
        ? 'state needs all of it'
        : `the group ${behind.groupId} has not read ${left(behind)} records of ${behind.topic}: make sure that its service runs`;
    return new TransientError(
      'log_full',
      `the log in ${path} is full: it holds ${Math.round(usage().usedBytes / MEGABYTE)} MB, EMBEDDED_LOG_MAX_BYTES allows ${Math.round(maxBytes / MEGABYTE)} MB, and ${reader}, or raise EMBEDDED_LOG_MAX_BYTES`,
    );
  }

  return {
    isOver,
    /** Removes records that were read, when the log exceeds its limit. */
    cut: cutOnce,
    /** Throws TransientError when the log is full of records that must be kept. */
    async admit(count: number): Promise<void> {
      if (!isOver()) return;
      await cutOnce();
      if (!isOver()) return;
      metrics?.count('telltale_embedded_log_refused_total', {}, count);
      throw full();
    },
    /** Removes records past their retention, and records over the size limit; returns the number of the former. */
    async prune(): Promise<number> {
      const removed = await alone(removeOld);
      if (isOver()) await cutOnce();
      const { usedBytes, fileBytes } = usage();
      metrics?.set('telltale_embedded_log_bytes', { part: 'used' }, usedBytes);
      metrics?.set('telltale_embedded_log_bytes', { part: 'file' }, fileBytes);
      return removed;
    },
    /** Resolves when no removal is in progress. */
    idle: () => last,
  };
}
