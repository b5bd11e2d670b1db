import { type LogRecord } from '@telltale/streaming';
import { type Clock } from '@telltale/kernel';
import { randomUUID } from 'node:crypto';
import { classify } from './kafka-errors';
import { type KafkaContext } from './kafka-options';
import { toLogRecord } from './records';

export interface ScanSpan {
  readonly partition: number;
  readonly from: number;
  /** Reads up to this offset, exclusive. */
  readonly end: number;
}

const SCAN_WAIT_MS = 100;
const SCAN_DEADLINE_MS = 120_000;
/** The group id of a consumer without a group: kafkajs can only join groups, so it joins a unique one. */
export const ephemeralGroupId = (purpose: string): string => `telltale.solo.${purpose}.${randomUUID()}`;

/**
 * Reads spans of one topic's partitions and calls `onRecords` in order per partition; committed records only. Ends when all spans are read.
 */
export async function scanTopic(
  { kafka }: KafkaContext,
  clock: Clock,
  topic: string,
  spans: readonly ScanSpan[],
  onRecords: (records: LogRecord[]) => void,
): Promise<void> {
  const left = new Map(spans.filter(({ from, end }) => end > from).map((span) => [span.partition, span]));
  if (left.size === 0) return;
  const consumer = kafka.consumer({
    groupId: ephemeralGroupId('scan'),
    maxWaitTimeInMs: SCAN_WAIT_MS,
    maxBytesPerPartition: 4 * 1024 * 1024,
    allowAutoTopicCreation: false,
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      const deadline = clock.monotonic() + SCAN_DEADLINE_MS;
      const settle = (partition: number, lastOffset: number): void => {
        const span = left.get(partition);
        if (!span || lastOffset + 1 < span.end) return;
        left.delete(partition);
        consumer.pause([{ topic, partitions: [partition] }]);
        if (left.size === 0) resolve();
      };
      consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
        for (const partition of payload.memberAssignment[topic] ?? []) {
          const span = left.get(partition);
          if (span) consumer.seek({ topic, partition, offset: String(span.from) });
          else consumer.pause([{ topic, partitions: [partition] }]);
        }
      });
      // Also emitted for batches with only control records, so the end is always seen.
      consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => settle(payload.partition, Number(payload.lastOffset)));
      consumer.on(consumer.events.FETCH, () => {
        if (clock.monotonic() > deadline) reject(new Error(`reading ${topic} took longer than ${SCAN_DEADLINE_MS} ms`));
      });
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      consumer
        .run({
          autoCommit: false,
          eachBatchAutoResolve: false,
          partitionsConsumedConcurrently: 4,
          eachBatch: ({ batch, resolveOffset }) => {
            const span = left.get(batch.partition);
            const records = batch.messages
              .map((message) => toLogRecord(topic, batch.partition, message))
              .filter((r) => span && r.offset >= span.from && r.offset < span.end);
            if (records.length > 0) onRecords(records);
            resolveOffset(batch.lastOffset());
            return Promise.resolve();
          },
        })
        .catch(reject);
    });
  } catch (error) {
    throw classify(error, `read ${topic}`);
  } finally {
    await consumer.disconnect().catch(() => undefined);
  }
}
