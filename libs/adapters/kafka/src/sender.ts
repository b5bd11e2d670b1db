import { type OutputRecord, RecordsTooLarge, topicsOf } from '@telltale/streaming';
import { type Producer } from 'kafkajs';
import { chunkRecords } from './chunk';
import { classify } from './kafka-errors';
import { type KafkaContext, NEVER_REPEAT } from './kafka-options';
import { type TopicAdmin } from './topic-admin';

const ACKS_ALL = -1;
const MAX_RECORDS_TOGETHER = 20_000;

interface Waiting {
  readonly records: readonly OutputRecord[];
  /** Topics of the records: only callers with the same topics share a request, so a rejected one affects no others. */
  readonly topics: string;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

export interface Sender {
  send(records: readonly OutputRecord[]): Promise<void>;
  close(): Promise<void>;
}

/** Removes the callers with oversized records, and rejects those. */
function withoutOversized(callers: readonly Waiting[], { oversized }: RecordsTooLarge): Waiting[] {
  let from = 0;
  return callers.filter(({ records, failed }) => {
    const [first, end] = [from, (from += records.length)];
    const mine = oversized.filter(({ index }) => index >= first && index < end);
    if (mine.length > 0) failed(new RecordsTooLarge(mine.map((one) => ({ ...one, index: one.index - first }))));
    return mine.length === 0;
  });
}

/**
 * Idempotent producing without transactions. One request is in flight at a time; calls that arrive meanwhile share the next one, so that
 * many small callers share round trips.
 *
 * Acknowledged records are in the log exactly once: no request is retried, and a producer that has thrown is closed. After an error,
 * kafkajs resets its sequence numbers, also for partitions that have stored the records; the broker would then take the next records for
 * duplicates and acknowledge them without writing them.
 */
export function createSender(context: KafkaContext, admin: TopicAdmin): Sender {
  const { kafka, compression } = context;
  let open: Promise<Producer> | null = null;
  let waiting: Waiting[] = [];
  let sending: Promise<void> | null = null;
  let spread = 0;

  async function connect(): Promise<Producer> {
    const opened = kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      retry: NEVER_REPEAT,
    });
    try {
      await opened.connect();
      return opened;
    } catch (error) {
      await opened.disconnect().catch(() => undefined);
      throw error;
    }
  }
  async function discard(): Promise<void> {
    const closing = open;
    open = null;
    await closing?.then((opened) => opened.disconnect()).catch(() => undefined);
  }

  async function deliver(records: readonly OutputRecord[]): Promise<void> {
    const rounds = await chunkRecords(records, admin, () => spread++);
    try {
      const opened = await (open ??= connect());
      for (const topicMessages of rounds) await opened.sendBatch({ acks: ACKS_ALL, compression, topicMessages });
    } catch (error) {
      await discard();
      throw admin.forgetLimitIfTooLarge(topicsOf(records), classify(error, 'produce'));
    }
  }

  async function sendTogether(callers: readonly Waiting[]): Promise<void> {
    try {
      await deliver(callers.flatMap(({ records }) => records));
      for (const { done } of callers) done();
    } catch (error) {
      // Nothing was sent: the other callers can continue.
      const others = error instanceof RecordsTooLarge ? withoutOversized(callers, error) : [];
      if (others.length > 0) await sendTogether(others);
      else for (const { failed } of callers) failed(error);
    }
  }

  /** The caller that waits longest, and the others with the same topics. */
  function next(): Waiting[] {
    const topics = waiting[0]?.topics;
    const callers: Waiting[] = [];
    let count = 0;
    waiting = waiting.filter((one) => {
      if (one.topics !== topics || (count > 0 && count + one.records.length > MAX_RECORDS_TOGETHER)) return true;
      callers.push(one);
      count += one.records.length;
      return false;
    });
    return callers;
  }

  async function drain(): Promise<void> {
    while (waiting.length > 0) await sendTogether(next());
    sending = null;
  }

  return {
    send: (records) =>
      new Promise<void>((done, failed) => {
        const topics = [...topicsOf(records)].sort().join();
        waiting.push({ records, topics, done, failed });
        sending ??= drain();
      }),
    async close() {
      await sending;
      waiting = [];
      await discard();
    },
  };
}
