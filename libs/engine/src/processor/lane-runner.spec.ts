import { PermanentError, FencedError, TransientError, type Clock } from '@telltale/kernel';
import { type LaneLease, type LaneOffsets, type LogRecord, type OutputRecord } from '../ports/event-log';
import { type RowBatch, type RowStore } from '../ports/row-store';
import { type RangeEffects, type Stage } from '../stage';
import { createFuse } from './fuse';
import { runLane, type LaneDeps } from './lane-runner';
import { type ProbePoint } from './probe';

// The range protocol, chapter by chapter: announce, process, insert, one transaction; and what happens when each of them fails.

const TOPIC = 'telltale.measures.v1';
const STATE = 'telltale.scorer.state.v1';
const record = (offset: number, value = `v${offset}`): LogRecord => ({
  topic: TOPIC,
  partition: 0,
  offset,
  key: null,
  value: Buffer.from(value),
  headers: {},
  timestampMs: 0,
});

type Transaction = { outputs: readonly OutputRecord[]; offsets: LaneOffsets };

/** A log of one lane in memory: what is committed outlives a runner, as it would a process. */
function newTestLog(records: LogRecord[]) {
  const transactions: Transaction[] = [];
  const state = new Map<string, Buffer>();
  let committed: LaneOffsets = new Map([[TOPIC, { offset: 0, metadata: '' }]]);
  const failures: Error[] = [];
  let behind = 0;
  const answered = (): LaneOffsets =>
    behind === 0 ? committed : (transactions.at(-1 - behind)?.offsets ?? new Map([[TOPIC, { offset: 0, metadata: '' }]]));
  return {
    transactions,
    state,
    /** The broker answers with the offsets of so many transactions ago. */
    lagBy: (count: number) => void (behind = count),
    failNext: (...errors: Error[]) => void failures.push(...errors),
    forgetOffsets: () => (committed = new Map([[TOPIC, { offset: 0, metadata: '' }]])),
    offset: () => committed.get(TOPIC),
    lease(onIdle: () => void): LaneLease {
      let position = 0;
      return {
        groupId: 'telltale.scorer',
        lane: 0,
        topics: [TOPIC],
        lost: new AbortController().signal,
        committed: () => Promise.resolve(answered()),
        restoreState: () => Promise.resolve(new Map(state)),
        seek: (_, offset) => void (position = offset),
        poll({ maxRecords }) {
          const got = records.filter((r) => r.offset >= position).slice(0, maxRecords);
          if (got.length === 0) onIdle();
          position = (got.at(-1)?.offset ?? position - 1) + 1;
          return Promise.resolve(got);
        },
        readRange(_, from, end) {
          position = end;
          return Promise.resolve(records.filter((r) => r.offset >= from && r.offset < end));
        },
        transact(outputs, offsets) {
          const failure = failures.shift();
          if (failure) return Promise.reject(failure);
          transactions.push({ outputs, offsets });
          for (const { topic, key, value } of outputs)
            if (topic !== STATE || key === null) continue;
            else if (value === null) state.delete(key);
            else state.set(key, typeof value === 'string' ? Buffer.from(value) : value);
          committed = offsets;
          return Promise.resolve();
        },
        release: () => Promise.resolve(),
      };
    },
  };
}

/** A store that keeps what a token brings once. */
function newTestStore(refuse: (row: string) => boolean = () => false) {
  const batches: RowBatch[] = [];
  const tokens = new Set<string>();
  const failures: Error[] = [];
  const store: RowStore = {
    insert(batch) {
      const failure = failures.shift();
      if (failure) return Promise.reject(failure);
      if (batch.rows.some(refuse)) return Promise.reject(new PermanentError('rejected', 'no'));
      if (!tokens.has(batch.token)) batches.push(batch);
      tokens.add(batch.token);
      return Promise.resolve();
    },
    query: () => Promise.resolve([]),
    migrate: () => Promise.resolve([]),
    ping: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  return {
    store,
    rows: () => batches.flatMap((b) => b.rows),
    tokens,
    failNext: (...errors: Error[]) => void failures.push(...errors),
  };
}

/** Sums what it has seen: its state and its rows depend on every record before. */
const newTestStage = (over: Partial<RangeEffects> = {}, due: (now: number) => boolean = () => false): Stage => ({
  name: 'scorer',
  groupId: 'telltale.scorer',
  inputs: [TOPIC],
  stateTopic: STATE,
  openLane(_, restored) {
    let seen = Number(restored.get('seen')?.toString() ?? 0);
    return {
      due,
      process(records, ctx) {
        const rows = records.map((r) => JSON.stringify({ value: r.value?.toString(), seen: ++seen, now: ctx.now }));
        return {
          outputs: [],
          rows: new Map([['alerts', rows]]),
          state: new Map([['seen', String(seen)]]),
          rejections: [],
          ...over,
        };
      },
    };
  },
});

function newTestRunner(
  log: ReturnType<typeof newTestLog>,
  sink: ReturnType<typeof newTestStore>,
  over: Partial<LaneDeps> & { at?: number; idleRounds?: number } = {},
) {
  const draining = new AbortController();
  let now = over.at ?? 1_000;
  let rounds = over.idleRounds ?? 1;
  const clock: Clock = { now: () => now++, monotonic: () => 0, sleep: () => Promise.resolve() };
  const none = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const lease = log.lease(() => {
    if (--rounds <= 0) draining.abort();
  });
  return runLane(lease, {
    stage: newTestStage(),
    rows: sink.store,
    seal: {
      seal: (_, plain) => ({ bytes: Buffer.concat([Buffer.from('sealed:'), ...[plain].flat()]), keyDay: '2026-11-23' }),
      open: (_, __, sealed) => Buffer.from(sealed),
    },
    clock,
    log: none,
    metrics: { count: () => undefined, observe: () => undefined, set: () => undefined },
    limits: { maxRecords: 4, maxBytes: 1e6, lingerMs: 0, idleMs: 10 },
    fuse: createFuse({ ratio: 0.5, window: 1_000 }),
    probe: () => undefined,
    draining: draining.signal,
    terminated: new AbortController().signal,
    onStatus: () => undefined,
    ...over,
  });
}

const crashAt = (point: ProbePoint) => (at: ProbePoint) => {
  if (at === point) throw new Error(`crashed ${point}`);
};

describe('chapter 1: a range', () => {
  it('is announced with its end and time before anything happens, and settled with its effects', async () => {
    const log = newTestLog([record(0), record(1)]);
    const sink = newTestStore();
    await newTestRunner(log, sink);
    const [announcement, effects] = log.transactions;
    expect(announcement?.outputs.map((o) => [o.topic, o.key])).toEqual([[STATE, '__position__']]);
    expect(announcement?.offsets.get(TOPIC)).toEqual({ offset: 0, metadata: '{"end":2,"now":1000}' });
    expect(effects?.offsets.get(TOPIC)).toEqual({ offset: 2, metadata: '' });
    expect(effects?.outputs.filter((o) => o.topic === STATE).map((o) => o.key)).toEqual(['seen', '__position__']);
    expect([...sink.tokens]).toEqual([`telltale.scorer:0:${TOPIC}=0-2:1000:alerts`]);
  });

  it('rides its announcement in the transaction of the range before when its records are at hand', async () => {
    const log = newTestLog(Array.from({ length: 8 }, (_, i) => record(i)));
    await newTestRunner(log, newTestStore());
    expect(log.transactions.map((t) => t.offsets.get(TOPIC)?.metadata !== '')).toEqual([true, true, false]);
    expect(log.offset()).toEqual({ offset: 8, metadata: '' });
  });

  it('waits for a stage that answers later, one range after the other', async () => {
    const log = newTestLog(Array.from({ length: 8 }, (_, i) => record(i)));
    const sink = newTestStore();
    const atOnceStage = newTestStage();
    let running = 0;
    const stage: Stage = {
      ...atOnceStage,
      openLane(lane, restored) {
        const inner = atOnceStage.openLane(lane, restored);
        const process: typeof inner.process = async (records, ctx) => {
          expect(++running).toBe(1);
          await new Promise((done) => setImmediate(done));
          running--;
          return inner.process(records, ctx);
        };
        return { ...inner, process };
      },
    };
    await newTestRunner(log, sink, { stage });
    expect(sink.rows().map((row) => (JSON.parse(row) as { seen: number }).seen)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(log.offset()).toEqual({ offset: 8, metadata: '' });
  });

  it('is made without records only when time alone has an effect', async () => {
    const quiet = newTestLog([]);
    await newTestRunner(quiet, newTestStore(), { idleRounds: 3 });
    expect(quiet.transactions).toEqual([]);
    const busy = newTestLog([]);
    await newTestRunner(busy, newTestStore(), { idleRounds: 3, stage: newTestStage({}, () => true) });
    expect(busy.transactions.length).toBeGreaterThan(0);
  });
});

describe('chapter 2: a crash', () => {
  it.each(['after_intent', 'after_insert', 'before_commit'] as const)(
    '%s: the next owner repeats the same range with the same token and time',
    async (point) => {
      const log = newTestLog([record(0), record(1), record(2)]);
      const sink = newTestStore();
      await expect(newTestRunner(log, sink, { probe: crashAt(point) })).rejects.toThrow('crashed');
      await newTestRunner(log, sink, { at: 9_000_000 });
      expect(sink.rows().map((row) => JSON.parse(row) as unknown)).toEqual(
        [0, 1, 2].map((i) => ({ value: `v${i}`, seen: i + 1, now: 1_000 })),
      );
      expect(log.state.get('seen')?.toString()).toBe('3');
    },
  );

  it.each([1, 2])('is made good also while the broker answers with offsets of %i transactions ago', async (behind) => {
    const eight = Array.from({ length: 8 }, (_, i) => record(i));
    const unharmed = newTestStore();
    await newTestRunner(newTestLog(eight), unharmed);
    const log = newTestLog(eight);
    const sink = newTestStore();
    // The second range: the first has settled, and announced it.
    let met = 0;
    const probe = (at: ProbePoint): void => {
      if (at === 'before_commit' && ++met === 2) throw new Error('crashed');
    };
    await expect(newTestRunner(log, sink, { probe })).rejects.toThrow('crashed');
    log.lagBy(behind);
    await newTestRunner(log, sink, { at: 9_000_000 });
    expect(sink.rows()).toEqual(unharmed.rows());
  });

  it('resumes from the state when the group has lost its offsets', async () => {
    const log = newTestLog([record(0), record(1)]);
    const sink = newTestStore();
    await newTestRunner(log, sink);
    log.forgetOffsets();
    await newTestRunner(log, sink, { at: 5_000 });
    expect(sink.rows()).toHaveLength(2);
  });

  it('never lets time go back', async () => {
    const log = newTestLog([record(0)]);
    const sink = newTestStore();
    await newTestRunner(log, sink, { at: 7_000 });
    const more = newTestLog([record(0), record(1)]);
    log.state.forEach((value, key) => more.state.set(key, value));
    await newTestRunner(more, sink, { at: 10 });
    expect(sink.rows().map((row) => (JSON.parse(row) as { now: number }).now)).toEqual([7_000, 7_000]);
  });
});

describe('chapter 3: other settings', () => {
  /** Rows say under which settings they were made, and what was counted before. */
  const newStageUnder = (settings: string): Stage => {
    const counting = newTestStage();
    return {
      ...counting,
      settings,
      openLane(lane, restored, told = settings) {
        const inner = counting.openLane(lane, restored);
        const under = (row: string): string => JSON.stringify({ ...(JSON.parse(row) as object), under: told });
        return {
          ...inner,
          async process(records, ctx) {
            const effects = await inner.process(records, ctx);
            return { ...effects, rows: new Map([...effects.rows].map(([table, rows]) => [table, rows.map(under)])) };
          },
        };
      },
    };
  };
  const told = (sink: ReturnType<typeof newTestStore>): string =>
    sink.rows().map((row) => JSON.parse(row) as { seen: number; under: string }).map(({ seen, under }) => `${seen}${under}`).join(' '); // prettier-ignore
  const eight = Array.from({ length: 8 }, (_, i) => record(i));

  it.each(['after_intent', 'after_insert', 'before_commit'] as const)(
    '%s: the range that was announced is repeated under its own, what follows runs under those of now',
    async (point) => {
      const log = newTestLog(eight);
      const sink = newTestStore();
      await expect(newTestRunner(log, sink, { stage: newStageUnder('a'), probe: crashAt(point) })).rejects.toThrow('crashed');
      await newTestRunner(log, sink, { stage: newStageUnder('b'), at: 9_000_000 });
      expect(told(sink)).toBe('1a 2a 3a 4a 5b 6b 7b 8b');
      expect(log.state.get('__settings__')?.toString()).toBe('b');
    },
  );
  it('hold for a range, too, whose announcement rode along', async () => {
    const log = newTestLog(Array.from({ length: 12 }, (_, i) => record(i)));
    const sink = newTestStore();
    let met = 0;
    const probe = (at: ProbePoint): void => {
      if (at === 'after_insert' && ++met === 2) throw new Error('crashed');
    };
    await expect(newTestRunner(log, sink, { stage: newStageUnder('a'), probe })).rejects.toThrow('crashed');
    await newTestRunner(log, sink, { stage: newStageUnder('b') });
    expect(told(sink)).toBe('1a 2a 3a 4a 5a 6a 7a 8a 9b 10b 11b 12b');
  });
  it('hold at once where nothing is announced, and are written once', async () => {
    const log = newTestLog(eight.slice(0, 4));
    const sink = newTestStore();
    await newTestRunner(log, sink, { stage: newStageUnder('a') });
    const more = newTestLog(eight);
    log.state.forEach((value, key) => more.state.set(key, value));
    await newTestRunner(more, sink, { stage: newStageUnder('b') });
    expect(told(sink)).toBe('1a 2a 3a 4a 5b 6b 7b 8b');
    const written = [...log.transactions, ...more.transactions].flatMap(({ outputs }) =>
      outputs.filter(({ key }) => key === '__settings__').map(({ value }) => value),
    );
    expect(written).toEqual(['a', 'b']);
  });
  it('are not guessed for a range that was announced before they were kept', async () => {
    const log = newTestLog(eight);
    const sink = newTestStore();
    await expect(newTestRunner(log, sink, { probe: crashAt('after_intent') })).rejects.toThrow('crashed');
    await newTestRunner(log, sink, { stage: newStageUnder('b') });
    expect(told(sink)).toBe('1b 2b 3b 4b 5b 6b 7b 8b');
  });
});

describe('chapter 4: the other side fails', () => {
  it('commits nothing while the sink is down, waits, and loses nothing', async () => {
    const log = newTestLog([record(0)]);
    const sink = newTestStore();
    sink.failNext(new TransientError('unavailable', 'down'), new TransientError('unavailable', 'down'));
    await newTestRunner(log, sink);
    expect(sink.rows()).toHaveLength(1);
    expect(log.offset()?.offset).toBe(1);
  });

  it('halves a refused batch down to the offending row and sends that to the DLQ in the same transaction', async () => {
    const log = newTestLog([record(0), record(1, 'bad'), record(2), record(3)]);
    const sink = newTestStore((row) => row.includes('bad'));
    await newTestRunner(log, sink);
    expect(sink.rows().map((row) => (JSON.parse(row) as { value: string }).value)).toEqual(['v0', 'v2', 'v3']);
    const dlq = log.transactions.at(-1)?.outputs.filter((o) => o.topic === 'telltale.dlq.v1');
    expect(dlq?.map((o) => o.headers?.['x-dlq-reason'])).toEqual(['sink_rejected']);
  });

  it('drops the work when another owner has taken over', async () => {
    const log = newTestLog([record(0)]);
    const sink = newTestStore();
    log.failNext(new FencedError('taken'));
    await newTestRunner(log, sink);
    expect(sink.rows()).toEqual([]);
    expect(log.offset()?.offset).toBe(0);
  });

  it('ends when most inputs fail in a step: then the code is wrong, not the data', async () => {
    const log = newTestLog([record(0), record(1)]);
    const failing = newTestStage({
      rejections: [0, 1].map((i) => ({
        record: record(i),
        reason: 'step_failed' as const,
        step: 's',
        error: 'TypeError',
        tenant: 't',
      })),
    });
    await expect(
      newTestRunner(log, newTestStore(), { stage: failing, fuse: createFuse({ ratio: 0.5, window: 2 }) }),
    ).rejects.toThrow(/fuse/);
  });

  it('does not take wrong data for wrong code', async () => {
    const log = newTestLog([record(0), record(1)]);
    const poisoned = newTestStage({
      rejections: [0, 1].map((i) => ({
        record: record(i),
        reason: 'undecodable' as const,
        step: 's',
        error: 'not JSON',
        tenant: 't',
      })),
    });
    await newTestRunner(log, newTestStore(), { stage: poisoned, fuse: createFuse({ ratio: 0.5, window: 2 }) });
    expect(log.transactions.at(-1)?.outputs.filter((o) => o.topic === 'telltale.dlq.v1')).toHaveLength(2);
  });

  it('seals what goes to the DLQ from a raw topic', async () => {
    const log = newTestLog([record(0)]);
    const raw: LogRecord = { ...record(0, 'my secret'), topic: 'telltale.raw.v1' };
    await newTestRunner(log, newTestStore(), {
      stage: newTestStage({
        rejections: [{ record: raw, reason: 'undecodable', step: 'decode', error: 'not JSON', tenant: 't' }],
      }),
    });
    const sent = log.transactions.at(-1)?.outputs.find((o) => o.topic === 'telltale.dlq.v1');
    expect(sent?.value?.toString()).toBe('sealed:my secret');
    expect(sent?.headers).toMatchObject({ 'tt-sealed': '2026-11-23', 'x-dlq-reason': 'undecodable' });
  });
});
