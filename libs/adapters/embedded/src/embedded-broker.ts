import { type Broker, type Metrics, noFailpoint, type Failpoint, type TopicInfo } from '@telltale/streaming';
import { type Clock, isTransient } from '@telltale/kernel';
import { createTaskAssignment, nextCommit } from './task-assignment';
import { acquireStorage } from './shared-storage';
import { type Fence } from './storage';

export interface EmbeddedBrokerOptions {
  /** Folder of the LMDB environment; created when missing. */
  readonly path: string;
  readonly clock: Clock;
  /** Partition count of topics with `partitions: 'configured'`. */
  readonly partitions?: number;
  readonly failpoint?: Failpoint;
  /** Size limit of the log; unread records may exceed it. Absent: no limit. */
  readonly maxBytes?: number;
  readonly metrics?: Metrics;
}

const FENCE_AGAIN_MS = 1_000;
const TAIL_WAIT_MS = 1_000;
const TAIL_LIMITS = { maxRecords: 1_000, maxBytes: 8 * 1024 * 1024 };

/** The durable, partitioned log in a folder of this machine, for one process. */
export function createEmbeddedBroker(options: EmbeddedBrokerOptions): Broker {
  const { path, clock, partitions = 1, failpoint = noFailpoint, maxBytes = Infinity, metrics } = options;
  const shared = acquireStorage(path, clock, { maxBytes, metrics });
  const { storage, groups } = shared;
  const closed = new AbortController();

  const info = (name: string): TopicInfo => ({
    name,
    partitions: Array.from({ length: storage.partitionsOf(name) }, (_, partition) => ({
      partition,
      start: storage.startOf(name, partition),
      end: storage.endOf(name, partition),
    })),
  });

  /** Waits while the disk is full; returns null when the task is revoked meanwhile. */
  async function fenced(groupId: string, partition: number, read: readonly string[], lost: AbortSignal): Promise<Fence | null> {
    while (!lost.aborted)
      try {
        const fence = await storage.fence(groupId, partition, read);
        return lost.aborted ? null : fence;
      } catch (error) {
        if (!isTransient(error)) throw error;
        await clock.sleep(FENCE_AGAIN_MS, lost);
      }
    return null;
  }

  return {
    ensureTopics: (specs) => storage.ensureTopics(specs, partitions),
    produce: (records) => storage.produce(records),

    join({ groupId, topics, onAssigned }) {
      const working = new Set<Promise<void>>();
      let fail: (error: unknown) => void = () => undefined;
      const failed = new Promise<never>((_, reject) => (fail = reject));
      failed.catch(() => undefined);
      const member = {
        own(partition: number, lost: AbortController) {
          const mine = topics.filter((topic) => storage.partitionsOf(topic) > partition);
          const work = fenced(groupId, partition, mine, lost.signal)
            .then((fence) =>
              fence === null ? undefined : onAssigned(createTaskAssignment(storage, fence, mine, lost, failpoint)),
            )
            .catch(fail)
            .finally(() => working.delete(work));
          working.add(work);
        },
      };
      const leave = groups.join(groupId, Math.max(1, ...topics.map(storage.partitionsOf)), member);
      return Promise.resolve({
        failed,
        async leave() {
          leave();
          await Promise.all(working);
        },
      });
    },

    async tail({ topics, from, partition: only, signal, onRecords }) {
      const stop = AbortSignal.any([signal, closed.signal]);
      const positions = topics.flatMap((topic) =>
        info(topic)
          .partitions.filter(({ partition }) => partition === (only ?? partition))
          .map(({ partition, start, end }) => ({ topic, partition, next: from === 'start' ? start : end })),
      );
      while (!stop.aborted) {
        let idle = true;
        for (const position of positions) {
          const records = storage.read(position.topic, position.partition, position.next, TAIL_LIMITS);
          const last = records.at(-1);
          if (!last) continue;
          position.next = last.offset + 1;
          idle = false;
          await onRecords(records);
        }
        if (idle) await nextCommit(storage, TAIL_WAIT_MS, stop);
      }
    },

    newest(topic, limit, only) {
      const wanted = info(topic).partitions.filter(({ partition }) => partition === (only ?? partition));
      const all = wanted.flatMap(({ partition }) => storage.newest(topic, partition, limit));
      return Promise.resolve(all.sort((a, b) => a.timestampMs - b.timestampMs || a.offset - b.offset).slice(-limit));
    },
    groupOffsets: (groupId, topics) =>
      Promise.resolve(
        new Map(
          topics.map((topic) => [
            topic,
            info(topic).partitions.flatMap(({ partition }) => {
              const committed = storage.committed(groupId, topic, partition);
              return committed ? [{ partition, offset: committed.offset }] : [];
            }),
          ]),
        ),
      ),
    describe: (names) => Promise.resolve(names.filter((name) => storage.partitionsOf(name) > 0).map(info)),
    ping: () => Promise.resolve(),
    async close() {
      closed.abort();
      await shared.release();
    },
  };
}
