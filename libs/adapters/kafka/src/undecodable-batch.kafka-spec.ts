import { systemClock as clock } from '@telltale/platform-telemetry';
import { createHarness, describeWithKafka, requireKafka, silentLogger, type TestKafka } from '@telltale/testkit';
import { type Broker } from '@telltale/streaming';
import { CompressionCodecs, CompressionTypes, Kafka, logLevel } from 'kafkajs';
import { compressFrameSync } from 'lz4-napi';
import { createKafkaBroker } from './kafka-broker';

jest.setTimeout(120_000);

/** As producers of others compress; our own do not. */
function compressLz4(): () => void {
  const codecs = CompressionCodecs as unknown as Record<number, () => object>;
  const own = codecs[CompressionTypes.LZ4];
  codecs[CompressionTypes.LZ4] = () => ({ ...own?.(), compress: ({ buffer }: { readonly buffer: Buffer }) => Promise.resolve(compressFrameSync(buffer)) }); // prettier-ignore
  return () => {
    if (own) codecs[CompressionTypes.LZ4] = own;
  };
}

describeWithKafka('a zip bomb that a broker has taken', () => {
  let kafka: TestKafka;
  let broker: Broker;
  const { room, member, pollAll, leaveAll } = createHarness(() => broker);
  beforeAll(async () => {
    kafka = await requireKafka();
    broker = createKafkaBroker({ brokers: kafka.brokers, clientId: 'bomb', partitions: 1, replicationFactor: 1, clock, logger: silentLogger }); // prettier-ignore
  }, 120_000);
  afterEach(leaveAll, 60_000);
  afterAll(async () => {
    await broker.close();
    await kafka.stop();
  });

  it('does not stop the task that reads it: it is one record, between those before and behind it', async () => {
    const { id, input } = await room();
    const restore = compressLz4();
    const producer = new Kafka({ brokers: [...kafka.brokers], logLevel: logLevel.NOTHING }).producer();
    await producer.connect();
    const send = (value: Buffer) => producer.send({ topic: input, compression: CompressionTypes.LZ4, messages: [{ partition: 0, value }] }); // prettier-ignore
    await send(Buffer.from('before'));
    await send(Buffer.alloc(40 * 1024 * 1024));
    await send(Buffer.from('behind'));
    await producer.disconnect();
    restore();
    const reader = await member(broker, id, [input]);
    const records = await pollAll(await reader.task(), 3);
    expect(records.map(({ value, headers }) => headers['tt-undecodable-batch'] ?? String(value))).toEqual(['before', 'too_large: 1 records in lz4', 'behind']); // prettier-ignore
    expect(records[1]?.value?.length).toBeLessThan(1_000_000);
    await reader.leave();
  });
});
