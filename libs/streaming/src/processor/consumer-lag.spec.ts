import { TransientError } from '@telltale/kernel';
import { type Broker } from '../ports/broker';
import { createConsumerLag } from './consumer-lag';
import { record, TOPIC } from './task-runner.fixture';

function newTestLag() {
  const gauges = new Map<string, number>();
  const time = { now: 100_000 };
  let asked = 0;
  let isAway = false;
  const broker: Pick<Broker, 'groupOffsets' | 'describe'> = {
    groupOffsets: () => {
      asked++;
      return isAway
        ? Promise.reject(new TransientError('unavailable', 'away'))
        : Promise.resolve(new Map([[TOPIC, [{ partition: 0, offset: 4 }]]]));
    },
    describe: () =>
      Promise.resolve([
        {
          name: TOPIC,
          partitions: [
            { partition: 0, start: 0, end: 10 },
            // The group has no committed offsets here.
            { partition: 1, start: 2, end: 5 },
          ],
        },
      ]),
  };
  const sut = createConsumerLag({
    topology: { name: 'scorer', groupId: 'telltale.scorer', inputs: [TOPIC] },
    broker,
    clock: { now: () => time.now, monotonic: () => time.now, sleep: () => Promise.resolve() },
    logger: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    metrics: {
      count: () => undefined,
      observe: () => undefined,
      set: (name, labels, value) => gauges.set(`${name} ${Object.values(labels).join(' ')}`, value),
    },
  });
  return {
    sut,
    asked: () => asked,
    leave: () => (isAway = true),
    /** The gauges after `ms`. */
    async after(ms: number) {
      time.now += ms;
      sut.tick();
      await new Promise((resolve) => setImmediate(resolve));
      const of = (unit: string) => gauges.get(`telltale_consumer_lag_${unit} scorer ${TOPIC}`);
      return { records: of('records'), seconds: of('seconds') };
    },
  };
}
const readAt = (...timestamps: number[]) => timestamps.map((timestampMs, offset) => ({ ...record(offset), timestampMs }));

describe('the lag of a group', () => {
  it('counts the records of every partition, including unassigned ones', async () => {
    expect(await newTestLag().after(0)).toEqual({ records: 9, seconds: 0 });
  });

  it('is the age of the oldest record that a task has read but not committed', async () => {
    const { sut, after } = newTestLag();
    sut.pending(0, readAt(90_000, 95_000));
    sut.pending(1, readAt(99_000));
    expect((await after(0)).seconds).toBe(10);
    sut.pending(0, []);
    expect((await after(15_000)).seconds).toBe(16);
    sut.forget(1);
    expect((await after(15_000)).seconds).toBe(0);
  });

  it('grows while a task is stalled', async () => {
    const { sut, after } = newTestLag();
    sut.pending(0, readAt(100_000));
    expect([(await after(20_000)).seconds, (await after(60_000)).seconds]).toEqual([20, 80]);
  });

  it('queries the broker every 15 s, however often it is called', async () => {
    const { after, asked } = newTestLag();
    for (let i = 0; i < 31; i++) await after(1_000);
    expect(asked()).toBe(3);
  });

  it('keeps its last values while the broker is unavailable', async () => {
    const { after, leave } = newTestLag();
    await after(0);
    leave();
    expect(await after(20_000)).toEqual({ records: 9, seconds: 0 });
  });
});
