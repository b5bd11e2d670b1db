import { type EventLog, type Log, type LogRecord, retryTransient } from '@telltale/engine';
import { type Clock, messageOf } from '@telltale/kernel';

const MOST_ROWS = 100_000;

export interface FollowOptions {
  readonly log: EventLog;
  readonly topic: string;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly logger: Log;
  readonly onRecord: (record: LogRecord) => void;
  readonly onLoaded: () => void;
}

/**
 * Keeps a compacted topic in memory: what it holds now, then every change. `newest` tells when "now" is reached, which a tail cannot; what
 * the tail brings again is passed over. Resolves when `signal` aborts.
 */
export async function followTable({ log, topic, signal, clock, logger, onRecord, onLoaded }: FollowOptions): Promise<void> {
  const seen = new Map<number, number>();
  const take = (records: readonly LogRecord[]): void => {
    for (const record of records) {
      if (record.offset <= (seen.get(record.partition) ?? -1)) continue;
      seen.set(record.partition, record.offset);
      onRecord(record);
    }
  };
  const retry = {
    clock,
    who: `follow/${topic}`,
    signal,
    onRetry: (error: string) =>
      logger.warn('table_feed_retries', { topic, error, runbook: 'docs/runbooks/backend-unreachable.md' }),
  };
  try {
    await retryTransient(async () => take([...(await log.newest(topic, MOST_ROWS))].sort((a, b) => a.offset - b.offset)), retry);
    if (signal.aborted) return;
    onLoaded();
    await retryTransient(() => log.tail({ topics: [topic], from: 'start', signal, onRecords: take }), retry);
  } catch (error) {
    if (signal.aborted) return;
    logger.error('table_feed_failed', { topic, error: messageOf(error) });
    throw error;
  }
}
