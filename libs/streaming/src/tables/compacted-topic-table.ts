import { type Clock, messageOf } from '@telltale/kernel';
import { type Broker, type LogRecord } from '../ports/broker';
import { type Logger } from '../ports/metrics';
import { retryTransient } from '../processor/backoff';

export interface FollowOptions {
  readonly broker: Broker;
  readonly topic: string;
  /** Only this one of its partitions. */
  readonly partition?: number;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onRecord: (record: LogRecord) => void;
  /** Called when the current content of the topic has been read. */
  readonly onLoaded: () => void;
}

/** The whole content of a topic, in order of offset. */
async function readAll(broker: Broker, topic: string, partition?: number): Promise<LogRecord[]> {
  const described = (await broker.describe([topic])).flatMap(({ partitions }) => partitions);
  const offsets = described
    .filter((one) => one.partition === (partition ?? one.partition))
    .reduce((sum, { start, end }) => sum + end - start, 0);
  return offsets > 0 ? (await broker.newest(topic, offsets, partition)).sort((a, b) => a.offset - b.offset) : [];
}

/**
 * Keeps a compacted topic in memory: reads its current content, then follows changes. `newest` knows when the current end is reached, which
 * a tail does not; records that the tail reads again are skipped. Resolves when `signal` aborts.
 */
export async function followCompactedTopic({
  broker,
  topic,
  partition,
  signal,
  clock,
  logger,
  onRecord,
  onLoaded,
}: FollowOptions): Promise<void> {
  const seen = new Map<number, number>();
  const deliver = (records: readonly LogRecord[]): void => {
    for (const record of records) {
      if (record.offset <= (seen.get(record.partition) ?? -1)) continue;
      seen.set(record.partition, record.offset);
      onRecord(record);
    }
  };
  const retry = {
    clock,
    caller: `follow/${topic}`,
    signal,
    onRetry: (error: string) =>
      logger.warn('compacted_topic_retries', { topic, error, runbook: 'docs/runbooks/backend-unreachable.md' }),
  };
  try {
    await retryTransient(async () => deliver(await readAll(broker, topic, partition)), retry);
    if (signal.aborted) return;
    onLoaded();
    await retryTransient(
      () =>
        broker.tail({
          topics: [topic],
          from: 'start',
          ...(partition === undefined ? {} : { partition }),
          signal,
          onRecords: deliver,
        }),
      retry,
    );
  } catch (error) {
    if (signal.aborted) return;
    logger.error('compacted_topic_failed', { topic, error: messageOf(error) });
    throw error;
  }
}
