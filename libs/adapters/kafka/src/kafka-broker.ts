import { type Broker, type LogRecord } from '@telltale/streaming';
import { createGroupProgress } from './group-progress';
import { createContext, type KafkaBrokerOptions } from './kafka-options';
import { joinGroup } from './membership';
import { scanTopic } from './partition-scan';
import { createSender } from './sender';
import { createStateReader } from './state-reader';
import { tailTopics } from './tail-topics';
import { createTopicAdmin } from './topic-admin';

/** Transactions leave markers between records, so more offsets than records must be read. */
const MARKER_ROOM = 2;

const byTime = (a: LogRecord, b: LogRecord): number =>
  a.timestampMs - b.timestampMs || a.partition - b.partition || a.offset - b.offset;

/** The durable, partitioned log on Kafka. */
export function createKafkaBroker(options: KafkaBrokerOptions): Broker {
  const context = createContext(options);
  const admin = createTopicAdmin(context);
  const state = createStateReader(context, admin);
  const closing = new AbortController();
  const sender = createSender(context, admin);
  const pastMarkers = createGroupProgress(context, admin, options.clock);

  return {
    ensureTopics: (specs) => admin.ensureTopics(specs),

    produce: (records) => sender.send(records),

    join: (join) => joinGroup(context, admin, state, join),

    tail: (tail) => tailTopics(context, admin, { ...tail, signal: AbortSignal.any([tail.signal, closing.signal]) }),

    async newest(topic, limit, only) {
      const offsets = (await admin.offsetsOf(topic)).filter(({ partition }) => partition === (only ?? partition));
      for (let room = limit * MARKER_ROOM; ; room *= 4) {
        const spans = offsets.map(({ partition, start, end }) => ({ partition, from: Math.max(start, end - room), end }));
        const records: LogRecord[] = [];
        await scanTopic(context, admin, options.clock, topic, spans, (batch) => {
          for (const record of batch) records.push(record);
        });
        const isAll = spans.every(({ from, partition }) => from === offsets.find((o) => o.partition === partition)?.start);
        if (records.length < limit && !isAll) continue;
        return limit > 0 ? records.sort(byTime).slice(-limit) : [];
      }
    },

    async groupOffsets(groupId, topics) {
      const answer = await admin.committed(groupId, topics);
      const read = answer.map(async ({ topic, partitions }) => {
        const committed = partitions.map(({ partition, offset }) => ({ partition, offset: Number(offset) }));
        return [topic, await pastMarkers(topic, committed.filter(({ offset }) => offset >= 0))] as const; // prettier-ignore
      });
      return new Map(await Promise.all(read));
    },

    async describe(topics) {
      const existing = await admin.existing();
      return Promise.all(
        topics.filter((topic) => existing.has(topic)).map(async (name) => ({ name, partitions: await admin.offsetsOf(name) })),
      );
    },

    ping: () => admin.ping(),

    async close() {
      closing.abort();
      await sender.close();
      await admin.close();
    },
  };
}
