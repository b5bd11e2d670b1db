import { isTransient } from '@telltale/kernel';
import { type Broker } from '@telltale/streaming';
import { createFetchClient } from './fetch-client';
import { classify, protocolType } from './kafka-errors';
import { type KafkaContext } from './kafka-options';
import { type TopicAdmin } from './topic-admin';

/** Until a record is there; the broker answers at once when one is. */
const WAIT_MS = 500;
const RETRY_MS = 500;

type Tail = Parameters<Broker['tail']>[0];

/** Follows topics without a consumer group. Returns every record written after the call, also across broker restarts. */
export async function tailTopics(context: KafkaContext, admin: TopicAdmin, tail: Tail): Promise<void> {
  const { clock, logger } = context.options;
  const { topics, signal, onRecords } = tail;
  const positions = new Map<string, Map<number, number>>();
  for (const topic of topics) {
    const spans = await admin.offsetsOf(topic);
    const wanted = spans.filter(({ partition }) => partition === (tail.partition ?? partition));
    positions.set(topic, new Map(wanted.map(({ partition, start, end }) => [partition, tail.from === 'start' ? start : end])));
  }

  /** Retention has deleted what would be next. */
  async function skipDeleted(): Promise<void> {
    for (const [topic, offsets] of positions)
      for (const { partition, start } of await admin.offsetsOf(topic)) {
        const at = offsets.get(partition);
        if (at !== undefined && at < start) offsets.set(partition, start);
      }
  }

  const client = createFetchClient(context);
  const closeAtOnce = (): void => void client.close();
  signal.addEventListener('abort', closeAtOnce, { once: true });
  try {
    while (!signal.aborted) {
      try {
        for (const { topic, partition, records, next } of await client.fetch(positions, WAIT_MS)) {
          if (records.length > 0 && !signal.aborted) await onRecords(records);
          positions.get(topic)?.set(partition, next);
        }
      } catch (error) {
        if (signal.aborted) return;
        const failure = classify(error, `tail ${topics.join(', ')}`);
        if (!isTransient(failure)) throw failure;
        if (protocolType(error) === 'OFFSET_OUT_OF_RANGE') await skipDeleted();
        else {
          logger.warn('tail_interrupted', { topics, error: failure.message });
          await clock.sleep(RETRY_MS, signal);
        }
      }
    }
  } finally {
    signal.removeEventListener('abort', closeAtOnce);
    await client.close();
  }
}
