import { type Clock, TransientError } from '@telltale/kernel';
import { type LogRecord, type TaskAssignment } from '../ports/broker';
import { newTestBroker, newTestRunner, newTestStore, newTestTopology, record, TOPIC } from './task-runner.fixture';
import { type TaskDeps } from './task-deps';

type Poll = Parameters<TaskAssignment['poll']>[0];
const many = (count: number): LogRecord[] => Array.from({ length: count }, (_, i) => record(i));
const limits = { maxRecords: 4, maxBytes: 1_000, lingerMs: 0, idleMs: 10 };

/** Runs a task over these records; answers how it asked for them, which batches it made of them, and how long it slept between. */
async function gathered(records: LogRecord[], over: Partial<TaskDeps> & { idleRounds?: number; batchMs?: number } = {}) {
  const broker = newTestBroker(records);
  const polls: Poll[] = [];
  const slept: number[] = [];
  let elapsed = 5_000;
  const clock: Clock = { now: () => 1_000, monotonic: () => elapsed, sleep: (ms) => Promise.resolve(void slept.push(ms)) };
  const log: typeof broker = {
    ...broker,
    assignment(onIdle) {
      const assignment = broker.assignment(onIdle);
      return { ...assignment, poll: (of) => (polls.push(of), assignment.poll(of)) };
    },
  };
  const failpoint = (): void => void (elapsed += (over.batchMs ?? 0) / 3);
  await newTestRunner(log, newTestStore(), { limits, clock, failpoint, ...over });
  const ends = broker.transactions.flatMap(({ offsets }) => offsets.get(TOPIC) ?? []);
  return { polls, slept, ends: ends.map(({ offset, metadata }) => (metadata ? `${offset} announced` : `${offset}`)) };
}

describe('what a task reads while a batch is in work', () => {
  it('is the next batch, announced with the end of this one, when it is at least half full', async () => {
    const { polls, ends } = await gathered(many(6));
    expect(ends).toEqual(['0 announced', '4 announced', '6']);
    expect(polls).toEqual([
      { maxRecords: 4, maxBytes: 1_000, waitMs: 10 },
      { maxRecords: 4, maxBytes: 1_000, waitMs: 0 },
      { maxRecords: 4, maxBytes: 1_000, waitMs: 0 },
    ]);
  });

  it('is kept when it is less, and goes with what comes until the next batch begins', async () => {
    const { polls, ends } = await gathered(many(5), { idleRounds: 2 });
    expect(ends).toEqual(['0 announced', '4', '4 announced', '5']);
    expect(polls.slice(2)).toEqual([
      { maxRecords: 3, maxBytes: 1_000, waitMs: 0 },
      { maxRecords: 4, maxBytes: 1_000, waitMs: 0 },
    ]);
  });

  it('is reported as pending, also when nothing came', async () => {
    const pending: number[] = [];
    await gathered(many(6), { idleRounds: 2, onPending: (records) => void pending.push(records.length) });
    expect(pending).toEqual([4, 2, 0, 0]);
  });
});

describe('the pause between batches that are not full', () => {
  it.each([
    ['is what is left of the time since the last one began', 30, [170]],
    ['is none when the last one took longer', 300, []],
  ])('%s', async (_, batchMs, expected) => {
    const records = many(1);
    const onPending = (read: readonly LogRecord[]): void => {
      if (read.length > 0 && records.length < 2) records.push(record(1));
    };
    const { slept, ends } = await gathered(records, { limits: { ...limits, lingerMs: 200 }, batchMs, onPending, idleRounds: 2 });
    expect(ends.at(-1)).toBe('2');
    expect(slept).toEqual(expected);
  });
});

describe('a task that cannot reach a backend', () => {
  it('counts every try, and logs each tenth', async () => {
    const sink = newTestStore();
    sink.failNext(...Array.from({ length: 21 }, () => new TransientError('unavailable', 'down')));
    const counted: unknown[] = [];
    const warned: unknown[] = [];
    const phases: string[] = [];
    const none = (): void => undefined;
    await newTestRunner(newTestBroker(many(1)), sink, {
      topology: newTestTopology(),
      metrics: { count: (name, labels) => void (name === 'telltale_task_retries_total' && counted.push(labels)), observe: none, set: none },
      logger: { debug: none, info: none, error: none, warn: (event, fields) => void warned.push([event, fields?.['operation']]) },
      onStatus: ({ phase, detail }) => void phases.push(`${phase} ${detail}`.trim()),
    });
    expect(counted).toEqual(Array.from({ length: 21 }, () => ({ service: 'scorer', partition: '0', operation: 'insert alerts' })));
    expect(warned).toEqual(Array.from({ length: 3 }, () => ['task_stalled', 'insert alerts']));
    expect(phases.filter((phase, i) => phase !== phases[i - 1])).toEqual(['restoring', 'running', 'paused insert alerts: down', 'running', 'done']);
  }); // prettier-ignore

  it('runs again only when none of its tables waits any more', async () => {
    const failures = new Map([['alerts', 3], ['events', 1]]); // prettier-ignore
    const sink = newTestStore();
    const insert: typeof sink.store.insert = (batch) => {
      const left = failures.get(batch.table) ?? 0;
      failures.set(batch.table, left - 1);
      return left > 0 ? Promise.reject(new TransientError('unavailable', 'down')) : sink.store.insert(batch);
    };
    const phases: string[] = [];
    await newTestRunner(newTestBroker(many(1)), sink, {
      rows: { ...sink.store, insert },
      topology: newTestTopology({ rows: new Map([['alerts', ['a']], ['events', ['e']]]) }), // prettier-ignore
      onStatus: ({ phase }) => void phases.push(phase),
    });
    expect(phases).toEqual(['restoring', 'running', 'paused', 'paused', 'paused', 'paused', 'running', 'done']);
  });
});
