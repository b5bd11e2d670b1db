import { systemClock as clock } from '@telltale/platform-telemetry';
import { createLogRoom, describeWithKafka, requireKafka, type TestKafka } from '@telltale/testkit';
import { type EventLog, type LaneOffsets } from '@telltale/engine';
import { createKafkaEventLog } from './kafka-event-log';

jest.setTimeout(120_000);
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const at = (topic: string, offset: number): LaneOffsets => new Map([[topic, { offset, metadata: '' }]]);

describeWithKafka('lag on Kafka', () => {
  let kafka: TestKafka;
  let log: EventLog;
  const { room, member, pollAll, produce, leaveAll } = createLogRoom(() => log);
  beforeAll(async () => {
    kafka = await requireKafka();
    log = createKafkaEventLog({
      brokers: kafka.brokers,
      clientId: 'lag',
      partitions: 1,
      replicationFactor: 1,
      clock,
      log: quiet,
    });
  }, 120_000);
  afterEach(leaveAll, 60_000);
  afterAll(async () => {
    await log.close();
    await kafka.stop();
  });
  const lagOf = async (group: string, topic: string): Promise<number> => {
    const [[info], offsets] = await Promise.all([log.describe([topic]), log.groupOffsets(group, [topic])]);
    return (info?.partitions[0]?.end ?? NaN) - (offsets.get(topic)?.[0]?.offset ?? NaN);
  };

  it('is none for a group that has processed every record of a topic that transactions write, and counts what is new', async () => {
    const { id, input, output } = await room();
    await produce(input, ['a', 'b']);
    const writer = await member(log, id, [input]);
    const lease = await writer.lane();
    const write = (value: string, offset: number) => lease.transact([{ topic: output, partition: 0, key: null, value }], at(input, offset)); // prettier-ignore
    await write('one', 1);
    await write('two', 2);

    const reader = await member(log, `${id}-reader`, [output]);
    const reading = await reader.lane();
    const records = await pollAll(reading, 2);
    await reading.transact([], at(output, (records[0]?.offset ?? 0) + 1));
    // Behind by the second record, and by the markers around it.
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
