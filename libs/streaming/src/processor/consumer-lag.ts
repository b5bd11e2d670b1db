import { type Clock, messageOf } from '@telltale/kernel';
import { type Broker, type LogRecord } from '../ports/broker';
import { type Logger, type Metrics } from '../ports/metrics';
import { groupLag } from '../service/group-lag';
import { type Topology } from '../service/define-service';

/** Minimum interval between queries to the broker. */
const REPORT_EVERY_MS = 15_000;

export interface ConsumerLagDeps {
  readonly topology: Pick<Topology, 'name' | 'groupId' | 'inputs'>;
  readonly broker: Pick<Broker, 'groupOffsets' | 'describe'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export interface ConsumerLag {
  /** The records that a task has read but not committed, ordered by offset within a topic; replaces the task's previous records. */
  pending(partition: number, records: readonly LogRecord[]): void;
  /** Removes a released task. */
  forget(partition: number): void;
  /** Sets the gauges when the interval is over. Call it often, also while retrying. */
  tick(): void;
}

/**
 * Consumer lag. In records: of the whole group, from the broker. In seconds: the age of the oldest record that a task of this process has
 * read but not committed, so it grows while a task is stalled.
 */
export function createConsumerLag({ topology, broker, clock, logger, metrics }: ConsumerLagDeps): ConsumerLag {
  const oldest = new Map<number, ReadonlyMap<string, number>>();
  let reportedAt = -Infinity;
  let isAsking = false;

  function reportSeconds(): void {
    for (const topic of topology.inputs) {
      const since = Math.min(...[...oldest.values()].map((of) => of.get(topic) ?? Infinity));
      const seconds = since === Infinity ? 0 : Math.max(0, clock.now() - since) / 1000;
      metrics.set('telltale_consumer_lag_seconds', { service: topology.name, topic }, seconds);
    }
  }

  async function reportRecords(): Promise<void> {
    if (isAsking) return;
    isAsking = true;
    try {
      for (const [topic, records] of await groupLag(broker, topology.groupId, topology.inputs))
        metrics.set('telltale_consumer_lag_records', { service: topology.name, topic }, records);
    } catch (error) {
      // The gauge keeps its value; the tasks report that the broker is unreachable.
      logger.debug('consumer_lag_unknown', { service: topology.name, error: messageOf(error) });
    } finally {
      isAsking = false;
    }
  }

  return {
    pending(partition, records) {
      const first = new Map<string, number>();
      for (const { topic, timestampMs } of records) if (!first.has(topic)) first.set(topic, timestampMs);
      oldest.set(partition, first);
    },
    forget: (partition) => void oldest.delete(partition),
    tick() {
      const now = clock.monotonic();
      if (now - reportedAt < REPORT_EVERY_MS) return;
      reportedAt = now;
      reportSeconds();
      void reportRecords();
    },
  };
}
