import { FencedError, PermanentError, TransientError } from '@telltale/kernel';
import { type LogRecord } from '../ports/broker';
import { type Topology } from '../service/define-service';
import { createDlqLimit } from './dlq-limit';
import {
  crashAt,
  newTestBroker,
  newTestRunner,
  newTestTopology,
  newTestStore,
  record,
  STATE,
  TOPIC,
} from './task-runner.fixture';
import { type FailpointName } from './failpoint';

const timesOf = (sink: ReturnType<typeof newTestStore>): number[] =>
  sink.rows().map((row) => (JSON.parse(row) as { now: number }).now);

// The batch protocol step by step: write intent, process, insert, commit in one transaction; and what happens when each of them fails.

describe('chapter 1: a batch', () => {
  it('writes its intent (end and time) before anything else, and commits together with its effects', async () => {
    const log = newTestBroker([record(0), record(1)]);
    const sink = newTestStore();
    await newTestRunner(log, sink);
    const [intent, effects] = log.transactions;
    expect(intent?.outputs.map((o) => [o.topic, o.key])).toEqual([[STATE, '__position__']]);
    expect(intent?.offsets.get(TOPIC)).toEqual({ offset: 0, metadata: '{"end":2,"now":1000}' });
    expect(effects?.offsets.get(TOPIC)).toEqual({ offset: 2, metadata: '' });
    expect(effects?.outputs.filter((o) => o.topic === STATE).map((o) => o.key)).toEqual(['seen', '__position__']);
    expect([...sink.tokens]).toEqual([`telltale.scorer:0:${TOPIC}=0-2:1000:alerts`]);
  });

  it('writes its intent in the transaction of the batch before when its records have already arrived', async () => {
    const log = newTestBroker(Array.from({ length: 8 }, (_, i) => record(i)));
    await newTestRunner(log, newTestStore());
    expect(log.transactions.map((t) => t.offsets.get(TOPIC)?.metadata !== '')).toEqual([true, true, false]);
    expect(log.offset()).toEqual({ offset: 8, metadata: '' });
  });

  it('awaits a processor that returns a promise, one batch after the other', async () => {
    const log = newTestBroker(Array.from({ length: 8 }, (_, i) => record(i)));
    const sink = newTestStore();
    const syncTopology = newTestTopology();
    let running = 0;
    const topology: Topology = {
      ...syncTopology,
      createTask(task, restored) {
        const inner = syncTopology.createTask(task, restored);
        const process: typeof inner.process = async (records, ctx) => {
          expect(++running).toBe(1);
          await new Promise((done) => setImmediate(done));
          running--;
          return inner.process(records, ctx);
        };
        return { ...inner, process };
      },
    };
    await newTestRunner(log, sink, { topology });
    expect(sink.rows().map((row) => (JSON.parse(row) as { seen: number }).seen)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(log.offset()).toEqual({ offset: 8, metadata: '' });
  });

  it('runs without records only when time alone has an effect', async () => {
    const quiet = newTestBroker([]);
    await newTestRunner(quiet, newTestStore(), { idleRounds: 3 });
    expect(quiet.transactions).toEqual([]);
    const busy = newTestBroker([]);
    await newTestRunner(busy, newTestStore(), { idleRounds: 3, topology: newTestTopology({}, () => true) });
    expect(busy.transactions.length).toBeGreaterThan(0);
  });
});

describe('the bytes of a batch', () => {
  it.each<[string, Error[], boolean]>([
    ['are given back once it is committed', [], true],
    ['are kept when an insert failed, for that may still read them', [new TransientError('unavailable', 'no')], false],
    ['are kept when the store rejects a row, for that goes to the DLQ', [new PermanentError('rejected', 'no')], false],
  ])('%s', async (_, failures, isReleased) => {
    const log = newTestBroker([record(0)]);
    const sink = newTestStore();
    sink.failNext(...failures);
    const released: number[] = [];
    await newTestRunner(log, sink, { topology: newTestTopology({ release: () => released.push(log.transactions.length) }) });
    expect(log.offset()).toEqual({ offset: 1, metadata: '' });
    expect(released).toEqual(isReleased ? [log.transactions.length] : []);
  });
});

describe('chapter 2: a crash', () => {
  it.each(['after_intent', 'after_insert', 'before_commit'] as const)(
    '%s: the next owner repeats the same batch with the same token and time',
    async (point) => {
      const log = newTestBroker([record(0), record(1), record(2)]);
      const sink = newTestStore();
      await expect(newTestRunner(log, sink, { failpoint: crashAt(point) })).rejects.toThrow('crashed');
      await newTestRunner(log, sink, { at: 9_000_000 });
      expect(sink.rows().map((row) => JSON.parse(row) as unknown)).toEqual(
        [0, 1, 2].map((i) => ({ value: `v${i}`, seen: i + 1, now: 1_000 })),
      );
      expect(log.state.get('seen')?.toString()).toBe('3');
    },
  );

  it.each([1, 2])('is also recovered from while the broker returns offsets of %i transactions ago', async (behind) => {
    const eight = Array.from({ length: 8 }, (_, i) => record(i));
    const unharmed = newTestStore();
    await newTestRunner(newTestBroker(eight), unharmed);
    const log = newTestBroker(eight);
    const sink = newTestStore();
    // The second batch: the commit of the first wrote its intent.
    let met = 0;
    const failpoint = (at: FailpointName): void => {
      if (at === 'before_commit' && ++met === 2) throw new Error('crashed');
    };
    await expect(newTestRunner(log, sink, { failpoint })).rejects.toThrow('crashed');
    log.lagBy(behind);
    await newTestRunner(log, sink, { at: 9_000_000 });
    expect(sink.rows()).toEqual(unharmed.rows());
  });

  it('resumes from the state when the group has lost its offsets', async () => {
    const log = newTestBroker([record(0), record(1)]);
    const sink = newTestStore();
    await newTestRunner(log, sink);
    log.forgetOffsets();
    await newTestRunner(log, sink, { at: 5_000 });
    expect(sink.rows()).toHaveLength(2);
  });

  it('does not set batch time back when the clock of the next owner is slightly behind', async () => {
    const log = newTestBroker([record(0)]);
    const sink = newTestStore();
    await newTestRunner(log, sink, { at: 7_000 });
    const more = newTestBroker([record(0), record(1)]);
    log.state.forEach((value, key) => more.state.set(key, value));
    await newTestRunner(more, sink, { at: 10 });
    expect(timesOf(sink)).toEqual([7_000, 7_001]);
  });
});

describe('chapter 3: a backend fails', () => {
  it('commits nothing while the store is down, retries, and loses nothing', async () => {
    const log = newTestBroker([record(0)]);
    const sink = newTestStore();
    sink.failNext(new TransientError('unavailable', 'down'), new TransientError('unavailable', 'down'));
    await newTestRunner(log, sink);
    expect(sink.rows()).toHaveLength(1);
    expect(log.offset()?.offset).toBe(1);
  });

  it('bisects a rejected batch down to the offending row and sends that to the DLQ in the same transaction', async () => {
    const log = newTestBroker([record(0), record(1, 'bad'), record(2), record(3)]);
    const sink = newTestStore((row) => row.includes('bad'));
    await newTestRunner(log, sink);
    expect(sink.rows().map((row) => (JSON.parse(row) as { value: string }).value)).toEqual(['v0', 'v2', 'v3']);
    const dlq = log.transactions.at(-1)?.outputs.filter((o) => o.topic === 'telltale.dlq.v1');
    expect(dlq?.map((o) => o.headers?.['x-dlq-reason'])).toEqual(['sink_rejected']);
  });

  it('drops the work when another owner has taken over', async () => {
    const log = newTestBroker([record(0)]);
    const sink = newTestStore();
    log.failNext(new FencedError('taken'));
    await newTestRunner(log, sink);
    expect(sink.rows()).toEqual([]);
    expect(log.offset()?.offset).toBe(0);
  });

  it('ends the task when most inputs fail in a step, because then the code is wrong', async () => {
    const log = newTestBroker([record(0), record(1)]);
    const failing = newTestTopology({
      rejections: [0, 1].map((i) => ({
        record: record(i),
        reason: 'step_failed' as const,
        step: 's',
        error: 'TypeError',
        tenant: 't',
      })),
    });
    await expect(
      newTestRunner(log, newTestStore(), { topology: failing, dlqLimit: createDlqLimit({ ratio: 0.5, window: 2 }) }),
    ).rejects.toThrow(/DLQ limit was exceeded/);
  });

  it('commits nothing when a service writes to a topic or table that its definition does not name', async () => {
    const log = newTestBroker([record(0)]);
    const sink = newTestStore();
    const topology = newTestTopology({ outputs: [{ topic: 'telltale.other.v1', key: null, value: 'x' }] });
    await expect(newTestRunner(log, sink, { topology })).rejects.toThrow('scorer writes to telltale.other.v1');
    expect([log.offset()?.offset, sink.rows()]).toEqual([0, []]);
  });

  it('does not end the task for wrong data', async () => {
    const log = newTestBroker([record(0), record(1)]);
    const poisoned = newTestTopology({
      rejections: [0, 1].map((i) => ({
        record: record(i),
        reason: 'undecodable' as const,
        step: 's',
        error: 'not JSON',
        tenant: 't',
      })),
    });
    await newTestRunner(log, newTestStore(), { topology: poisoned, dlqLimit: createDlqLimit({ ratio: 0.5, window: 2 }) });
    expect(log.transactions.at(-1)?.outputs.filter((o) => o.topic === 'telltale.dlq.v1')).toHaveLength(2);
  });

  it('encrypts what goes to the DLQ from a raw topic', async () => {
    const log = newTestBroker([record(0)]);
    const raw: LogRecord = { ...record(0, 'my secret'), topic: 'telltale.raw.v1' };
    await newTestRunner(log, newTestStore(), {
      topology: newTestTopology({
        rejections: [{ record: raw, reason: 'undecodable', step: 'decode', error: 'not JSON', tenant: 't' }],
      }),
    });
    const sent = log.transactions.at(-1)?.outputs.find((o) => o.topic === 'telltale.dlq.v1');
    expect(sent?.value?.toString()).toBe('encrypted:my secret');
    expect(sent?.headers).toMatchObject({ 'tt-encryption-key-id': '2026-11-23', 'x-dlq-reason': 'undecodable' });
  });
});

describe('chapter 4: a clock is set a day ahead, and back', () => {
  const now = 1_764_000_000_000;
  const tomorrow = now + 86_400_000;
  const five = Array.from({ length: 5 }, (_, i) => record(i));

  /** The next owner of the task of `log`, with all records; returns its warnings and counts. */
  async function nextOwner(log: ReturnType<typeof newTestBroker>, sink: ReturnType<typeof newTestStore>, at: number) {
    const more = newTestBroker(five);
    log.state.forEach((value, key) => more.state.set(key, value));
    const warned: unknown[] = [];
    const counted: string[] = [];
    const none = (): void => undefined;
    await newTestRunner(more, sink, {
      at,
      logger: { debug: none, info: none, error: none, warn: (message, fields) => void warned.push([message, fields?.['by_ms']]) },
      metrics: { count: (name) => void counted.push(name), observe: none, set: none },
    });
    return { log: more, warned, counted };
  }

  it('continues from the current clock and reports it once', async () => {
    const log = newTestBroker(five.slice(0, 1));
    const sink = newTestStore();
    await newTestRunner(log, sink, { at: tomorrow });
    const { warned, counted } = await nextOwner(log, sink, now);
    expect(timesOf(sink)).toEqual([tomorrow, now, now, now, now]);
    expect(warned).toEqual([['batch_time_taken_back', tomorrow - now]]);
    expect(counted.filter((name) => name === 'telltale_batch_time_taken_back_total')).toHaveLength(1);
  });

  it('repeats a batch with the wrong time of its intent, and only then continues from the clock', async () => {
    const log = newTestBroker(five.slice(0, 1));
    const sink = newTestStore();
    await expect(newTestRunner(log, sink, { at: tomorrow, failpoint: crashAt('after_insert') })).rejects.toThrow('crashed');
    await nextOwner(log, sink, now);
    const [repeated, ...rest] = timesOf(sink);
    expect(repeated).toBe(tomorrow);
    // The test clock advances on every read.
    expect(rest.map((time) => time >= now && time < now + 100)).toEqual([true, true, true, true]);
    expect(sink.tokens.size).toBe(2);
  });
});

describe('chapter 5: a task is taken away, or the service ends', () => {
  const ways: [string, boolean][] = [['taken away', true], ['ended', false]]; // prettier-ignore

  /** Runs a task that is cancelled by what it does. */
  async function cancelled(isLost: boolean, doing: (cancel: () => void, sink: ReturnType<typeof newTestStore>) => object) {
    const stop = new AbortController();
    const broker = newTestBroker([record(0)]);
    const sink = newTestStore();
    const log: typeof broker = {
      ...broker,
      assignment: (onIdle) => ({ ...broker.assignment(onIdle), ...(isLost && { lost: stop.signal }) }),
    };
    await newTestRunner(log, sink, {
      ...(!isLost && { terminated: stop.signal }),
      ...doing(() => stop.abort(), sink),
    });
    return { offset: broker.offset()?.offset, rows: sink.rows() };
  }

  it.each(ways)('a batch whose task is %s while the store is down is not committed', async (_, isLost) => {
    const after = await cancelled(isLost, (cancel, { store }) => {
      const insert = () => (cancel(), Promise.reject(new TransientError('unavailable', 'down')));
      return { rows: { ...store, insert } };
    });
    expect(after).toEqual({ offset: 0, rows: [] });
  });

  it.each(ways)('a batch whose task is %s before its rows are inserted leaves none', async (_, isLost) => {
    const after = await cancelled(isLost, (cancel) => {
      const failpoint = (at: FailpointName): void => void (at === 'after_intent' && cancel());
      return { failpoint };
    });
    expect(after).toEqual({ offset: 0, rows: [] });
  });
});
