import { type EventLog } from '@telltale/engine';
import { classify } from './kafka-errors';
import { type KafkaContext } from './kafka-options';
import { soloGroup } from './partition-scan';
import { toLogRecord } from './records';
import { type TopicAdmin } from './topic-admin';

const TAIL_WAIT_MS = 100;

/** Follows topics without a group of note. Nothing written after the call is missed, also when the broker goes and comes. */
export async function tailTopics(
  { kafka }: KafkaContext,
  admin: TopicAdmin,
  { topics, from, signal, onRecords }: Parameters<EventLog['tail']>[0],
): Promise<void> {
  if (signal.aborted) return;
  const next = new Map<string, Map<number, number>>();
  for (const topic of topics) {
    const spans = await admin.offsetsOf(topic);
    next.set(topic, new Map(spans.map(({ partition, start, end }) => [partition, from === 'start' ? start : end])));
  }
  const consumer = kafka.consumer({
    groupId: soloGroup('tail'),
    maxWaitTimeInMs: TAIL_WAIT_MS,
    allowAutoTopicCreation: false,
    retry: { initialRetryTime: 100, retries: 10, restartOnFailure: () => Promise.resolve(!signal.aborted) },
  });
  let fail: (error: unknown) => void = () => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    fail = reject;
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
  });
  ended.catch(() => undefined);
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    for (const [topic, partitions] of Object.entries(payload.memberAssignment))
      for (const partition of partitions)
        consumer.seek({ topic, partition, offset: String(next.get(topic)?.get(partition) ?? 0) });
  });
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) fail(payload.error);
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: async ({ batch, resolveOffset, isStale }) => {
        if (signal.aborted || isStale()) return;
        await onRecords(batch.messages.map((message) => toLogRecord(batch.topic, batch.partition, message)));
        next.get(batch.topic)?.set(batch.partition, Number(batch.lastOffset()) + 1);
        resolveOffset(batch.lastOffset());
      },
    });
    await ended;
  } catch (error) {
    if (!signal.aborted) throw classify(error, `tail ${topics.join(', ')}`);
  } finally {
    await consumer.disconnect().catch(() => undefined);
  }
}
