import { type Broker } from '@telltale/streaming';
import { isTransient } from '@telltale/kernel';
import { classify } from './kafka-errors';
import { type KafkaContext } from './kafka-options';
import { ephemeralGroupId } from './partition-scan';
import { toLogRecord } from './records';
import { type TopicAdmin } from './topic-admin';

const TAIL_WAIT_MS = 100;
const RETRY_MS = 500;

type Tail = Parameters<Broker['tail']>[0];
/** By topic and partition: the next offset to read. */
type Positions = ReadonlyMap<string, Map<number, number>>;

/** Runs one client; resolves when it is stopped, rejects when the client has failed. */
async function follow(
  { kafka }: KafkaContext,
  positions: Positions,
  { signal, onRecords, partition: only }: Omit<Tail, 'from'>,
): Promise<void> {
  const consumer = kafka.consumer({
    groupId: ephemeralGroupId('tail'),
    maxWaitTimeInMs: TAIL_WAIT_MS,
    allowAutoTopicCreation: false,
    retry: { initialRetryTime: 100, retries: 5, restartOnFailure: () => Promise.resolve(false) },
  });
  const ended = new Promise<void>((resolve, reject) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
  });
  ended.catch(() => undefined);
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    for (const [topic, partitions] of Object.entries(payload.memberAssignment))
      for (const partition of partitions) {
        const offset = positions.get(topic)?.get(partition);
        if (offset !== undefined) consumer.seek({ topic, partition, offset: String(offset) });
        else if (only !== undefined) consumer.pause([{ topic, partitions: [partition] }]);
        else consumer.seek({ topic, partition, offset: '0' });
      }
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...positions.keys()], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: async ({ batch, resolveOffset, isStale }) => {
        if (signal.aborted || isStale()) return;
        await onRecords(batch.messages.map((message) => toLogRecord(batch.topic, batch.partition, message)));
        positions.get(batch.topic)?.set(batch.partition, Number(batch.lastOffset()) + 1);
        resolveOffset(batch.lastOffset());
      },
    });
    await ended;
  } finally {
    await consumer.disconnect().catch(() => undefined);
  }
}

/** Follows topics without a consumer group. Returns every record written after the call, also across broker restarts. */
export async function tailTopics(context: KafkaContext, admin: TopicAdmin, tail: Tail): Promise<void> {
  const { clock, logger } = context.options;
  const positions = new Map<string, Map<number, number>>();
  for (const topic of tail.topics) {
    const spans = await admin.offsetsOf(topic);
    const wanted = spans.filter(({ partition }) => partition === (tail.partition ?? partition));
    positions.set(topic, new Map(wanted.map(({ partition, start, end }) => [partition, tail.from === 'start' ? start : end])));
  }
  while (!tail.signal.aborted) {
    try {
      await follow(context, positions, tail);
    } catch (error) {
      // A new client uses a new group, so it need not wait for the session of the failed one to time out.
      const failure = classify(error, `tail ${tail.topics.join(', ')}`);
      if (tail.signal.aborted) return;
      if (!isTransient(failure)) throw failure;
      logger.warn('tail_interrupted', { topics: tail.topics, error: failure.message });
      await clock.sleep(RETRY_MS, tail.signal);
    }
  }
}
