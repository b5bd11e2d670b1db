import { systemClock as clock } from '@telltale/platform-telemetry';
import { type TaskAssignment, type TaskOffsets, type LogRecord } from '@telltale/streaming';
import { FencedError, isTransient, TransientError } from '@telltale/kernel';
import { createHarness, describeWithKafka, eventually, requireKafka, silentLogger, type TestKafka } from '@telltale/testkit';
import { type Kafka, KafkaJSConnectionError, type Producer, type Transaction } from 'kafkajs';
import { createKafkaBroker } from './kafka-broker';
import { createContext, type KafkaContext } from './kafka-options';
import { createTaskProducer } from './task-producer';
import { createTopicAdmin, type TopicAdmin } from './topic-admin';

// Failures that only Kafka can cause: zombies, lost responses, retention during a read, broker restarts.

jest.setTimeout(120_000);
const at = (topic: string, offset: number, metadata = ''): TaskOffsets => new Map([[topic, { offset, metadata }]]);

describeWithKafka('Kafka as it is', () => {
  let kafka: TestKafka;
  let context: KafkaContext;
  let admin: TopicAdmin;
  let broker: ReturnType<typeof createKafkaBroker>;
  const { room, member, produce, newestIs, leaveAll } = createHarness(() => broker);
  beforeAll(async () => {
    kafka = await requireKafka();
    const options = {
      brokers: kafka.brokers,
      clientId: 'traps',
      partitions: 2,
      replicationFactor: 1,
      clock,
      logger: silentLogger,
    };
    context = createContext(options);
    admin = createTopicAdmin(context);
    broker = createKafkaBroker(options);
  }, 120_000);
  afterEach(leaveAll, 60_000);
  afterAll(async () => {
    await admin.close();
    await broker.close();
    await kafka.stop();
  });
  const out = (topic: string, value: string) => ({ topic, partition: 0, key: null, value });

  it('rejects a former owner at the broker, whatever its own state', async () => {
    const { id, input, output } = await room();
    const former = createTaskProducer(context, admin, id, 0, [input]);
    const latter = createTaskProducer(context, admin, id, 0, [input]);
    await former.transact([out(output, 'before')], at(input, 1));
    await latter.fence();
    expect((await latter.committed()).get(input)).toEqual({ offset: 1, metadata: '' });
    await expect(former.transact([out(output, 'zombie')], at(input, 2))).rejects.toBeInstanceOf(FencedError);
    await expect(former.transact([], at(input, 2))).rejects.toBeInstanceOf(FencedError);
    await latter.transact([out(output, 'after')], at(input, 2));
    await newestIs(output, 9, ['before', 'after']);
    await Promise.all([former.close(), latter.close()]);
  });

  it('returns no records of aborted transactions that ended in another order than they began', async () => {
    const { output } = await room();
    const [first, second] = ['first', 'second'].map((name) =>
      context.kafka.producer({ transactionalId: `${output}-${name}`, idempotent: true, maxInFlightRequests: 1 }),
    ) as [Producer, Producer];
    const begin = async (producer: Producer, value: string): Promise<Transaction> => {
      await producer.connect();
      const transaction = await producer.transaction();
      await transaction.send({ topic: output, messages: [{ value, partition: 0 }] });
      return transaction;
    };
    const [one, two] = [await begin(first, 'one'), await begin(second, 'two')];
    await two.abort();
    await one.abort();
    await (await begin(first, 'kept')).commit();
    await newestIs(output, 9, ['kept']);
    await Promise.all([first.disconnect(), second.disconnect()]);
  });

  it('does not let a former owner take over again after a lost connection, though reopening fences the rightful owner', async () => {
    const { id, input, output } = await room();
    const former = createTaskProducer(context, admin, id, 0, [input]);
    const latter = createTaskProducer(context, admin, id, 0, [input]);
    await former.transact([], at(input, 0, 'intent'));
    await latter.transact([out(output, 'the range')], at(input, 5));
    await former.close();
    await expect(former.transact([out(output, 'the range again')], at(input, 5, 'next'))).rejects.toBeInstanceOf(FencedError);
    await newestIs(output, 9, ['the range']);
    await Promise.all([former.close(), latter.close()]);
  });

  /** The first commit fails with a lost connection, after or before the broker has received it. */
  function unanswered(took: boolean): KafkaContext {
    let failed = false;
    const commit = async (transaction: Transaction): Promise<void> => {
      if (failed) return transaction.commit();
      failed = true;
      if (took) await transaction.commit();
      throw new KafkaJSConnectionError('connection lost');
    };
    const begin = async (producer: Producer): Promise<Transaction> => {
      const transaction = await producer.transaction();
      return new Proxy(transaction, { get: (of, name) => (name === 'commit' ? () => commit(of) : Reflect.get(of, name)) });
    };
    const producer: Kafka['producer'] = (config) => {
      const made = context.kafka.producer(config);
      return new Proxy(made, { get: (of, name) => (name === 'transaction' ? () => begin(of) : Reflect.get(of, name)) });
    };
    return {
      ...context,
      kafka: new Proxy(context.kafka, { get: (of, name) => (name === 'producer' ? producer : Reflect.get(of, name)) }),
    };
  }

  it.each([
    ['that took effect', true, 3],
    ['that did not', false, 3],
    ['that took effect and moved nothing', true, 0],
    ['that did not, and would have moved nothing', false, 0],
  ])('neither doubles nor loses a transaction without an answer %s', async (_, took, offset) => {
    const { id, input, output } = await room();
    const first = createTaskProducer(context, admin, id, 0, [input]);
    await first.transact([], at(input, 0));
    await first.close();
    const producer = createTaskProducer(unanswered(took), admin, id, 0, [input]);
    const again = () => producer.transact([out(output, 'once')], at(input, offset));
    await expect(again()).rejects.toBeInstanceOf(TransientError);
    await again();
    expect((await producer.committed()).get(input)).toEqual({ offset, metadata: '' });
    await producer.transact([out(output, 'next')], at(input, offset));
    await newestIs(output, 9, ['once', 'next']);
    await producer.close();
  });

  it('takes back a task that was fenced by mistake', async () => {
    const { id, input, output } = await room();
    const owner = await member(broker, id, [input]);
    const first = await owner.task();
    const stranger = createTaskProducer(context, admin, id, 0, [input]);
    await stranger.fence();
    await expect(first.transact([out(output, 'no')], at(input, 0))).rejects.toBeInstanceOf(FencedError);
    owner.giveBack(first);
    const second = await owner.task();
    expect(second).not.toBe(first);
    await second.transact([out(output, 'yes')], at(input, 0));
    await newestIs(output, 9, ['yes']);
    await stranger.close();
  });

  it('continues at the log start when retention has deleted the next records, and does not change the committed offset', async () => {
    const { id, input } = await room();
    await produce(input, ['0', '1', '2', '3', '4', '5', '6', '7']);
    const owner = await member(broker, id, [input]);
    const lease = await owner.task();
    await lease.transact([], at(input, 1, 'intent'));
    const client = context.kafka.admin();
    await client.connect();
    await client.fetchTopicOffsets(input);
    await client.deleteTopicRecords({ topic: input, partitions: [{ partition: 0, offset: '4' }] });
    await client.disconnect();
    const values = (records: readonly LogRecord[]) => records.map(({ value }) => value?.toString());
    expect(values(await lease.readRange(input, 1, 3))).toEqual([]);
    expect(values(await lease.readRange(input, 1, 6))).toEqual(['4', '5']);
    lease.seek(input, 1);
    expect(values(await lease.poll({ maxRecords: 9, maxBytes: 1e6, waitMs: 20_000 }))).toEqual(['4', '5', '6', '7']);
    expect((await broker.groupOffsets(id, [input])).get(input)).toEqual([{ partition: 0, offset: 1 }]);
  });

  it('copies every record once while the broker is killed and started again', async () => {
    const { id, input, output } = await room();
    const total = 4_000;
    const seen: string[] = [];
    const stop = new AbortController();
    const tail = broker.tail({ topics: [output], from: 'end', signal: stop.signal, onRecords: (records) => void seen.push(...records.map((r) => r.value?.toString() ?? '')) }); // prettier-ignore
    const owner = await member(broker, id, [input]);
    let lease = await owner.task();
    const withRetry = async (work: () => Promise<unknown>): Promise<void> => {
      for (;;) {
        try {
          return void (await work());
        } catch (error) {
          if (!isTransient(error)) throw error;
          await clock.sleep(100);
        }
      }
    };
    const copy = async (from: TaskAssignment): Promise<void> => {
      for (let position = (await from.committed()).get(input)?.offset ?? 0; position < total;) {
        const records = await from.poll({ maxRecords: 50, maxBytes: 1e6, waitMs: 200 });
        const last = records.at(-1);
        if (!last) continue;
        position = last.offset + 1;
        await withRetry(() => from.transact(records.map((r) => out(output, r.value?.toString() ?? '')), at(input, position))); // prettier-ignore
      }
    };
    const values = Array.from({ length: total }, (_, i) => `${i}`);
    await produce(input, values);
    const underWay = () => Promise.resolve({ done: seen.length >= 200, seen: seen.length });
    const restarting = eventually('records are being copied', underWay, 30_000, 10).then(() => kafka.restart());
    for (let done = false; !done;) {
      try {
        await copy(lease);
        done = true;
      } catch (error) {
        if (!(error instanceof FencedError)) throw error;
        owner.giveBack(lease);
        lease = await owner.task();
      }
    }
    await restarting;
    await newestIs(output, total + 1, values);
    await eventually('all copies are seen', () => Promise.resolve({ done: seen.length >= total, seen: seen.length }), 30_000, 50);
    stop.abort();
    await tail;
    expect(seen).toEqual(values);
  });
});
