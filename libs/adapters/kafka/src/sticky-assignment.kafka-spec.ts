import { systemClock as clock } from '@telltale/platform-telemetry';
import { type TaskAssignment } from '@telltale/streaming';
import { createHarness, describeWithKafka, eventually, requireKafka, silentLogger, type TestKafka } from '@telltale/testkit';
import { createKafkaBroker } from './kafka-broker';

jest.setTimeout(120_000);
const TASKS = 12;

describeWithKafka('members that come and go at a real broker', () => {
  let kafka: TestKafka;
  let broker: ReturnType<typeof createKafkaBroker>;
  const { room, member, leaveAll } = createHarness(() => broker);
  beforeAll(async () => {
    kafka = await requireKafka();
    const where = { brokers: kafka.brokers, clientId: 'sticky', partitions: TASKS, replicationFactor: 1 };
    broker = createKafkaBroker({ ...where, clock, logger: silentLogger });
  }, 120_000);
  afterEach(leaveAll, 60_000);
  afterAll(async () => {
    await broker.close();
    await kafka.stop();
  });

  it('take only what they need to, and everyone else keeps its tasks as they are', async () => {
    const { id, input } = await room(TASKS);
    const members = [await member(broker, id, [input])];
    const balanced = (): Promise<unknown> =>
      eventually(
        `${members.length} members share the tasks`,
        () => {
          const seen = members.map(({ owned }) => owned().length);
          const isShared = seen.every((count) => count === TASKS / members.length);
          return Promise.resolve({ done: isShared, seen });
        },
        30_000,
        50,
      );
    const lostOf = (before: readonly TaskAssignment[]): number => before.filter(({ lost }) => lost.aborted).length;
    await balanced();
    for (const lost of [6, 4, 3]) {
      const before = members.flatMap(({ owned }) => owned());
      members.push(await member(broker, id, [input]));
      await balanced();
      expect(lostOf(before)).toBe(lost);
    }
    const [gone] = members.splice(1, 1);
    const before = members.flatMap(({ owned }) => owned());
    await gone?.leave();
    await balanced();
    expect(lostOf(before)).toBe(0);
  });
});
