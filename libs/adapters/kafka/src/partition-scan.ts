import { type Clock, isTransient, TransientError } from '@telltale/kernel';
import { type LogRecord } from '@telltale/streaming';
import { createFetchClient } from './fetch-client';
import { protocolType } from './kafka-errors';
import { type KafkaContext } from './kafka-options';
import { type TopicAdmin } from './topic-admin';

export interface ScanSpan {
  readonly partition: number;
  readonly from: number;
  /** Reads up to this offset, exclusive. */
  readonly end: number;
}

const WAIT_MS = 100;
const RETRY_MS = 100;
const DEADLINE_MS = 120_000;

/**
 * Reads spans of one topic's partitions and calls `onRecords` in order per partition; committed records only. Ends when all spans are read.
 * What retention deletes meanwhile is left out. A leader that moves or restarts is waited for.
 */
export async function scanTopic(
  context: KafkaContext,
  admin: Pick<TopicAdmin, 'offsetsOf'>,
  clock: Clock,
  topic: string,
  spans: readonly ScanSpan[],
  onRecords: (records: LogRecord[]) => void,
): Promise<void> {
  const ends = new Map(spans.map(({ partition, end }) => [partition, end]));
  const left = new Map(spans.filter(({ from, end }) => end > from).map(({ partition, from }) => [partition, from]));
  if (left.size === 0) return;
  const move = (partition: number, to: number): void => {
    if (to >= (ends.get(partition) ?? 0)) left.delete(partition);
    else left.set(partition, to);
  };
  const deadline = clock.monotonic() + DEADLINE_MS;
  const client = createFetchClient(context);
  try {
    while (left.size > 0) {
      if (clock.monotonic() > deadline)
        throw new TransientError('unavailable', `read ${topic}: took longer than ${DEADLINE_MS} ms`);
      try {
        for (const { partition, records, next } of await client.fetch(new Map([[topic, left]]), WAIT_MS)) {
          const before = records.filter(({ offset }) => offset < (ends.get(partition) ?? 0));
          if (before.length > 0) onRecords(before);
          move(partition, next);
        }
      } catch (error) {
        if (!isTransient(error)) throw error;
        if (protocolType(error) === 'OFFSET_OUT_OF_RANGE')
          for (const { partition, start } of await admin.offsetsOf(topic)) {
            const at = left.get(partition);
            if (at !== undefined) move(partition, Math.max(at, start));
          }
        else await clock.sleep(RETRY_MS);
      }
    }
  } finally {
    await client.close();
  }
}
