import { type TopicSpec } from '@telltale/contracts';
import {
  type CommittedOffset,
  type TaskOffsets,
  type LogRecord,
  type Metrics,
  type OutputRecord,
  type OversizedRecord,
  partitionFor,
  RecordsTooLarge,
} from '@telltale/streaming';
import { FencedError, hashId, isTransient, PermanentError, type Clock } from '@telltale/kernel';
import { open, type RootDatabase } from 'lmdb';
import { createGroupCommit } from './group-commit';
import { recordBytes, type Tables, type TopicMeta } from './log-usage';
import { decodeFrame, encodeFrame } from './record-frame';
import { createRetention } from './retention';
import { diskFull, diskRoomOf, isFull, writeFailure } from './write-failure';

export interface StorageOptions {
  /** Size limit of the log; unread records may exceed it. */
  readonly maxBytes?: number;
  readonly metrics?: Metrics | undefined;
}
export interface Fence {
  readonly groupId: string;
  readonly partition: number;
  readonly epoch: number;
}

/** LMDB keys have at most 1,978 bytes; longer state keys are hashed. */
const MAX_KEY_CHARS = 400;
const MAX_RECORD_BYTES = 64 * 1024 * 1024;
const onlyTransient = (error: unknown): void => {
  if (!isTransient(error)) throw error;
};
const compactKey = (key: string): string => (key.length > MAX_KEY_CHARS ? `#${hashId(40, key)}` : key);

/** The LMDB environment in a folder. */
export const openRoot = (path: string): RootDatabase =>
  open({
    path,
    maxDbs: 8,
    compression: false,
    mapSize: 1024 ** 3,
    remapChunks: false,
    // One promise per commit, including the flush: with either option on, LMDB creates further promises whose rejection nobody can catch.
    overlappingSync: false,
    eventTurnBatching: false,
  });

export const openTables = (root: RootDatabase): Tables => ({
  records: root.openDB({ name: 'records', encoding: 'binary' }),
  latest: root.openDB({ name: 'latest', encoding: 'msgpack' }),
  tombstones: root.openDB({ name: 'tombstones', encoding: 'msgpack' }),
  meta: root.openDB({ name: 'meta', encoding: 'msgpack' }),
});

/**
 * The log on disk: records by [topic, partition, offset], the newest offset per key of compacted topics, and meta (topics, ends, committed
 * offsets, fences), all in one LMDB environment, so one write transaction covers outputs, state and offsets.
 */
export function openStorage(path: string, clock: Clock, { maxBytes = Infinity, metrics }: StorageOptions = {}) {
  const root = openRoot(path);
  const tables = openTables(root);
  const { records, latest, tombstones, meta } = tables;
  const topics = new Map<string, TopicMeta>();
  const listeners = new Set<() => void>();
  let spread = 0;

  for (const { key, value } of meta.getRange({ start: ['topic', ''], end: ['topic', '\uffff'] }))
    topics.set(String(key[1]), value as TopicMeta);

  const topicOf = (name: string): TopicMeta => {
    const topic = topics.get(name);
    if (!topic)
      throw new PermanentError('not_found', `topic ${name} does not exist: start a service once, it creates the topics`);
    return topic;
  };
  const endOf = (name: string, partition: number): number => (meta.get(['end', name, partition]) as number | undefined) ?? 0;

  function startOf(name: string, partition: number): number {
    const { id } = topicOf(name);
    for (const key of records.getKeys({ start: [id, partition, 0], end: [id, partition + 1, 0], limit: 1 })) return key[2];
    return endOf(name, partition);
  }

  /** Must be called inside a write transaction. */
  function append(outputs: readonly OutputRecord[]): void {
    const ends = new Map<string, { name: string; partition: number; end: number; bytes: number }>();
    const now = clock.now();
    for (const output of outputs) {
      const topic = topicOf(output.topic);
      const partition = partitionFor(output, topic.partitions, () => spread++);
      const slot = `${output.topic}/${partition}`;
      let end = ends.get(slot);
      if (!end) ends.set(slot, (end = { name: output.topic, partition, end: endOf(output.topic, partition), bytes: 0 }));
      const offset = end.end++;
      const frame = encodeFrame(output, now);
      void records.put([topic.id, partition, offset], frame);
      if (!topic.compact) end.bytes += recordBytes(frame);
      if (topic.compact && output.key !== null) {
        const key: [number, number, string] = [topic.id, partition, compactKey(output.key)];
        const former = latest.get(key);
        if (former !== undefined) void records.remove([topic.id, partition, former]);
        void latest.put(key, offset);
        if (output.value === null) void tombstones.put([topic.id, partition, offset], key[2]);
      }
    }
    for (const { name, partition, end, bytes } of ends.values()) {
      void meta.put(['end', name, partition], end);
      if (bytes === 0) continue;
      const before = (meta.get(['bytes', name, partition]) as number | undefined) ?? 0;
      void meta.put(['bytes', name, partition], before + bytes);
    }
  }

  const commits = createGroupCommit(root, (error) => writeFailure(error, path, () => diskRoomOf(path)));
  /** Throws TransientError, without writing, when the log or the disk is temporarily full. */
  async function write<T>(action: () => T): Promise<T> {
    const result = await commits.write(action);
    for (const wake of listeners) wake();
    return result;
  }

  const retention = createRetention({ path, tables, topics, endOf, write, clock, maxBytes, metrics });

  function check(outputs: readonly OutputRecord[]): void {
    const oversized: OversizedRecord[] = [];
    for (const [index, { topic, value, partition }] of outputs.entries()) {
      const { partitions } = topicOf(topic);
      if (partition !== undefined && partition >= partitions)
        throw new PermanentError('invalid', `partition ${partition} of ${topic}: it has ${partitions}`);
      if (value !== null && value.length > MAX_RECORD_BYTES)
        oversized.push({ index, topic, bytes: value.length, limit: MAX_RECORD_BYTES });
    }
    if (oversized.length > 0) throw new RecordsTooLarge(oversized);
  }

  return {
    topicNames: () => [...topics.keys()],
    partitionsOf: (name: string) => topics.get(name)?.partitions ?? 0,
    startOf,
    endOf,
    onCommit: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    async ensureTopics(specs: readonly TopicSpec[], partitions: number): Promise<void> {
      const made = new Map<string, TopicMeta>();
      await write(() => {
        let next = 1 + Math.max(0, ...[...topics.values()].map((t) => t.id));
        for (const spec of specs) {
          if (topics.has(spec.name) || made.has(spec.name)) continue;
          const topic: TopicMeta = {
            id: next++,
            partitions: spec.partitions === 'configured' ? partitions : spec.partitions,
            compact: spec.cleanupPolicy === 'compact',
            retentionMs: spec.retentionMs,
          };
          void meta.put(['topic', spec.name], topic);
          made.set(spec.name, topic);
        }
      });
      for (const [name, topic] of made) topics.set(name, topic);
    },

    async produce(outputs: readonly OutputRecord[]): Promise<void> {
      check(outputs);
      if (outputs.length === 0) return;
      const room = diskRoomOf(path);
      if (isFull(room)) throw diskFull(path, room);
      // A record of a compacted topic replaces an earlier one, and tasks need settings before they can read anything.
      if (outputs.some(({ topic }) => !topicOf(topic).compact)) await retention.admit(outputs.length);
      await write(() => append(outputs));
    },

    /** Raises the epoch of a task: from now on, its previous owner is rejected. */
    fence: (groupId: string, partition: number, read: readonly string[]): Promise<Fence> =>
      write(() => {
        for (const topic of read)
          if (meta.get(['reader', groupId, topic]) === undefined) void meta.put(['reader', groupId, topic], true);
        const epoch = ((meta.get(['fence', groupId, partition]) as number | undefined) ?? 0) + 1;
        void meta.put(['fence', groupId, partition], epoch);
        return { groupId, partition, epoch };
      }),

    /** Writes outputs and offsets in one transaction; throws FencedError and writes nothing when the task has another owner. */
    async transact(fence: Fence, outputs: readonly OutputRecord[], offsets: TaskOffsets, midway: () => void): Promise<void> {
      check(outputs);
      // Tasks are never rejected: what they read can then be removed.
      if (retention.isOver()) await retention.cut().catch(onlyTransient);
      const taken = await write(() => {
        if (meta.get(['fence', fence.groupId, fence.partition]) !== fence.epoch) return false;
        append(outputs);
        midway();
        for (const [topic, committed] of offsets) void meta.put(['offset', fence.groupId, topic, fence.partition], committed);
        return true;
      });
      if (!taken) throw new FencedError(`${fence.groupId} partition ${fence.partition} has another owner`);
    },

    committed: (groupId: string, topic: string, partition: number): CommittedOffset | null =>
      (meta.get(['offset', groupId, topic, partition]) as CommittedOffset | undefined) ?? null,

    read(
      name: string,
      partition: number,
      from: number,
      limits: { readonly maxRecords: number; readonly maxBytes: number; readonly end?: number },
    ): LogRecord[] {
      const { id } = topicOf(name);
      const out: LogRecord[] = [];
      let bytes = 0;
      for (const { key, value } of records.getRange({
        start: [id, partition, from],
        end: [id, partition, limits.end ?? Number.MAX_SAFE_INTEGER],
        limit: limits.maxRecords,
      })) {
        out.push(decodeFrame(Buffer.from(value), name, partition, key[2]));
        bytes += value.length;
        if (bytes >= limits.maxBytes) break;
      }
      return out;
    },

    newest(name: string, partition: number, limit: number): LogRecord[] {
      const { id } = topicOf(name);
      return [
        ...records.getRange({ start: [id, partition, Number.MAX_SAFE_INTEGER], end: [id, partition, -1], reverse: true, limit }),
      ]
        .map(({ key, value }) => decodeFrame(Buffer.from(value), name, partition, key[2]))
        .reverse();
    },

    /** The newest value of every key in one partition of a compacted topic. */
    latestOf(name: string, partition: number): Map<string, Buffer> {
      const { id } = topicOf(name);
      const state = new Map<string, Buffer>();
      for (const { value: offset } of latest.getRange({ start: [id, partition, ''], end: [id, partition + 1, ''] })) {
        const frame = records.get([id, partition, offset]);
        if (!frame) continue;
        const { key, value } = decodeFrame(Buffer.from(frame), name, partition, offset);
        if (key !== null && value !== null) state.set(key, value);
      }
      return state;
    },

    prune: retention.prune,
    async close() {
      await retention.idle();
      await commits.idle();
      await root.close();
    },
  };
}
export type Storage = ReturnType<typeof openStorage>;
