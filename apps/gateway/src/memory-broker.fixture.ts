import { type Broker, type LogRecord, type OutputRecord } from '@telltale/streaming';

type Reader = { readonly topics: readonly string[]; readonly onRecords: (records: readonly LogRecord[]) => void | Promise<void> };

const notHere = (): never => {
  throw new TypeError('the memory log has no groups');
};

/** An event log that keeps records in memory and can be made to fail. For tests and the benchmark of the receivers. */
export function createMemoryBroker() {
  const records: LogRecord[] = [];
  const readers = new Set<Reader>();
  let failure: Error | null = null;
  let keep = true;
  const broker: Broker = {
    async produce(outputs: readonly OutputRecord[]) {
      await Promise.resolve();
      if (failure) throw failure;
      if (!keep) return;
      for (const { topic, key, value, headers } of outputs) {
        const record: LogRecord = {
          topic,
          partition: 0,
          offset: records.length,
          key,
          value: value === null ? null : Buffer.from(value),
          headers: headers ?? {},
          timestampMs: 0,
        };
        records.push(record);
        for (const reader of readers) if (reader.topics.includes(topic)) await reader.onRecords([record]);
      }
    },
    async tail({ topics, from, signal, onRecords }) {
      const reader = { topics, onRecords };
      if (from === 'start') await onRecords(records.filter(({ topic }) => topics.includes(topic)));
      readers.add(reader);
      await new Promise<void>((resolve) =>
        signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true }),
      );
      readers.delete(reader);
    },
    newest: (topic, limit) =>
      failure ? Promise.reject(failure) : Promise.resolve(records.filter((record) => record.topic === topic).slice(-limit)),
    ensureTopics: () => Promise.resolve(),
    join: notHere,
    groupOffsets: notHere,
    describe: (topics) =>
      failure
        ? Promise.reject(failure)
        : Promise.resolve(topics.map((name) => ({ name, partitions: [{ partition: 0, start: 0, end: records.length }] }))),
    ping: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  return {
    broker,
    records,
    fail: (error: Error | null) => (failure = error),
    /** Accepts records without storing them. */
    forget: () => (keep = false),
  };
}
