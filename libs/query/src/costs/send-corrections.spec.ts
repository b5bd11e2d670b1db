import { type CorrectionRecord, TOPICS } from '@telltale/contracts';
import { type OutputRecord } from '@telltale/streaming';
import { fakeBroker } from '@telltale/testkit';
import { partitionOf } from '@telltale/kernel';
import { createCorrectionSender } from './send-corrections';

const TENANT = 'acme';
const PARTITIONS = 3;
const OURS = partitionOf(TENANT, PARTITIONS);
const correction = { tenant: TENANT, id: 'c1' } as CorrectionRecord;

/** Corrections with `waiting` records before them; costs takes `pace` of ours each time somebody sleeps. */
function newTestSender(waiting: number, pace: number, stopping = new AbortController().signal) {
  const produced: OutputRecord[] = [];
  let taken = 5;
  let slept = 0;
  const end = (partition: number): number => (partition === OURS ? 5 + waiting + produced.length : 1_000_000);
  const broker = fakeBroker({
    produce: (records) => Promise.resolve(void produced.push(...records)),
    describe: ([name = '']) =>
      Promise.resolve([{ name, partitions: [0, 1, 2].map((partition) => ({ partition, start: 5, end: end(partition) })) }]),
    // A group that has never committed there stands at the start.
    groupOffsets: (_, [name = '']) => Promise.resolve(new Map([[name, taken > 5 ? [{ partition: OURS, offset: taken }] : []]])),
  });
  const clock = {
    now: () => 0,
    monotonic: () => slept,
    sleep: (ms: number) => {
      slept += ms;
      taken = Math.min(end(OURS), taken + pace);
      return Promise.resolve();
    },
  };
  const sut = createCorrectionSender({ broker, clock, stopping }, TENANT);
  return { sut, produced, slept: () => slept, taken: () => taken };
}

describe('sending corrections', () => {
  it('goes to the partition of the tenant, and is over when costs has come there', async () => {
    const { sut, produced, taken } = newTestSender(3, 1);
    await sut.send([correction, correction]);
    await sut.send([]);
    expect(produced.map(({ topic, partition, key }) => [topic, partition, key])).toEqual([
      [TOPICS.corrections.name, OURS, TENANT],
      [TOPICS.corrections.name, OURS, TENANT],
    ]);
    expect(await sut.settled()).toBe(0);
    expect(taken()).toBe(10);
  });

  it('waits while too many are under way', async () => {
    const { sut, slept, taken } = newTestSender(25_000, 5_000);
    await sut.room();
    expect(taken()).toBe(15_005);
    expect(slept()).toBeGreaterThan(0);
    const free = newTestSender(9_999, 0);
    await free.sut.room();
    expect(free.slept()).toBe(0);
  });

  it('gives up when costs takes none, and says how many of its own are left', async () => {
    await expect(newTestSender(10_001, 0).sut.room()).rejects.toMatchObject({ code: 'overloaded' });
    const { sut } = newTestSender(7, 0);
    await sut.send([correction]);
    expect(await sut.settled()).toBe(1);
  });

  it('does not wait in a process that stops', async () => {
    const { sut, slept } = newTestSender(0, 0, AbortSignal.abort());
    await sut.send([correction]);
    expect(await sut.settled()).toBe(1);
    expect(slept()).toBe(0);
  });
});
