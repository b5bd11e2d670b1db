import { TransientError, type Clock } from '@telltale/kernel';
import { type EventLog } from '../ports/event-log';
import { newTestLog, newTestStage, newTestStore, record } from './lane-runner.fixture';
import { type LaneHealth } from './lane-statuses';
import { createStreamProcessor } from './stream-processor';

/** A processor of one lane whose store is down for the first `failures` inserts; what it reports at every wait. */
async function healthWhile(failures: number): Promise<LaneHealth[]> {
  const log = newTestLog([record(0)]);
  const sink = newTestStore();
  sink.failNext(...Array.from({ length: failures }, () => new TransientError('unavailable', 'down')));
  const seen: LaneHealth[] = [];
  let elapsed = 0;
  let ended: () => void = () => undefined;
  const idle = new Promise<void>((resolve) => (ended = resolve));
  const clock: Clock = {
    now: () => 1_000 + elapsed,
    monotonic: () => elapsed,
    sleep(ms) {
      elapsed += ms;
      seen.push(...processor.lanes());
      return Promise.resolve();
    },
  };
  const nothing = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const events: Pick<EventLog, 'join'> = {
    join({ onLane }) {
      const lease = log.lease(() => {
        seen.push(...processor.lanes());
        ended();
        void processor.drain(1_000);
      });
      void onLane(lease);
      return Promise.resolve({ failed: new Promise<never>(() => undefined), leave: () => Promise.resolve() });
    },
  };
  const processor = createStreamProcessor({
    stage: newTestStage(),
    events: events as EventLog,
    rows: sink.store,
    seal: { seal: () => ({ bytes: Buffer.alloc(0), keyDay: '' }), open: (_, __, sealed) => Buffer.from(sealed) },
    clock,
    log: nothing,
    metrics: { count: () => undefined, observe: () => undefined, set: () => undefined },
    limits: { maxRecords: 4, maxBytes: 1e6, lingerMs: 0, idleMs: 10 },
    probe: () => undefined,
    onCrash: (error) => {
      throw error;
    },
  });
  await processor.start();
  await idle;
  await processor.drain(1_000);
  return seen;
}

describe('a lane whose store is down', () => {
  it('reports for how long it has been paused, over all tries, and that it runs again', async () => {
    const seen = await healthWhile(30);
    const paused = seen.filter(({ phase }) => phase === 'paused');
    expect(paused.length).toBeGreaterThanOrEqual(30);
    expect(paused.map(({ pausedMs }) => pausedMs)).toEqual(paused.map(({ pausedMs }) => pausedMs).sort((a, b) => a - b));
    expect(Math.max(...paused.map(({ pausedMs }) => pausedMs))).toBeGreaterThan(60_000);
    expect(seen.at(-1)).toMatchObject({ phase: 'running', pausedMs: 0 });
  });

  it('has not been paused when nothing failed', async () => {
    expect((await healthWhile(0)).every(({ pausedMs }) => pausedMs === 0)).toBe(true);
  });
});
