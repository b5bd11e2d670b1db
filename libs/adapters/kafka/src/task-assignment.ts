import { type CommittedOffset, type TaskAssignment, type LogRecord } from '@telltale/streaming';
import { FencedError, TransientError, type Clock } from '@telltale/kernel';
import { type Consumer } from 'kafkajs';
import { createTopicBuffer, heldBytes, type TopicBuffer } from './fetch-buffer';
import { type TaskProducer } from './task-producer';
import { type StateReader } from './state-reader';
import { type TopicAdmin } from './topic-admin';

const LOOK_AGAIN_MS = 2_000;
const ASK_AGAIN_MS = 500;

export interface OwnedTask extends TaskAssignment {
  /** Passes a batch of the client to the buffer of its topic. */
  offer(topic: string, records: readonly LogRecord[], fetchedFrom: number): void;
  /** After a rejoin: fetches again from the position of each buffer. */
  resync(): void;
  lose(): void;
}

export interface TaskParts {
  readonly groupId: string;
  readonly partition: number;
  readonly topics: readonly string[];
  readonly consumer: Pick<Consumer, 'pause' | 'resume' | 'seek'>;
  readonly producer: TaskProducer;
  readonly admin: TopicAdmin;
  readonly state: StateReader;
  readonly clock: Clock;
}

export function createOwnedTask({ groupId, partition, topics, consumer, producer, admin, state, clock }: TaskParts): OwnedTask {
  const lost = new AbortController();
  const buffers = new Map<string, TopicBuffer>();
  const paused = new Set<string>();
  const asking = new Set<string>();
  let turn = 0;
  let wake: () => void = () => undefined;

  /** While the client reconnects, it rejects this call; it rejoins afterwards, and `resync` repeats everything. */
  function tell(order: () => void): void {
    try {
      order();
    } catch {
      paused.clear();
    }
  }
  const pause = (topic: string): void => {
    paused.add(topic);
    tell(() => consumer.pause([{ topic, partitions: [partition] }]));
  };
  const resume = (topic: string): void => {
    paused.delete(topic);
    tell(() => consumer.resume([{ topic, partitions: [partition] }]));
  };
  const relieve = (buffer: TopicBuffer): void => {
    if (paused.has(buffer.topic) && !asking.has(buffer.topic) && buffer.isLow()) resume(buffer.topic);
  };
  const spanOf = async (topic: string) => (await admin.offsetsOf(topic)).find((each) => each.partition === partition);

  /** Seeks the client to the position of the buffer, but never below the log start, where the client would commit a position of its own. */
  async function ask(buffer: TopicBuffer): Promise<void> {
    const { topic } = buffer;
    pause(topic);
    if (asking.has(topic)) return;
    asking.add(topic);
    for (let asked = -1; asked !== buffer.next() && !lost.signal.aborted;) {
      try {
        const start = (await spanOf(topic))?.start ?? 0;
        buffer.skipTo(start);
        asked = buffer.next();
        tell(() => consumer.seek({ topic, partition, offset: String(asked) }));
      } catch {
        await clock.sleep(ASK_AGAIN_MS, lost.signal);
      }
    }
    asking.delete(topic);
    if (!lost.signal.aborted && !buffer.isFull()) resume(topic);
  }
  function restart(topic: string, offset: number): TopicBuffer {
    let buffer = buffers.get(topic);
    if (!buffer) buffers.set(topic, (buffer = createTopicBuffer(topic)));
    buffer.restart(offset);
    void ask(buffer);
    return buffer;
  }
  const arrival = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        lost.signal.removeEventListener('abort', done);
        wake = () => undefined;
        resolve();
      };
      const timer = setTimeout(done, ms);
      wake = done;
      lost.signal.addEventListener('abort', done, { once: true });
      if (lost.signal.aborted) done();
    });
  /** Each call starts with another topic, so that a busy topic does not starve the others. */
  function take(maxRecords: number, maxBytes: number): LogRecord[] {
    const all = [...buffers.values()];
    const first = all.length > 0 ? turn++ % all.length : 0;
    const out: LogRecord[] = [];
    let bytes = 0;
    for (const buffer of [...all.slice(first), ...all.slice(0, first)]) {
      if (out.length >= maxRecords || bytes >= maxBytes) break;
      for (const record of buffer.take(maxRecords - out.length, maxBytes - bytes)) {
        out.push(record);
        bytes += heldBytes(record);
      }
      relieve(buffer);
    }
    return out;
  }
  const own = (): void => {
    if (lost.signal.aborted) throw new FencedError(`${groupId} task ${partition} was revoked`);
  };

  return {
    groupId,
    partition,
    topics,
    lost: lost.signal,
    async committed() {
      own();
      const known = await producer.committed();
      const offsets = new Map<string, CommittedOffset>();
      for (const topic of topics)
        offsets.set(topic, known.get(topic) ?? { offset: (await spanOf(topic))?.start ?? 0, metadata: '' });
      return offsets;
    },
    async restoreState(stateTopic) {
      own();
      await producer.waitUntilVisible();
      return state.read(stateTopic, partition);
    },
    async endOf(topic) {
      own();
      return (await spanOf(topic))?.end ?? 0;
    },
    seek: (topic, offset) => void restart(topic, offset),
    async poll({ maxRecords, maxBytes, waitMs }) {
      const records = take(maxRecords, maxBytes);
      if (records.length > 0 || waitMs <= 0 || lost.signal.aborted) return records;
      await arrival(waitMs);
      return lost.signal.aborted ? [] : take(maxRecords, maxBytes);
    },
    async readRange(topic, from, end) {
      const buffer = restart(topic, from);
      const out: LogRecord[] = [];
      for (;;) {
        own();
        out.push(...buffer.take(Infinity, Infinity, end));
        relieve(buffer);
        if (out.at(-1)?.offset === end - 1 || (buffer.head() ?? -1) >= end) return out;
        await arrival(LOOK_AGAIN_MS);
        if (buffer.head() !== undefined || asking.has(topic)) continue;
        const span = await spanOf(topic);
        if (span && span.end < end)
          throw new TransientError(
            'unavailable',
            `${topic}/${partition} ends at ${span.end}, before ${end}: has the topic been recreated?`,
          );
        // Retention has deleted the records of the batch.
        if (!span || span.start >= end) break;
      }
      restart(topic, end);
      return out;
    },
    async transact(outputs, offsets) {
      own();
      await producer.transact(outputs, offsets);
    },
    async release() {
      for (const topic of topics) if (!lost.signal.aborted) pause(topic);
      buffers.clear();
      await producer.close();
    },
    offer(topic, records, fetchedFrom) {
      const buffer = buffers.get(topic);
      if (!buffer) return pause(topic);
      if (asking.has(topic)) return;
      if (!buffer.offer(records, fetchedFrom)) return void ask(buffer);
      if (buffer.isFull()) pause(topic);
      wake();
    },
    resync() {
      for (const topic of topics) {
        const buffer = buffers.get(topic);
        buffer?.distrust();
        if (buffer) void ask(buffer);
        else pause(topic);
      }
    },
    lose: () => lost.abort(),
  };
}
