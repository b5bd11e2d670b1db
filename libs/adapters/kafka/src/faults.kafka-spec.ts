import { systemClock as clock } from '@telltale/platform-telemetry';
import { type TaskAssignment, type TaskOffsets, type OutputRecord } from '@telltale/streaming';
import { FencedError, isTransient, PermanentError, TransientError } from '@telltale/kernel';
import {
  eventually,
  createHarness,
  describeWithKafka,
  faultOnce,
  type KafkaProxy,
  randomFaults,
  requireKafka,
  startKafkaProxy,
  type TestKafka,
  silentLogger,
} from '@telltale/testkit';
import { ConfigResourceTypes } from 'kafkajs';
import { createKafkaBroker } from './kafka-broker';
import { createContext, type KafkaContext } from './kafka-options';
import { createTaskProducer } from './task-producer';
import { createTopicAdmin, type TopicAdmin } from './topic-admin';

// Lost or delayed requests and responses, and brokers that reject: what was acknowledged is stored once, what was committed took effect once.

jest.setTimeout(120_000);
const SMALL_LIMIT_BYTES = 10_000;
/** With a key, as compacted topics require. */
const out = (topic: string, value: string | Buffer): OutputRecord => ({
  topic,
  partition: 0,
  key: `${value.slice(0, 9).toString()}`,
  value,
});
const large = (topic: string): OutputRecord => out(topic, Buffer.alloc(2 * SMALL_LIMIT_BYTES));
const at = (topic: string, offset: number, metadata = ''): TaskOffsets => new Map([[topic, { offset, metadata }]]);

describeWithKafka('Kafka with faults', () => {
  let kafka: TestKafka;
  let proxy: KafkaProxy;
  let context: KafkaContext;
  let admin: TopicAdmin;
  let direct: ReturnType<typeof createKafkaBroker>;
  let faulty: ReturnType<typeof createKafkaBroker>;
  const { room, member, produce, newestIs, leaveAll } = createHarness(() => direct);
  beforeAll(async () => {
    kafka = await requireKafka();
    proxy = await startKafkaProxy(kafka.brokers[0] ?? '');
    const options = { clientId: 'faults', partitions: 2, replicationFactor: 1, clock, logger: silentLogger };
    context = createContext({ ...options, brokers: kafka.brokers });
    admin = createTopicAdmin(context);
    direct = createKafkaBroker({ ...options, brokers: kafka.brokers });
    faulty = createKafkaBroker({ ...options, brokers: proxy.brokers });
  }, 120_000);
  afterEach(async () => {
    proxy.use(null);
    await leaveAll();
  }, 60_000);
  afterAll(async () => {
    await faulty.close();
    await proxy.close();
    await admin.close();
    await direct.close();
    await kafka.stop();
  });

  async function setLimit(topic: string, bytes: number): Promise<void> {
    const broker = context.kafka.admin();
    await broker.connect();
    const configEntries = [{ name: 'max.message.bytes', value: String(bytes) }];
    await broker.alterConfigs({
      validateOnly: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries }],
    });
    await broker.disconnect();
  }
  async function withRetry<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!isTransient(error)) throw error;
        await clock.sleep(5);
      }
    }
  }
  /** How often each value is in the topics. */
  async function found(...topics: readonly string[]): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    for (const topic of topics)
      for (const { value } of await withRetry(() => direct.newest(topic, 100_000))) {
        const text = value?.toString() ?? '';
        counts.set(text, (counts.get(text) ?? 0) + 1);
      }
    return counts;
  }

  it('says where many topics begin and end, asked at once, after its connection was lost', async () => {
    const rooms = await Promise.all(Array.from({ length: 12 }, () => room()));
    const topics = rooms.flatMap(({ input, output, state }) => [input, output, state]);
    for (const topic of topics) await admin.offsetsOf(topic);
    await expect(admin.ask('lose it', () => Promise.reject(new Error('connection lost')))).rejects.toThrow('lose it');
    const found = await Promise.all(topics.map((topic) => admin.offsetsOf(topic)));
    expect(found.every(({ length }) => length > 0)).toBe(true);
  });

  it('commits the retry without the record that was too large for its topic, and loses nothing of the other topic', async () => {
    const { id, input, output: a, state: b } = await room();
    await setLimit(b, SMALL_LIMIT_BYTES);
    const producer = createTaskProducer(context, admin, id, 0, [input]);
    await producer.transact([], at(input, 0, 'intent'));
    await expect(producer.transact([out(a, 'one'), large(b)], at(input, 1))).rejects.toBeInstanceOf(PermanentError);
    await producer.transact([out(a, 'one')], at(input, 1));
    await producer.transact([out(a, 'two')], at(input, 2));
    await newestIs(a, 9, ['one', 'two']);
    await producer.close();
  });

  it('stores every event that was acknowledged to the gateway, also after a request of another caller was rejected', async () => {
    const { output: a, input: b } = await room();
    await setLimit(b, SMALL_LIMIT_BYTES);
    await expect(direct.produce([out(a, 'refused'), large(b)])).rejects.toBeInstanceOf(PermanentError);
    await direct.produce([out(a, 'acknowledged')]);
    expect((await found(a)).get('acknowledged')).toBe(1);
  });

  it('rejects only the caller whose record is too large, naming topic, size and limit', async () => {
    const { output: a, input: b } = await room();
    await setLimit(b, SMALL_LIMIT_BYTES);
    const sent = ['0', '1', '2', '3'].map((value) => direct.produce([out(b, value)]));
    const refused = direct.produce([out(b, 'with it'), large(b)]);
    const others = ['4', '5'].map((value) => direct.produce([out(b, value)]));
    await expect(refused).rejects.toMatchObject({
      code: 'too_large',
      message: expect.stringMatching(new RegExp(`${b}.*\\b20\\d{3}\\b.*\\b${SMALL_LIMIT_BYTES}\\b`)) as string,
      oversized: [{ index: 1, topic: b }],
    });
    await Promise.all([...sent, ...others]);
    await newestIs(b, 9, ['0', '1', '2', '3', '4', '5']);
    expect(await found(a)).toEqual(new Map());
  });

  it('splits requests by the limit of the topic, not by its own', async () => {
    const { output } = await room();
    await setLimit(output, SMALL_LIMIT_BYTES);
    const values = Array.from({ length: 50 }, (_, i) => `${i}`.padEnd(1_000, '.'));
    await direct.produce(values.map((value) => out(output, value)));
    await newestIs(output, 99, values);
  });

  it.each(['transaction', 'sender'])(
    'continues without loss or duplicates when the limit is lowered while a %s is in use',
    async (which) => {
      const { id, input, output: a, state: b } = await room();
      const producer = createTaskProducer(context, admin, id, 0, [input]);
      let offset = 0;
      const send = (records: readonly OutputRecord[]): Promise<void> =>
        which === 'sender' ? direct.produce(records) : producer.transact(records, at(input, ++offset));
      const half = Buffer.alloc(SMALL_LIMIT_BYTES / 2, '.').toString();
      await send([out(a, 'first'), out(b, 'first')]);
      await setLimit(b, SMALL_LIMIT_BYTES);
      // One batch for the broker, which rejects it: to be retried.
      await expect(send([out(a, 'again'), ...['x', 'y', 'z'].map((name) => out(b, name + half))])).rejects.toBeInstanceOf(
        TransientError,
      );
      await send([out(a, 'once'), ...['x', 'y', 'z'].map((name) => out(b, name + half))]);
      await expect(send([out(a, 'never'), large(b)])).rejects.toMatchObject({ code: 'too_large', oversized: [{ index: 1 }] });
      await send([out(a, 'last')]);
      await producer.close();
      // The broker makes a transaction visible a moment after it has acknowledged it.
      const there = await eventually('the last record is visible', async () => {
        const seen = await found(a);
        return { done: seen.has('last'), seen };
      }, 10_000); // prettier-ignore
      expect(['first', 'once', 'last'].map((value) => there.get(value))).toEqual([1, 1, 1]);
      expect(there.get('never')).toBeUndefined();
      expect([...(await found(b)).values()]).toEqual([1, 1, 1, 1]);
    },
  );

  it('joins a group though the connection is lost while it looks for the coordinator', async () => {
    const { id, input } = await room();
    const lost = proxy.faults.get('request_lost') ?? 0;
    proxy.use(faultOnce('FindCoordinator', { kind: 'request_lost' }));
    const owner = await member(faulty, id, [input]);
    expect(await owner.tasks(1)).toHaveLength(1);
    expect(proxy.faults.get('request_lost')).toBe(lost + 1);
  });

  it('leaves retries to us: one request per call, whatever happens to the response', async () => {
    const { output } = await room();
    await faulty.produce([out(output, 'before')]);
    const sent = proxy.requests('Produce');
    proxy.use(faultOnce('Produce', { kind: 'reply_lost' }));
    await expect(faulty.produce([out(output, 'unanswered')])).rejects.toBeInstanceOf(TransientError);
    expect(proxy.requests('Produce')).toBe(sent + 1);
    await faulty.produce([out(output, 'after')]);
    await newestIs(output, 9, ['before', 'unanswered', 'after']);
  });

  it('acknowledges an event only when it is stored exactly once, under load and random faults', async () => {
    const { input, output } = await room(2);
    proxy.use(randomFaults({ seed: 5, rate: 0.3, apis: ['Produce'] }));
    const [callers, each] = [8, 60];
    const acknowledged: string[] = [];
    const call = async (name: string): Promise<void> => {
      for (let i = 0; i < each; i++) {
        const value = `${name}-${i}`;
        try {
          await faulty.produce([{ topic: i % 3 ? input : output, key: value, value }]);
          acknowledged.push(value);
        } catch (error) {
          if (!isTransient(error)) throw error;
        }
      }
    };
    await Promise.all(Array.from({ length: callers }, (_, i) => call(`caller-${i}`)));
    proxy.use(null);
    const there = await found(input, output);
    expect(acknowledged.filter((value) => there.get(value) !== 1)).toEqual([]);
    expect([...there].filter(([, count]) => count > 1)).toEqual([]);
    expect(acknowledged.length).toBeGreaterThan((callers * each) / 4);
    expect([...proxy.faults.keys()].sort()).toEqual(['reply_late', 'reply_lost', 'request_late', 'request_lost']);
  });

  it('commits every record once to two topics while requests and replies of transactions are lost and late', async () => {
    const [tasks, total] = [2, 300];
    const { id, input, output: a, state: b } = await room(tasks);
    for (let task = 0; task < tasks; task++)
      await produce(input, Array.from({ length: total }, (_, i) => `${task}-${i}`), task); // prettier-ignore
    const owner = await member(faulty, id, [input]);
    await owner.tasks(tasks);
    proxy.use(randomFaults({ seed: 1_128, rate: 0.1 }));

    /** Copies a task as its runner would: fence, read the offsets, then batch after batch. */
    async function copy(lease: TaskAssignment): Promise<void> {
      let position = (await withRetry(() => lease.committed())).get(input)?.offset ?? 0;
      lease.seek(input, position);
      while (position < total) {
        const records = await lease.poll({ maxRecords: 10, maxBytes: 1e6, waitMs: 500 });
        const end = records.at(-1)?.offset;
        if (end === undefined) continue;
        const outputs = records.flatMap(({ value }) =>
          [a, b].map((topic): OutputRecord => ({ topic, partition: lease.partition, key: `${value?.toString()}`, value })),
        );
        await withRetry(() => lease.transact([], at(input, position, `${end}`)));
        await withRetry(() => lease.transact(outputs, at(input, end + 1)));
        position = end + 1;
      }
    }
    await Promise.all(
      Array.from({ length: tasks }, async (_, task) => {
        for (;;) {
          const lease = (await owner.tasks(1)).find((one) => one.partition === task);
          if (!lease) {
            await clock.sleep(20);
            continue;
          }
          try {
            return await copy(lease);
          } catch (error) {
            if (!(error instanceof FencedError)) throw error;
            owner.giveBack(lease);
          }
        }
      }),
    );
    proxy.use(null);
    for (const topic of [a, b]) {
      let there = await found(topic);
      // A commit is acknowledged slightly before readers see it.
      for (const deadline = Date.now() + 20_000; there.size < tasks * total && Date.now() < deadline;) there = await found(topic);
      expect(there.size).toBe(tasks * total);
      expect([...there].filter(([, count]) => count !== 1)).toEqual([]);
    }
  });
});
