import { TransientError, type Clock } from '@telltale/kernel';
import { type Broker } from '../ports/broker';
import { newTestBroker, newTestTopology, newTestStore, record } from './task-runner.fixture';
import { type TaskHealth } from './task-statuses';
import { createStreamProcessor } from './stream-processor';

/** A processor with one task whose store is down for the first `failures` inserts; collects what the task reports at every retry. */
async function healthWhile(failures: number): Promise<TaskHealth[]> {
  const log = newTestBroker([record(0)]);
  const sink = newTestStore();
  sink.failNext(...Array.from({ length: failures }, () => new TransientError('unavailable', 'down')));
  const seen: TaskHealth[] = [];
  let elapsed = 0;
  let ended: () => void = () => undefined;
  const idle = new Promise<void>((resolve) => (ended = resolve));
  const clock: Clock = {
    now: () => 1_000 + elapsed,
    monotonic: () => elapsed,
    sleep(ms) {
      elapsed += ms;
      seen.push(...processor.tasks());
      return Promise.resolve();
    },
  };
  const nothing = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const events: Pick<Broker, 'join'> = {
    join({ onAssigned }) {
      const assignment = log.assignment(() => {
        seen.push(...processor.tasks());
        ended();
        void processor.drain(1_000);
      });
      void onAssigned(assignment);
      return Promise.resolve({ failed: new Promise<never>(() => undefined), leave: () => Promise.resolve() });
    },
  };
  const processor = createStreamProcessor({
    topology: newTestTopology(),
    broker: events as Broker,
    rows: sink.store,
    encryptor: { encrypt: () => ({ bytes: Buffer.alloc(0), keyId: '' }), decrypt: (_, __, encrypted) => Buffer.from(encrypted) },
    clock,
    logger: nothing,
    metrics: { count: () => undefined, observe: () => undefined, set: () => undefined },
    limits: { maxRecords: 4, maxBytes: 1e6, lingerMs: 0, idleMs: 10 },
    failpoint: () => undefined,
    onCrash: (error) => {
      throw error;
    },
  });
  await processor.start();
  await idle;
  await processor.drain(1_000);
  return seen;
}

describe('a task whose store is down', () => {
  it('reports how long it has been paused over all retries, and that it runs again', async () => {
    const seen = await healthWhile(30);
    const paused = seen.filter(({ phase }) => phase === 'paused');
    expect(paused.length).toBeGreaterThanOrEqual(30);
    expect(paused.map(({ pausedMs }) => pausedMs)).toEqual(paused.map(({ pausedMs }) => pausedMs).sort((a, b) => a - b));
    expect(Math.max(...paused.map(({ pausedMs }) => pausedMs))).toBeGreaterThan(60_000);
    expect(seen.at(-1)).toMatchObject({ phase: 'running', pausedMs: 0 });
  });

  it('reports no pause when nothing failed', async () => {
    expect((await healthWhile(0)).every(({ pausedMs }) => pausedMs === 0)).toBe(true);
  });
});
