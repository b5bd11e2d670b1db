import { type OutputRecord } from '@telltale/engine';
import { isPermanent } from '@telltale/kernel';
import { type Producer } from 'kafkajs';
import { chunkRecords } from './chunk';
import { classify } from './kafka-errors';
import { type KafkaContext } from './kafka-options';
import { type TopicAdmin } from './topic-admin';

const ACKS_ALL = -1;
const MAX_TOGETHER = 20_000;

interface Waiting {
  readonly records: readonly OutputRecord[];
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

export interface Sender {
  send(records: readonly OutputRecord[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Plain, idempotent production. One request is under way at a time; what is asked for meanwhile goes together in the next, so
 * many small callers share round trips.
 */
export function createSender(context: KafkaContext, admin: TopicAdmin): Sender {
  const { kafka, compression } = context;
  let open: Promise<Producer> | null = null;
  let waiting: Waiting[] = [];
  let sending: Promise<void> | null = null;
  let spread = 0;

  function producer(): Promise<Producer> {
    open ??= (async () => {
      const opened = kafka.producer({ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false });
      await opened.connect();
      return opened;
    })();
    return open;
  }
  async function discard(): Promise<void> {
    const closing = open;
    open = null;
    await closing?.then((opened) => opened.disconnect()).catch(() => undefined);
  }

  async function deliver(records: readonly OutputRecord[]): Promise<void> {
    const rounds = await chunkRecords(records, admin.partitionsOf, () => spread++);
    try {
      const opened = await producer();
      for (const topicMessages of rounds) await opened.sendBatch({ acks: ACKS_ALL, compression, topicMessages });
    } catch (error) {
      const failure = classify(error, 'produce');
      // Its sequence numbers may be off now.
      if (failure.code !== 'too_large') await discard();
      throw failure;
    }
  }

  async function together(callers: readonly Waiting[]): Promise<void> {
    try {
      await deliver(callers.flatMap(({ records }) => records));
      for (const { done } of callers) done();
    } catch (error) {
      // What one caller sent wrong is no fault of the others.
      if (isPermanent(error) && callers.length > 1) for (const caller of callers) await together([caller]);
      else for (const { failed } of callers) failed(error);
    }
  }

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const callers: Waiting[] = [];
      for (let count = 0; waiting.length > 0 && (count === 0 || count < MAX_TOGETHER);) {
        const next = waiting.shift() as Waiting;
        callers.push(next);
        count += next.records.length;
      }
      await together(callers);
    }
    sending = null;
  }

  return {
    send: (records) =>
      new Promise<void>((done, failed) => {
        waiting.push({ records, done, failed });
        sending ??= drain();
      }),
    async close() {
      await sending;
      waiting = [];
      await discard();
    },
  };
}
