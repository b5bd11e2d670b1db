import { type Clock, TransientError } from '@telltale/kernel';
import { type Broker } from '../ports/broker';
import { type Topology } from '../service/define-service';
import { createStreamProcessor } from './stream-processor';
import { newTestBroker, newTestStore, newTestTopology, record } from './task-runner.fixture';

const later = (): Promise<void> => new Promise((done) => setImmediate(done));
const none = (): void => undefined;
const never = new Promise<never>(none);
const down = new TransientError('unavailable', 'down');

/** `deadline`: how long a drain waits for the current batches, unless they end before. */
function newTestProcessor({ topology = newTestTopology(), failures = [] as Error[], deadline = never as Promise<void> } = {}) {
  const log = newTestBroker([record(0)]);
  const sink = newTestStore();
  sink.failNext(...failures);
  const happened: string[] = [];
  const stalled: number[] = [];
  type Join = Parameters<Broker['join']>[0];
  let group: Join | undefined;
  let lose: (error: Error) => void = none;
  const failed = new Promise<never>((_, reject) => (lose = reject));
  const clock: Clock = {
    now: () => 1_000,
    monotonic: () => 0,
    sleep: (ms, signal) =>
      ms < 10_000 ? later() : Promise.race([deadline, new Promise<void>((done) => signal?.addEventListener('abort', () => done()))]),
  };
  const processor = createStreamProcessor({
    topology,
    broker: { join: (options: Join) => ((group = options), Promise.resolve({ failed, leave: () => Promise.resolve(void happened.push('left')) })) } as unknown as Broker,
    rows: sink.store,
    encryptor: { encrypt: () => ({ bytes: Buffer.alloc(0), keyId: '' }), decrypt: (_, __, bytes) => Buffer.from(bytes) },
    clock,
    logger: { debug: none, info: none, warn: none, error: (event) => void happened.push(event) },
    metrics: {
      count: (name, labels) => void (name === 'telltale_rebalances_total' && happened.push(`${labels['service']} rebalances`)),
      observe: none,
      set: (name, labels, value) => void (name === 'telltale_task_stalled' && labels['partition'] === '0' && stalled.push(value)),
    },
    limits: { maxRecords: 4, maxBytes: 1e6, lingerMs: 0, idleMs: 10 },
    failpoint: none,
    onCrash: (error) => void happened.push(`crash: ${String(error)}`),
  });
  /** The group assigns the task; ends when the task has been released. */
  const assign = (): Promise<void> => {
    const assignment = log.assignment(none);
    return group?.onAssigned({
      ...assignment,
      poll: async (limits) => (await later(), assignment.poll(limits)),
      release: () => Promise.resolve(void happened.push('released')),
    }) ?? Promise.reject(new Error('not started'));
  };
  const settled = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await later();
  };
  const committed = () => log.offset()?.offset === 1;
  return { ...processor, log, happened, stalled, assign, settled, committed, lose, rebalance: () => group?.onRebalance?.() };
} // prettier-ignore

/** Processing begins, and ends when it may. */
function newHeldTopology() {
  const held = { isBegun: false, finish: none as () => void };
  const inner = newTestTopology();
  const topology: Topology = {
    ...inner,
    createTask(...of) {
      const task = inner.createTask(...of);
      return {
        ...task,
        async process(...batch) {
          held.isBegun = true;
          await new Promise<void>((done) => (held.finish = done));
          return task.process(...batch);
        },
      };
    },
  };
  return { held, topology };
}

describe('a service that ends', () => {
  it('commits the batch that it is in, gives up its tasks, and then leaves the group', async () => {
    const { held, topology } = newHeldTopology();
    const { start, assign, settled, drain, committed, happened } = newTestProcessor({ topology });
    await start();
    const work = assign();
    await settled(() => held.isBegun);
    const drained = drain(10_000);
    await later();
    expect(happened).toEqual([]);
    held.finish();
    await Promise.all([work, drained]);
    expect([committed(), [...happened].sort()]).toEqual([true, ['left', 'released']]);
  });

  it('commits nothing of a batch that has not ended by the deadline', async () => {
    const failures = Array.from({ length: 1_000 }, () => down);
    const { start, assign, settled, drain, committed, happened, stalled } = newTestProcessor({ failures, deadline: later() });
    await start();
    const work = assign();
    await settled(() => stalled.includes(1));
    await Promise.all([work, drain(10_000)]);
    expect([committed(), [...happened].sort()]).toEqual([false, ['left', 'released']]);
  });

  it('ends once, however often it is asked to', async () => {
    const { start, drain, happened } = newTestProcessor();
    await start();
    await Promise.all([drain(10_000), drain(10_000)]);
    await drain(10_000);
    expect(happened).toEqual(['left']);
  });

  it('takes no more tasks', async () => {
    const { start, assign, drain, happened, log } = newTestProcessor();
    await start();
    const drained = drain(10_000);
    await assign();
    await drained;
    expect([[...happened].sort(), log.transactions]).toEqual([['left', 'released'], []]);
  });

  it('may not have been in a group yet', async () => {
    const { drain, happened } = newTestProcessor();
    await drain(10_000);
    expect(happened).toEqual([]);
  });
});

describe('a service that fails', () => {
  it('says so and gives up its task, when a step of the protocol has a bug', async () => {
    const topology = newTestTopology({ outputs: [{ topic: 'elsewhere', key: null, value: '' }] });
    const { start, assign, happened, tasks } = newTestProcessor({ topology });
    await start();
    await assign();
    expect(happened).toEqual(['task_crashed', expect.stringContaining('crash: Error: scorer writes to elsewhere'), 'released']);
    expect(tasks()).toEqual([]);
  });

  it('says so when it has lost its group, unless it is ending anyway', async () => {
    for (const [isEnding, expected] of [[false, ['crash: Error: expelled']], [true, ['left']]] as const) {
      const { start, drain, lose, happened } = newTestProcessor();
      await start();
      if (isEnding) await drain(10_000);
      lose(new Error('expelled'));
      await later();
      expect(happened).toEqual(expected);
    } // prettier-ignore
  });
});

describe('a service that runs', () => {
  it('reports a task as stalled while a backend is down', async () => {
    const { start, assign, settled, drain, committed, stalled } = newTestProcessor({ failures: [down, down] });
    await start();
    const work = assign();
    await settled(committed);
    await Promise.all([work, drain(10_000)]);
    expect(stalled.filter((value, i) => value !== stalled[i - 1])).toEqual([0, 1, 0]);
  });

  it('counts rebalances', async () => {
    const { start, rebalance, happened } = newTestProcessor();
    await start();
    rebalance();
    expect(happened).toEqual(['scorer rebalances']);
  });
});
