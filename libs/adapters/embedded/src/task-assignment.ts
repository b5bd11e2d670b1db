import { type CommittedOffset, type TaskAssignment, type TaskOffsets, type LogRecord, type Failpoint } from '@telltale/streaming';
import { type Fence, type Storage } from './storage';

const READ_AGAIN_BYTES = 256 * 1024 * 1024;

/** Waits for the next commit, at most `ms`, or until `signal` aborts. */
export function nextCommit(storage: Storage, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      off();
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const off = storage.onCommit(done);
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}

export function createTaskAssignment(
  storage: Storage,
  fence: Fence,
  topics: readonly string[],
  lost: AbortController,
  failpoint: Failpoint,
): TaskAssignment {
  const { groupId, partition } = fence;
  const positions = new Map<string, number>();

  function take(maxRecords: number, maxBytes: number): LogRecord[] {
    const out: LogRecord[] = [];
    let bytes = 0;
    for (const [topic, from] of positions) {
      if (out.length >= maxRecords || bytes >= maxBytes) break;
      const got = storage.read(topic, partition, from, { maxRecords: maxRecords - out.length, maxBytes: maxBytes - bytes });
      const last = got.at(-1);
      if (!last) continue;
      positions.set(topic, last.offset + 1);
      for (const record of got) {
        out.push(record);
        bytes += record.value?.length ?? 0;
      }
    }
    return out;
  }

  return {
    groupId,
    partition,
    topics,
    lost: lost.signal,
    committed: () =>
      Promise.resolve(
        new Map<string, CommittedOffset>(
          topics.map((topic) => [
            topic,
            storage.committed(groupId, topic, partition) ?? { offset: storage.startOf(topic, partition), metadata: '' },
          ]),
        ),
      ),
    restoreState(stateTopic) {
      const state = storage.latestOf(stateTopic, partition);
      failpoint('during_restore');
      return Promise.resolve(state);
    },
    endOf: (topic) => Promise.resolve(storage.endOf(topic, partition)),
    seek: (topic, offset) => void positions.set(topic, offset),
    async poll({ maxRecords, maxBytes, waitMs }) {
      const records = take(maxRecords, maxBytes);
      if (records.length > 0 || waitMs <= 0) return records;
      await nextCommit(storage, waitMs, lost.signal);
      return lost.signal.aborted ? [] : take(maxRecords, maxBytes);
    },
    readRange(topic, from, end) {
      positions.set(topic, end);
      return Promise.resolve(storage.read(topic, partition, from, { maxRecords: end - from, maxBytes: READ_AGAIN_BYTES, end }));
    },
    transact: (outputs, offsets: TaskOffsets) => storage.transact(fence, outputs, offsets, () => failpoint('mid_transaction')),
    release: () => Promise.resolve(positions.clear()),
  };
}
