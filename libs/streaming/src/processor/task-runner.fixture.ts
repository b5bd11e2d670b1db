import { PermanentError, type Clock } from '@telltale/kernel';
import { type TaskAssignment, type TaskOffsets, type LogRecord, type OutputRecord, RecordsTooLarge } from '../ports/broker';
import { type DedupWindow, type RowBatch, type RowStore } from '../ports/row-store';
import { type BatchEffects } from './task-processor';
import { type Topology } from '../service/define-service';
import { createDlqLimit } from './dlq-limit';
import { type TaskDeps } from './task-deps';
import { runTask } from './task-runner';
import { type FailpointName } from './failpoint';

export const TOPIC = 'telltale.measures.v1';
export const STATE = 'telltale.scorer.state.v1';
const OUTPUTS = ['telltale.anomalies.v1', 'telltale.events.v1'];
export const record = (offset: number, value = `v${offset}`): LogRecord => ({
  topic: TOPIC,
  partition: 0,
  offset,
  key: null,
  value: Buffer.from(value),
  headers: {},
  timestampMs: 0,
});

/** Bytes may be overwritten after the transaction. */
const copied = (output: OutputRecord): OutputRecord =>
  Buffer.isBuffer(output.value) ? { ...output, value: Buffer.from(output.value) } : output;

type Transaction = { outputs: readonly OutputRecord[]; offsets: TaskOffsets };

/** An in-memory broker for one task; what is committed survives a runner as it would survive a process. */
export function newTestBroker(records: LogRecord[], topics: readonly string[] = [TOPIC]) {
  const atStart: TaskOffsets = new Map(topics.map((topic) => [topic, { offset: 0, metadata: '' }]));
  const transactions: Transaction[] = [];
  const state = new Map<string, Buffer>();
  let committed = atStart;
  const failures: Error[] = [];
  let behind = 0;
  const limits = new Map<string, number>();
  const oversized = (outputs: readonly OutputRecord[]) =>
    outputs.flatMap(({ topic, value }, index) => {
      const [bytes, limit] = [value?.length ?? 0, limits.get(topic) ?? Infinity];
      return bytes > limit ? [{ index, topic, bytes, limit }] : [];
    });
  const answered = (): TaskOffsets => (behind === 0 ? committed : (transactions.at(-1 - behind)?.offsets ?? atStart));
  return {
    transactions,
    state,
    /** The broker returns the offsets as of this many transactions ago. */
    lagBy: (count: number) => void (behind = count),
    failNext: (...errors: Error[]) => void failures.push(...errors),
    takeAtMost: (topic: string, bytes: number) => void limits.set(topic, bytes),
    forgetOffsets: () => (committed = atStart),
    offset: () => committed.get(TOPIC),
    assignment(onIdle: () => void): TaskAssignment {
      const positions = new Map<string, number>();
      const of = (topic: string): LogRecord[] => records.filter((one) => one.topic === topic);
      return {
        groupId: 'telltale.scorer',
        partition: 0,
        topics,
        lost: new AbortController().signal,
        committed: () => Promise.resolve(answered()),
        restoreState: () => Promise.resolve(new Map(state)),
        endOf: (topic) => Promise.resolve((of(topic).at(-1)?.offset ?? -1) + 1),
        seek: (topic, offset) => void positions.set(topic, offset),
        poll({ maxRecords }) {
          const got = records.filter((r) => r.offset >= (positions.get(r.topic) ?? 0)).slice(0, maxRecords);
          if (got.length === 0) onIdle();
          for (const { topic, offset } of got) positions.set(topic, offset + 1);
          return Promise.resolve(got);
        },
        readRange(topic, from, end) {
          positions.set(topic, end);
          return Promise.resolve(of(topic).filter((r) => r.offset >= from && r.offset < end));
        },
        transact(outputs, offsets) {
          const failure = failures.shift();
          if (failure) return Promise.reject(failure);
          const refused = oversized(outputs);
          if (refused.length > 0) return Promise.reject(new RecordsTooLarge(refused));
          transactions.push({ outputs: outputs.map(copied), offsets });
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

/** A store that takes the rows of each token once. */
export function newTestStore(refuse: (row: string) => boolean = () => false) {
  const batches: (RowBatch & { readonly rows: readonly string[] })[] = [];
  const tokens = new Set<string>();
  const failures: Error[] = [];
  const windows: DedupWindow[] = [];
  const store: RowStore = {
    insert(batch) {
      const failure = failures.shift();
      if (failure) return Promise.reject(failure);
      const rows = batch.rows.map(String);
      if (rows.some(refuse)) return Promise.reject(new PermanentError('rejected', 'no'));
      if (!tokens.has(batch.token)) batches.push({ ...batch, rows });
      tokens.add(batch.token);
      return Promise.resolve();
    },
    query: () => Promise.resolve([]),
    lines: () => Promise.reject(new Error('not part of this test')),
    parquet: () => Promise.reject(new Error('not part of this test')),
    migrate: () => Promise.resolve([]),
    sizeDedupWindows: () => Promise.resolve([]),
    dedupWindows: () => Promise.resolve(windows),
    limitSystemLogs: () => Promise.resolve({ limited: [], unlimited: [] }),
    ping: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  return {
    store,
    rows: () => batches.flatMap((b) => b.rows),
    tokens,
    windows,
    failNext: (...errors: Error[]) => void failures.push(...errors),
  };
}

/** A processor that keeps a running sum: its state and rows depend on every earlier record. */
export const newTestTopology = (over: Partial<BatchEffects> = {}, due: (now: number) => boolean = () => false): Topology => ({
  name: 'scorer',
  groupId: 'telltale.scorer',
  inputs: [TOPIC],
  readFirst: [],
  stateTopic: STATE,
  outputs: OUTPUTS,
  tables: ['alerts', 'events'],
  createTask(_, restored) {
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

export function newTestRunner(
  log: ReturnType<typeof newTestBroker>,
  sink: ReturnType<typeof newTestStore>,
  over: Partial<TaskDeps> & { at?: number; idleRounds?: number } = {},
) {
  const draining = new AbortController();
  let now = over.at ?? 1_000;
  let rounds = over.idleRounds ?? 1;
  const clock: Clock = { now: () => now++, monotonic: () => 0, sleep: () => Promise.resolve() };
  const none = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const assignment = log.assignment(() => {
    if (--rounds <= 0) draining.abort();
  });
  return runTask(assignment, {
    topology: newTestTopology(),
    rows: sink.store,
    encryptor: {
      encrypt: (_, plain) => ({ bytes: Buffer.concat([Buffer.from('encrypted:'), ...[plain].flat()]), keyId: '2026-11-23' }),
      decrypt: (_, __, encrypted) => Buffer.from(encrypted),
    },
    clock,
    logger: none,
    metrics: { count: () => undefined, observe: () => undefined, set: () => undefined },
    limits: { maxRecords: 4, maxBytes: 1e6, lingerMs: 0, idleMs: 10 },
    dlqLimit: createDlqLimit({ ratio: 0.5, window: 1_000 }),
    failpoint: () => undefined,
    draining: draining.signal,
    terminated: new AbortController().signal,
    onStatus: () => undefined,
    onPending: () => undefined,
    ...over,
  });
}

export const crashAt = (point: FailpointName) => (at: FailpointName) => {
  if (at === point) throw new Error(`crashed ${point}`);
};
