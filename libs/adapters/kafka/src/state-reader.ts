import { PermanentError } from '@telltale/kernel';
import { UNDECODABLE_BATCH_HEADER } from './kafkajs-undecodable-batch-patch';
import { type KafkaContext } from './kafka-options';
import { scanTopic } from './partition-scan';
import { type TopicAdmin } from './topic-admin';

const GATHER_MS = 20;

export interface StateReader {
  /** The newest value per key of one partition. The caller has fenced its writers. */
  read(topic: string, partition: number): Promise<ReadonlyMap<string, Buffer>>;
}

interface Waiting {
  readonly topic: string;
  readonly partition: number;
  readonly done: (state: Map<string, Buffer>) => void;
  readonly failed: (error: unknown) => void;
}

/** Reads state partitions; tasks that restore at the same moment, as after a rebalance, share one consumer. */
export function createStateReader(context: KafkaContext, admin: TopicAdmin): StateReader {
  let waiting: Waiting[] = [];

  async function readTogether(topic: string, group: readonly Waiting[]): Promise<void> {
    try {
      const offsets = await admin.offsetsOf(topic);
      const states = new Map(group.map(({ partition }) => [partition, new Map<string, Buffer>()]));
      const spans = offsets
        .filter(({ partition }) => states.has(partition))
        .map(({ partition, start, end }) => ({ partition, from: start, end }));
      await scanTopic(context, admin, context.options.clock, topic, spans, (records) => {
        for (const { partition, offset, key, value, headers } of records) {
          // A state with holes would give wrong results without a word.
          if (UNDECODABLE_BATCH_HEADER in headers)
            throw new PermanentError('undecodable', `${topic}/${partition}@${offset}: a batch of the state cannot be read (${headers[UNDECODABLE_BATCH_HEADER]})`); // prettier-ignore
          if (key === null) continue;
          if (value === null) states.get(partition)?.delete(key);
          else states.get(partition)?.set(key, value);
        }
        context.options.failpoint('during_restore');
      });
      for (const { partition, done } of group) done(states.get(partition) ?? new Map());
    } catch (error) {
      for (const { failed } of group) failed(error);
    }
  }

  function start(): void {
    const batch = waiting;
    waiting = [];
    for (const topic of new Set(batch.map((w) => w.topic))) void readTogether(topic, batch.filter((w) => w.topic === topic)); // prettier-ignore
  }

  return {
    read: (topic, partition) =>
      new Promise((done, failed) => {
        waiting.push({ topic, partition, done, failed });
        if (waiting.length === 1) setTimeout(start, GATHER_MS);
      }),
  };
}
