import { type Kafka } from 'kafkajs';
import { type KafkaContext } from './kafka-options';
import { joinGroup } from './membership';
import { type StateReader } from './state-reader';
import { type TopicAdmin } from './topic-admin';

/**
 * A member of a group whose assignments come from the test; `producers` counts those that were made to own a task, `refusals` says how often
 * its first connection fails.
 */
async function newTestMember({ refusals = 0 } = {}) {
  const listeners = new Map<string, (event: { payload: unknown }) => void>();
  const asked: (() => void)[] = [];
  let runs = 0;
  const waits: number[] = [];
  const consumer = {
    events: { GROUP_JOIN: 'join', HEARTBEAT: 'heartbeat', CRASH: 'crash' },
    on: (event: string, listener: (event: { payload: unknown }) => void) => listeners.set(event, listener),
    connect: () => (refusals-- > 0 ? Promise.reject(new Error('connection lost')) : Promise.resolve()),
    subscribe: () => Promise.resolve(),
    run: () => Promise.resolve(void runs++),
    pause: () => undefined,
    disconnect: () => Promise.resolve(),
  };
  let producers = 0;
  const producer = () => {
    producers++;
    return {
      // Answers when the test lets it.
      connect: () => new Promise<void>((_, reject) => asked.push(() => reject(new Error('no broker')))),
      disconnect: () => Promise.resolve(),
    };
  };
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined, debug: () => undefined };
  const wakes: (() => void)[] = [];
  const sleep = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      waits.push(ms);
      wakes.push(resolve);
      if (signal?.aborted) resolve();
      else signal?.addEventListener('abort', () => resolve());
    });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const context = {
    kafka: { consumer: () => consumer, producer } as unknown as Kafka,
    options: { clock: { now: () => 0, sleep }, logger: silent },
  } as unknown as KafkaContext;
  const sut = await joinGroup(context, {} as TopicAdmin, {} as StateReader, {
    groupId: 'group',
    topics: ['in'],
    onAssigned: () => Promise.resolve(),
  });
  return {
    sut,
    producers: () => producers,
    runs: () => runs,
    waits: (): readonly number[] => waits,
    async crash(error: Error) {
      listeners.get('crash')?.({ payload: { error, restart: false } });
      await settle();
    },
    async wake() {
      for (const wake of wakes.splice(0)) wake();
      await settle();
    },
    join: (...partitions: number[]) => listeners.get('join')?.({ payload: { memberAssignment: { in: partitions } } }),
    failConnections: () => {
      for (const fail of asked.splice(0)) fail();
    },
  };
}

describe('a member that leaves its group', () => {
  it('takes no task that it is assigned while its tasks end', async () => {
    const { sut, producers, join, failConnections } = await newTestMember();
    join(0);
    expect(producers()).toBe(1);
    const left = sut.leave();
    join(0, 1);
    failConnections();
    await left;
    expect(producers()).toBe(1);
  });
});

describe('a member whose consumer has crashed', () => {
  /** As kafkajs names it, and does not restart after it. */
  const passing = (): Error =>
    Object.assign(new Error('not found'), { name: 'KafkaJSGroupCoordinatorNotFound', retriable: false });

  it('joins again after what passes, also where its client would give up, and less often the longer it takes', async () => {
    const { sut, runs, waits, crash, wake } = await newTestMember();
    let failure: unknown = null;
    sut.failed.catch((error: unknown) => (failure = error));
    for (let i = 1; i <= 6; i++) {
      await crash(passing());
      expect(runs()).toBe(i);
      await wake();
      expect(runs()).toBe(i + 1);
    }
    expect(waits()).toEqual([100, 200, 400, 800, 1_000, 1_000]);
    expect(failure).toBeNull();
  });

  it('joins once it can connect, where it could not at first', async () => {
    const { sut, runs, waits, wake } = await newTestMember({ refusals: 2 });
    let failure: unknown = null;
    sut.failed.catch((error: unknown) => (failure = error));
    await wake();
    expect(runs()).toBe(0);
    await wake();
    expect(runs()).toBe(1);
    expect(waits()).toEqual([100, 200]);
    expect(failure).toBeNull();
  });

  it('soon again once it had joined', async () => {
    const { waits, join, crash, wake } = await newTestMember();
    for (let i = 0; i < 3; i++) {
      await crash(passing());
      await wake();
    }
    join();
    await crash(passing());
    expect(waits().at(-1)).toBe(100);
  });

  it('fails where joining again cannot help', async () => {
    const { sut, runs, crash, wake } = await newTestMember();
    const denied = Object.assign(new Error('denied'), { type: 'GROUP_AUTHORIZATION_FAILED' });
    await crash(denied);
    await wake();
    await expect(sut.failed).rejects.toMatchObject({ code: 'unauthorized' });
    expect(runs()).toBe(1);
  });

  it('does not join again once it leaves', async () => {
    const { sut, runs, crash, wake } = await newTestMember();
    await crash(passing());
    await sut.leave();
    await crash(passing());
    await wake();
    expect(runs()).toBe(1);
  });
});
