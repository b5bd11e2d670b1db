import { type EventLog, type LogRecord } from '@telltale/engine';
import { type Producer } from 'kafkajs';
import { chunkRecords } from './chunk';
import { classify } from './kafka-errors';
import { createContext, type KafkaLogOptions } from './kafka-options';
import { joinGroup } from './membership';
import { scanTopic, soloGroup } from './partition-scan';
import { toLogRecord } from './records';
import { createStateReader } from './state-reader';
import { createTopicAdmin } from './topic-admin';

const ACKS_ALL = -1;
const TAIL_WAIT_MS = 100;
/** Transactions leave markers between records, so more offsets than records must be asked for. */
const MARKER_ROOM = 2;

/** The durable, partitioned log on Kafka. */
export function createKafkaEventLog(options: KafkaLogOptions): EventLog {
  const context = createContext(options);
  const { kafka, compression } = context;
  const admin = createTopicAdmin(context);
  const state = createStateReader(context, admin);
  const closing = new AbortController();
  let spread = 0;
  let sending: Promise<Producer> | null = null;

  function sender(): Promise<Producer> {
    sending ??= (async () => {
      const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false });
      await producer.connect();
      return producer;
    })().catch((error: unknown) => {
      sending = null;
      throw classify(error, 'connect a producer');
    });
    return sending;
  }

  return {
    ensureTopics: (specs) => admin.ensureTopics(specs),

    async produce(records) {
      const rounds = await chunkRecords(records, admin.partitionsOf, () => spread++);
      const producer = await sender();
      try {
        for (const topicMessages of rounds) await producer.sendBatch({ acks: ACKS_ALL, compression, topicMessages });
      } catch (error) {
        sending = null;
        await producer.disconnect().catch(() => undefined);
        throw classify(error, 'produce');
      }
    },

    join: (join) => joinGroup(context, admin, state, join),

    async tail({ topics, from, signal, onRecords }) {
      const stop = AbortSignal.any([signal, closing.signal]);
      const consumer = kafka.consumer({
        groupId: soloGroup('tail'),
        maxWaitTimeInMs: TAIL_WAIT_MS,
        allowAutoTopicCreation: false,
        retry: { initialRetryTime: 100, retries: 10, restartOnFailure: () => Promise.resolve(!stop.aborted) },
      });
      try {
        await consumer.connect();
        await consumer.subscribe({ topics: [...topics], fromBeginning: from === 'start' });
        await consumer.run({
          autoCommit: false,
          eachBatchAutoResolve: false,
          eachBatch: async ({ batch, resolveOffset }) => {
            if (stop.aborted) return;
            await onRecords(batch.messages.map((message) => toLogRecord(batch.topic, batch.partition, message)));
            resolveOffset(batch.lastOffset());
          },
        });
        if (!stop.aborted) await new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve(), { once: true }));
      } catch (error) {
        if (!stop.aborted) throw classify(error, `tail ${topics.join(', ')}`);
      } finally {
        await consumer.disconnect().catch(() => undefined);
      }
    },

    async newest(topic, limit) {
      const offsets = await admin.offsetsOf(topic);
      const out: LogRecord[] = [];
      const spans = offsets.map(({ partition, start, end }) => ({
        partition,
        from: Math.max(start, end - limit * MARKER_ROOM),
        end,
      }));
      await scanTopic(context, options.clock, topic, spans, (records) => void out.push(...records));
      return out.sort((a, b) => a.timestampMs - b.timestampMs || a.partition - b.partition || a.offset - b.offset).slice(-limit);
    },

    async groupOffsets(groupId, topics) {
      const answer = await admin.committed(groupId, topics);
      return new Map(
        answer.map(({ topic, partitions }) => [
          topic,
          partitions
            .filter(({ offset }) => Number(offset) >= 0)
            .map(({ partition, offset }) => ({ partition, offset: Number(offset) })),
        ]),
      );
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
      await sending?.then((producer) => producer.disconnect()).catch(() => undefined);
      sending = null;
      await admin.close();
    },
  };
}
