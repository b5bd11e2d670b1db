import { TOPICS } from '@telltale/contracts';
import { hashId, TransientError } from '@telltale/kernel';
import { createMetrics, systemClock } from '@telltale/platform-telemetry';
import { type Broker, createStreamProcessor, type RowStore, type StreamProcessor, type Topology } from '@telltale/streaming';
import { describeWithKafka, eventually, requireKafka, silentLogger, type TestKafka } from '@telltale/testkit';
import { createKafkaBroker } from './kafka-broker';

jest.setTimeout(120_000);
const ID = hashId(8, 'consumer-lag');
const INPUT = `lag.${ID}.in`;
const STATE = `lag.${ID}.state`;

/** Writes one row per record. */
const topology: Topology = {
  name: 'enricher',
  groupId: `lag.${ID}`,
  readFirst: [],
  inputs: [INPUT],
  outputs: [],
  tables: ['events'],
  stateTopic: STATE,
  createTask: () => ({
    due: () => false,
    process: (records) => ({
      outputs: [],
      rows: new Map([['events', records.map(({ offset }) => String(offset))]]),
      state: new Map(),
      rejections: [],
    }),
  }),
};

describeWithKafka('what a group says of itself at a real broker', () => {
  let kafka: TestKafka;
  let broker: Broker;
  const running: StreamProcessor[] = [];
  let isDown = true;
  const rows = {
    insert: () => (isDown ? Promise.reject(new TransientError('unavailable', 'down')) : Promise.resolve()),
  } as unknown as RowStore;

  async function start() {
    const metrics = createMetrics();
    const processor = createStreamProcessor({
      topology,
      broker,
      rows,
      encryptor: {
        encrypt: () => ({ bytes: Buffer.alloc(0), keyId: '' }),
        decrypt: (_, __, encrypted) => Buffer.from(encrypted),
      },
      // The report interval of 15 s is over soon.
      clock: { ...systemClock, monotonic: () => systemClock.monotonic() * 30 },
      logger: silentLogger,
      metrics,
      limits: { maxRecords: 10, maxBytes: 1e6, lingerMs: 0, idleMs: 100 },
      failpoint: () => undefined,
      onCrash: (error) => {
        throw error;
      },
    });
    running.push(processor);
    await processor.start();
    /** The value of a metric in the exposition; NaN when it is absent. */
    const valueOf = async (name: string): Promise<number> =>
      Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(await metrics.expose())?.[1] ?? NaN);
    const until = (name: string, isRight: (value: number) => boolean) =>
      eventually(
        name,
        async () => {
          const seen = await valueOf(name);
          return { done: isRight(seen), seen };
        },
        60_000,
      );
    return { valueOf, until };
  }

  beforeAll(async () => {
    kafka = await requireKafka();
    broker = createKafkaBroker({ brokers: kafka.brokers, clientId: 'lag', partitions: 2, replicationFactor: 1, clock: systemClock, logger: silentLogger }); // prettier-ignore
    await broker.ensureTopics([
      { ...TOPICS.raw, name: INPUT },
      { ...TOPICS.enricherState, name: STATE },
    ]);
  });
  afterAll(async () => {
    await Promise.all(running.map((processor) => processor.drain(5_000)));
    await broker.close();
    await kafka.stop();
  });

  it('grows while the store is down, returns to zero once it is back; rebalances are counted', async () => {
    await broker.produce(Array.from({ length: 40 }, (_, i) => ({ topic: INPUT, partition: i % 2, key: null, value: `${i}` })));
    const first = await start();
    const age = await first.until('telltale_consumer_lag_seconds', (seconds) => seconds > 0.5);
    await first.until('telltale_consumer_lag_seconds', (seconds) => seconds > age);
    expect(await first.until('telltale_consumer_lag_records', (records) => records > 0)).toBe(40);
    isDown = false;
    expect(await first.until('telltale_consumer_lag_records', (records) => records === 0)).toBe(0);
    expect(await first.until('telltale_consumer_lag_seconds', (seconds) => seconds === 0)).toBe(0);
    expect(await first.valueOf('telltale_end_to_end_latency_seconds_count')).toBeGreaterThan(0);

    const before = await first.valueOf('telltale_rebalances_total');
    const second = await start();
    await first.until('telltale_rebalances_total', (count) => count > before);
    expect(await second.until('telltale_rebalances_total', (count) => count > 0)).toBeGreaterThan(0);
    expect(before).toBeGreaterThan(0);
  });
});
