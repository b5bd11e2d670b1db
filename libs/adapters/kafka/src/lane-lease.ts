import { type CommittedOffset, type LaneLease, type LogRecord } from '@telltale/engine';
import { FencedError } from '@telltale/kernel';
import { type Consumer } from 'kafkajs';
import { createTopicBuffer, type TopicBuffer } from './lane-buffer';
import { type LaneProducer } from './lane-producer';
import { type StateReader } from './state-reader';
import { type TopicAdmin } from './topic-admin';

const LOOK_AGAIN_MS = 2_000;

export interface OwnedLane extends LaneLease {
  /** Batches of the client, and what became of them. */
  offer(topic: string, records: readonly LogRecord[], fetchedFrom: number): void;
  /** After the group was joined anew: asks again from where each buffer stands. */
  resync(): void;
  lose(): void;
}

export interface LaneParts {
  readonly groupId: string;
  readonly lane: number;
  readonly topics: readonly string[];
  readonly consumer: Consumer;
  readonly producer: LaneProducer;
  readonly admin: TopicAdmin;
  readonly state: StateReader;
}

export function createOwnedLane({ groupId, lane, topics, consumer, producer, admin, state }: LaneParts): OwnedLane {
  const lost = new AbortController();
  const buffers = new Map<string, TopicBuffer>();
  const paused = new Set<string>();
  let wake: () => void = () => undefined;

  const pause = (topic: string): void => {
    paused.add(topic);
    consumer.pause([{ topic, partitions: [lane] }]);
  };
  const resume = (topic: string): void => {
    paused.delete(topic);
    consumer.resume([{ topic, partitions: [lane] }]);
  };
  function ask(buffer: TopicBuffer): void {
    consumer.seek({ topic: buffer.topic, partition: lane, offset: String(buffer.next()) });
    resume(buffer.topic);
  }
  function bufferOf(topic: string): TopicBuffer {
    let buffer = buffers.get(topic);
    if (!buffer) buffers.set(topic, (buffer = createTopicBuffer(topic)));
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
  function take(maxRecords: number, maxBytes: number): LogRecord[] {
    const out: LogRecord[] = [];
    for (const buffer of buffers.values()) {
      if (out.length >= maxRecords) break;
      out.push(...buffer.take(maxRecords - out.length, maxBytes));
      if (paused.has(buffer.topic) && buffer.isLow()) resume(buffer.topic);
    }
    return out;
  }

  return {
    groupId,
    lane,
    topics,
    lost: lost.signal,
    async committed() {
      const answer = await admin.committed(groupId, topics);
      const offsets = new Map<string, CommittedOffset>();
      for (const topic of topics) {
        const mine = answer.find((a) => a.topic === topic)?.partitions.find(({ partition }) => partition === lane);
        if (mine && Number(mine.offset) >= 0) offsets.set(topic, { offset: Number(mine.offset), metadata: mine.metadata ?? '' });
        else offsets.set(topic, { offset: (await admin.offsetsOf(topic))[lane]?.start ?? 0, metadata: '' });
      }
      return offsets;
    },
    restoreState: (stateTopic) => state.read(stateTopic, lane),
    seek(topic, offset) {
      const buffer = bufferOf(topic);
      buffer.restart(offset);
      ask(buffer);
    },
    async poll({ maxRecords, maxBytes, waitMs }) {
      const records = take(maxRecords, maxBytes);
      if (records.length > 0 || waitMs <= 0 || lost.signal.aborted) return records;
      await arrival(waitMs);
      return lost.signal.aborted ? [] : take(maxRecords, maxBytes);
    },
    async readRange(topic, from, end) {
      const buffer = bufferOf(topic);
      buffer.restart(from);
      ask(buffer);
      const out: LogRecord[] = [];
      while (!lost.signal.aborted && (out.at(-1)?.offset ?? -1) < end - 1) {
        const got = buffer.take(1, Infinity);
        if (got.length > 0) {
          if ((got[0] as LogRecord).offset >= end) break;
          out.push(...got);
        } else {
          await arrival(LOOK_AGAIN_MS);
          // Retention may have taken what the range held.
          if (buffer.held() === 0 && ((await admin.offsetsOf(topic))[lane]?.start ?? 0) >= end) break;
        }
        if (paused.has(topic) && buffer.isLow()) resume(topic);
      }
      if ((out.at(-1)?.offset ?? -1) !== end - 1) this.seek(topic, end);
      return out;
    },
    async transact(outputs, offsets) {
      if (lost.signal.aborted) throw new FencedError(`${groupId} lane ${lane} was taken away`);
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
      if (!buffer.offer(records, fetchedFrom)) return ask(buffer);
      if (buffer.isFull()) pause(topic);
      wake();
    },
    resync() {
      for (const topic of topics) {
        const buffer = buffers.get(topic);
        if (!buffer) pause(topic);
        else {
          buffer.distrust();
          ask(buffer);
          if (buffer.isFull()) pause(topic);
        }
      }
    },
    lose: () => lost.abort(),
  };
}
