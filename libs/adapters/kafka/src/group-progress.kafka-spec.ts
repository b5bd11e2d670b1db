import { systemClock as clock } from '@telltale/platform-telemetry';
import { createHarness, describeWithKafka, requireKafka, silentLogger, type TestKafka } from '@telltale/testkit';
import { type Broker, type TaskOffsets } from '@telltale/streaming';
import { createKafkaBroker } from './kafka-broker';

jest.setTimeout(120_000);
const at = (topic: string, offset: number): TaskOffsets => new Map([[topic, { offset, metadata: '' }]]);

describeWithKafka('lag on Kafka', () => {
  let kafka: TestKafka;
  let broker: Broker;
  const { room, member, pollAll, produce, leaveAll } = createHarness(() => broker);
  beforeAll(async () => {
    kafka = await requireKafka();
    broker = createKafkaBroker({
      brokers: kafka.brokers,
      clientId: 'lag',
      partitions: 1,
      replicationFactor: 1,
      clock,
      logger: silentLogger,
    });
  }, 120_000);
  afterEach(leaveAll, 60_000);
  afterAll(async () => {
    await broker.close();
    await kafka.stop();
  });
  const lagOf = async (group: string, topic: string): Promise<number> => {
    const [[info], offsets] = await Promise.all([broker.describe([topic]), broker.groupOffsets(group, [topic])]);
    return (info?.partitions[0]?.end ?? NaN) - (offsets.get(topic)?.[0]?.offset ?? NaN);
  };

  it('is zero for a group that has processed every record of a transactional topic, and counts new records', async () => {
    const { id, input, output } = await room();
    await produce(input, ['a', 'b']);
    const writer = await member(broker, id, [input]);
    const lease = await writer.task();
    const write = (value: string, offset: number) => lease.transact([{ topic: output, partition: 0, key: null, value }], at(input, offset)); // prettier-ignore
    await write('one', 1);
    await write('two', 2);

    const reader = await member(broker, `${id}-reader`, [output]);
    const reading = await reader.task();
    const records = await pollAll(reading, 2);
    await reading.transact([], at(output, (records[0]?.offset ?? 0) + 1));
    // Behind by the second record and the transaction markers around it.
    expect(await lagOf(`${id}-reader`, output)).toBeGreaterThanOrEqual(1);
    await reading.transact([], at(output, (records[1]?.offset ?? 0) + 1));
    expect(await lagOf(`${id}-reader`, output)).toBe(0);
    expect(await lagOf(`${id}-reader`, output)).toBe(0);
    await write('three', 2);
    expect(await lagOf(`${id}-reader`, output)).toBeGreaterThanOrEqual(1);
    await writer.leave();
    await reader.leave();
  });
});
