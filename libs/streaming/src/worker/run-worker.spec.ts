import { FencedError, TransientError } from '@telltale/kernel';
import { type Broker, type CommittedOffset, type LogRecord, type OutputRecord, type TaskAssignment } from '../ports/broker';
import { newTestRecord } from '../testing/task.fixture';
import { createOffsetTracker } from './offset-tracker';
import { createWorker } from './run-worker';

const TOPIC = 'requests';
const clock = { now: () => 0, monotonic: () => 0, sleep: () => Promise.resolve() };
const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const idOf = ({ offset }: LogRecord): string => `r${offset}`;

/** A topic of one partition, what a group committed of it, and what it wrote. */
function newTestTopic(size: number) {
  const log = Array.from({ length: size }, (_, offset) => newTestRecord(TOPIC, { offset }, 'acme', offset));
  const written: string[] = [];
  let committed: CommittedOffset = { offset: 0, metadata: '' };

  /** `beforeTransaction`: throws for a transaction that is not to be, by its number. */
  function assign(beforeTransaction: (nth: number) => void = () => undefined) {
    const lost = new AbortController();
    let position = 0;
    let transactions = 0;
    let wake = (): void => undefined;
    const assignment: TaskAssignment = {
      groupId: 'telltale.test', partition: 0, topics: [TOPIC], lost: lost.signal,
      committed: () => Promise.resolve(new Map([[TOPIC, committed]])),
      restoreState: () => Promise.resolve(new Map()),
      endOf: () => Promise.resolve(size),
      seek: (_, offset) => void (position = offset),
      poll: async ({ maxRecords }) => {
        const found = log.slice(position, position + Math.min(maxRecords, 3));
        position += found.length;
        if (found.length === 0 && !lost.signal.aborted) await new Promise<void>((resolve) => void (wake = resolve));
        return found;
      },
      readRange: () => Promise.resolve([]),
      transact: async (outputs, offsets) => {
        await Promise.resolve();
        beforeTransaction(transactions++);
        written.push(...outputs.map(({ key }) => key ?? ''));
        committed = offsets.get(TOPIC) ?? committed;
        if (committed.offset === size) wake();
      },
      release: () => Promise.resolve(),
    }; // prettier-ignore
    const lose = (): void => {
      lost.abort();
      wake();
    };
    return { assignment, lose, wake: () => wake() };
  }
  return { assign, written, committed: () => committed };
}

/** Runs a worker until its task ends, and answers what crashed it. */
async function run(
  { assignment, wake }: { assignment: TaskAssignment; wake: () => void },
  work: (record: LogRecord) => Promise<readonly OutputRecord[]>,
  { until, maxSpan = 100 }: { until?: () => boolean; maxSpan?: number } = {},
): Promise<unknown[]> {
  const crashes: unknown[] = [];
  let over: Promise<void> = Promise.resolve();
  const broker: Pick<Broker, 'join'> = {
    join: ({ onAssigned }) => {
      over = onAssigned(assignment);
      return Promise.resolve({ failed: new Promise<never>(() => undefined), leave: () => Promise.resolve() });
    },
  };
  const worker = createWorker({ broker, groupId: 'telltale.test', topic: TOPIC, clock, logger, maxSpan, work, onCrash: (error) => void crashes.push(error) }); // prettier-ignore
  await worker.start();
  while (until && !until()) await new Promise((resolve) => setImmediate(resolve));
  const stopped = worker.stop();
  wake();
  await stopped;
  await over;
  return crashes;
}
const output = (record: LogRecord): OutputRecord[] => [{ topic: 'results', key: idOf(record), value: '{}' }];

describe('a worker', () => {
  it('works on every record, writes what each comes to once, and commits the end', async () => {
    const topic = newTestTopic(20);
    const task = topic.assign();
    expect(await run(task, (record) => Promise.resolve(output(record)), { until: () => topic.committed().offset === 20 })).toEqual([]); // prettier-ignore
    expect(topic.written.sort()).toEqual(Array.from({ length: 20 }, (_, i) => `r${i}`).sort());
    expect(topic.committed()).toEqual({ offset: 20, metadata: '' });
  });

  it('lets no record wait for another, and remembers which are done above the first that is not', async () => {
    const topic = newTestTopic(6);
    const task = topic.assign();
    let finish = (): void => undefined;
    const slow = new Promise<void>((resolve) => void (finish = resolve));
    const work = async (record: LogRecord) => {
      if (record.offset === 1) await slow;
      return output(record);
    };
    let seen: CommittedOffset | null = null;
    await run(task, work, {
      until: () => {
        if (topic.written.length < 5) return false;
        seen = topic.committed();
        finish();
        return true;
      },
    });
    expect(seen).toEqual({ offset: 1, metadata: '{"done":[1,2,3,4]}' });
    expect(topic.committed()).toEqual({ offset: 6, metadata: '' });
  });

  it('begins no more than its span beyond the first that is not done', async () => {
    const topic = newTestTopic(50);
    const task = topic.assign();
    const begun: number[] = [];
    let finish = (): void => undefined;
    const slow = new Promise<void>((resolve) => void (finish = resolve));
    const work = async (record: LogRecord) => {
      begun.push(record.offset);
      if (record.offset === 0) await slow;
      return output(record);
    };
    await run(task, work, { maxSpan: 7, until: () => begun.length >= 7 && topic.written.length >= 6 && (finish(), true) });
    expect(begun.filter((offset) => offset < 7)).toHaveLength(7);
    expect(topic.written.length).toBeLessThanOrEqual(14);
  });

  it.each([0, 1, 2, 3, 5, 8])('killed before transaction %i loses no record, and a receiver that knows ids hears none twice', async (kill) => {
    const topic = newTestTopic(20);
    const calls: string[] = [];
    const work = (record: LogRecord): Promise<readonly OutputRecord[]> => {
      calls.push(idOf(record));
      return Promise.resolve(output(record));
    };
    const first = topic.assign((nth) => {
      if (nth < kill) return;
      first.lose();
      throw new FencedError('another owner has it');
    });
    expect(await run(first, work, { until: () => first.assignment.lost.aborted || topic.committed().offset === 20 })).toEqual([]);
    const doneBefore = topic.written.length;
    expect(await run(topic.assign(), work, { until: () => topic.committed().offset === 20 })).toEqual([]);
    // Written once each; sent again is only what was not written.
    expect([...topic.written].sort()).toEqual(Array.from({ length: 20 }, (_, i) => `r${i}`).sort());
    expect(new Set(calls).size).toBe(20);
    expect(calls.length).toBeLessThanOrEqual(40 - doneBefore);
  }); // prettier-ignore

  it('writes again where the log could not be reached', async () => {
    const topic = newTestTopic(5);
    const task = topic.assign((nth) => {
      if (nth === 0) throw new TransientError('unavailable', 'no broker');
    });
    expect(await run(task, (record) => Promise.resolve(output(record)), { until: () => topic.committed().offset === 5 })).toEqual([]); // prettier-ignore
    expect(topic.written).toHaveLength(5);
  });

  it('crashes loudly for a bug, with nothing of it committed', async () => {
    const topic = newTestTopic(1);
    const bug = new TypeError('a bug');
    const task = topic.assign();
    expect(await run(task, () => Promise.reject(bug))).toEqual([bug]);
    expect(topic.committed()).toEqual({ offset: 0, metadata: '' });
  });
});

describe('the offsets that are done', () => {
  it('come back from what was committed, also where offsets are missing between records', () => {
    const first = createOffsetTracker({ offset: 10, metadata: '' });
    expect([10, 12, 15, 16].map(first.begin)).toEqual([true, true, true, true]);
    first.finish(12);
    first.finish(16);
    const second = createOffsetTracker(first.committed());
    expect([10, 12, 15, 16, 17].map(second.begin)).toEqual([true, false, true, false, true]);
    for (const offset of [10, 15, 17]) second.finish(offset);
    expect(second.committed()).toEqual({ offset: 18, metadata: '' });
    expect(second.span()).toBe(0);
  });

  it.each(['x', '{"done":"all"}', '{"end":5,"now":1}'])('are none where the metadata is %s', (metadata) => {
    expect(createOffsetTracker({ offset: 3, metadata }).committed()).toEqual({ offset: 3, metadata: '' });
  });
});
