import { isFenced, PermanentError, TelltaleError } from '@telltale/kernel';
import { type TaskAssignment, type LogRecord, type OutputRecord, type RecordsTooLarge } from '../ports/broker';
import { applyState, type TaskProcessor, type BatchContext, type BatchEffects } from './task-processor';
import { checkEffects } from '../service/define-service';
import { retryTransient } from './backoff';
import { checkRepeat } from './check-repeat';
import { dlqRecord, rejectedRow } from './dlq';
import { insertRows } from './insert-rows';
import { nextBatchTime } from './batch-time';
import {
  encodeIntent,
  readIntent,
  endOffsets,
  committedOffsets,
  spansOver,
  tokenOf,
  byTopicThenOffset,
  type OffsetRange,
} from './offset-range';
import { CHECKPOINT_KEY, type Checkpoint, checkpointOf, rangeOf, readCheckpoint, SETTINGS_KEY } from './checkpoint';
import { transactFitting } from './oversized';
import { createStateParts } from './state-parts';
import { type TaskDeps, type TaskStatus } from './task-deps';
import { createTaskMetrics } from './task-metrics';

/** Thrown to leave the loop; nothing was committed. */
class ShutdownCancelled extends Error {}

/**
 * Owns one task from fencing to release: restores state, repeats the batch of a pending intent, then runs batches.
 *
 * Per batch: write the intent (end offsets and batch time) -> process -> insert under a token -> one transaction of outputs, state and
 * offsets. That transaction also writes the intent of the next batch when its records have already arrived.
 *
 * Each transaction also writes the checkpoint to the state topic: for a moment, brokers may return offsets from before the last
 * transaction, but state restored after fencing is never older. An intent also writes the settings if they changed: a repeated batch runs
 * under the settings of its intent; after it, the task is created again under the settings of this process.
 */
export async function runTask(assignment: TaskAssignment, deps: TaskDeps): Promise<void> {
  const { topology, rows, encryptor, clock, logger, metrics, limits, failpoint } = deps;
  const batchMetrics = createTaskMetrics({ ...topology, partition: assignment.partition }, deps);
  const { labels, timed } = batchMetrics;
  const cancel = AbortSignal.any([assignment.lost, deps.terminated]);
  const status = (phase: TaskStatus['phase'], detail = '') =>
    deps.onStatus({ service: topology.name, partition: assignment.partition, phase, detail });

  /** Number of stalled calls: the tables of a batch are inserted concurrently. */
  let stalledCalls = 0;
  /** Calls that failed at least once: what they were given may still be read. */
  let failures = 0;
  async function withRetry<T>(operation: string, work: () => Promise<T>): Promise<T> {
    if (cancel.aborted) throw new ShutdownCancelled();
    let paused = false;
    try {
      const result = await retryTransient(async () => [await work()] as const, {
        clock,
        caller: `${topology.groupId}:${assignment.partition}`,
        signal: cancel,
        onRetry: (error, attempt) => {
          if (!paused) stalledCalls++;
          failures++;
          paused = true;
          status('paused', `${operation}: ${error}`);
          batchMetrics.retried(operation);
          if (attempt % 10 === 0)
            logger.warn('task_stalled', { ...labels, operation, error, runbook: 'docs/runbooks/task-stalled.md' });
        },
      });
      if (result === null) throw new ShutdownCancelled();
      return result[0];
    } finally {
      if (paused && --stalledCalls === 0) status('running');
    }
  }

  const stateParts = createStateParts();
  const positions = new Map<string, number>();
  let lastNow = 0;
  let carry: LogRecord[] = [];
  let lastBatchAt = -Infinity;
  let hasReadFirst = false;
  const settings = topology.settings ?? '';
  /** The settings in the stored state. */
  let intentSettings = '';
  /** The batch whose intent a previous owner wrote; its rows may already be inserted. */
  let repeated: OffsetRange | null = null;
  /** Set while a batch is repeated under other settings: the state from which the task is created again afterwards. */
  let reopenFromCheckpoint: Map<string, Buffer> | null = null;

  async function restore(): Promise<{ task: TaskProcessor; pending: OffsetRange | null }> {
    status('restoring');
    const committed = await withRetry('read offsets', () => assignment.committed());
    const state = stateParts.join(await withRetry('restore state', () => assignment.restoreState(topology.stateTopic)));
    const checkpoint = readCheckpoint(state);
    const storedSettings = state.get(SETTINGS_KEY)?.toString();
    state.delete(CHECKPOINT_KEY);
    state.delete(SETTINGS_KEY);
    lastNow = checkpoint?.now ?? 0;
    // A group whose offsets expired is at the log start again; the checkpoint is more recent.
    for (const [topic, { offset }] of committed) positions.set(topic, Math.max(offset, checkpoint?.ends[topic] ?? 0));
    const pending = checkpoint?.next === undefined ? readIntent(committed) : rangeOf(checkpoint.next, positions);
    intentSettings = storedSettings ?? '';
    const settingsDiffer = pending !== null && storedSettings !== undefined && storedSettings !== settings;
    reopenFromCheckpoint = settingsDiffer ? new Map(state) : null;
    const task = topology.createTask(assignment.partition, state, settingsDiffer ? storedSettings : undefined);
    for (const [topic, offset] of positions) assignment.seek(topic, offset);
    logger.info('task_restored', {
      ...labels,
      state_keys: state.size,
      positions: Object.fromEntries(positions),
      repeats_range: pending !== null,
      other_settings: settingsDiffer,
    });
    status('running');
    return { task, pending };
  }

  const stateRecord = (key: string, value: Buffer | string | null): OutputRecord => ({
    topic: topology.stateTopic,
    partition: assignment.partition,
    key,
    value,
  });
  const checkpointRecord = (checkpoint: Checkpoint): OutputRecord => stateRecord(CHECKPOINT_KEY, JSON.stringify(checkpoint));

  /** What was set by now, so that no record is taken under less. */
  async function readFirst(): Promise<LogRecord[]> {
    const records: LogRecord[] = [];
    for (const topic of topology.readFirst) {
      if (!assignment.topics.includes(topic))
        throw new PermanentError(
          'config',
          `${topic} has no partition ${assignment.partition}, which ${topology.name} needs: give it as many partitions as the other topics`,
        );
      const from = positions.get(topic) ?? 0;
      const end = await withRetry('read settings', () => assignment.endOf(topic));
      if (end > from) records.push(...(await withRetry('read settings', () => assignment.readRange(topic, from, end))));
    }
    return records;
  }

  /** Records of the next batch; empty after an idle wait. */
  async function gather(): Promise<LogRecord[]> {
    if (!hasReadFirst) {
      hasReadFirst = true;
      const first = await readFirst();
      if (first.length > 0) return first;
    }
    const full = () => carry.length >= limits.maxRecords;
    if (!full()) {
      const wait = lastBatchAt + limits.lingerMs - clock.monotonic();
      if (wait > 0) await clock.sleep(wait, AbortSignal.any([cancel, deps.draining]));
      const more = await withRetry('poll', () =>
        assignment.poll({
          maxRecords: limits.maxRecords - carry.length,
          maxBytes: limits.maxBytes,
          waitMs: carry.length > 0 ? 0 : limits.idleMs,
        }),
      );
      carry = carry.concat(more);
    }
    const records = carry;
    carry = [];
    return records;
  }

  function batchOver(records: readonly LogRecord[], from: ReadonlyMap<string, number>): OffsetRange {
    const { now, takenBackMs } = nextBatchTime(clock.now(), lastNow);
    if (takenBackMs > 0) {
      metrics.count('telltale_batch_time_taken_back_total', labels);
      logger.warn('batch_time_taken_back', { ...labels, by_ms: takenBackMs, runbook: 'docs/runbooks/clock-set-back.md' });
    }
    return { now, spans: spansOver(records, from) };
  }

  async function store(effects: BatchEffects, range: OffsetRange, ctx: BatchContext): Promise<OutputRecord[]> {
    if (range === repeated)
      await withRetry('check repeat', () =>
        checkRepeat(range, [...effects.rows.keys()], { rows, clock, logger, metrics }, labels),
      );
    const comment = `${topology.groupId} task=${assignment.partition} ${[...range.spans].map(([t, s]) => `${t}=${s.from}-${s.end}`).join(' ')}`;
    const rejected = await Promise.all(
      [...effects.rows].map(([table, tableRows]) =>
        insertRows(
          batchMetrics.measured(rows),
          { table, rows: tableRows, token: tokenOf(topology.groupId, assignment.partition, range, table), comment },
          (work) => withRetry(`insert ${table}`, work),
        ),
      ),
    );
    return rejected.flat().map(({ table, row, error }) => rejectedRow(table, row, error, topology.name, ctx));
  }

  /** Runs one batch whose intent is written; returns the next batch when its intent was written by the same commit. */
  async function run(
    task: TaskProcessor,
    range: OffsetRange,
    records: readonly LogRecord[],
  ): Promise<{ range: OffsetRange; records: LogRecord[] } | null> {
    const ctx: BatchContext = {
      source: `${topology.groupId}/${assignment.partition}`,
      partition: assignment.partition,
      now: range.now,
      ...batchMetrics.timing,
    };
    const ordered = batchMetrics.began(range, byTopicThenOffset(topology.inputs, records));
    const effects = await timed('process', () => withRetry('process', async () => task.process(ordered, ctx)));
    checkEffects(topology, effects);
    const failuresBefore = failures;
    const rejected = await timed('insert', () => store(effects, range, ctx));
    batchMetrics.stored(ordered, effects);
    failpoint('after_insert');
    const ends = endOffsets(range);
    const outputs: OutputRecord[] = [...effects.outputs];
    for (const rejection of effects.rejections) outputs.push(dlqRecord(rejection, topology.name, ctx, encryptor));
    outputs.push(...rejected);
    for (const [key, value] of stateParts.split(effects.state)) outputs.push(stateRecord(key, value));

    lastNow = range.now;
    if (hasReadFirst && !deps.draining.aborted)
      carry = await withRetry('poll', () =>
        assignment.poll({ maxRecords: limits.maxRecords, maxBytes: limits.maxBytes, waitMs: 0 }),
      );
    const canPiggybackIntent = intentSettings === settings && carry.length >= limits.maxRecords / 2;
    const next = canPiggybackIntent ? batchOver(carry, ends) : null;
    outputs.push(checkpointRecord(checkpointOf(range.now, ends, next)));
    failpoint('before_commit');
    const offsets = next ? encodeIntent(next) : committedOffsets(ends);
    const transact = (fitting: readonly OutputRecord[]) => withRetry('commit', () => assignment.transact(fitting, offsets));
    await batchMetrics.committing(() => transactFitting(outputs, transact, { topology, ctx, onOversized: reportOversized }));
    for (const [topic, end] of ends) positions.set(topic, end);
    if (reopenFromCheckpoint) applyState(reopenFromCheckpoint, effects.state);
    if (failures === failuresBefore && rejected.length === 0) effects.release?.();
    report(records.length, effects);
    if (!next) return null;
    const nextRecords = carry;
    carry = [];
    return { range: next, records: nextRecords };
  }

  function reportOversized({ oversized, message }: RecordsTooLarge): void {
    failures++;
    batchMetrics.tooLarge(oversized.length);
    const runbook = 'docs/runbooks/outputs-too-large.md';
    logger.warn('outputs_too_large', { ...labels, count: oversized.length, error: message, runbook });
  }

  function report(inputs: number, effects: BatchEffects): void {
    const codeFailures = batchMetrics.committed(inputs, effects);
    if (deps.dlqLimit.record(Math.max(inputs, effects.rejections.length), codeFailures))
      throw new TelltaleError(
        'rejected',
        `${topology.name}: the DLQ limit was exceeded, most inputs fail in a step; see docs/runbooks/dlq-limit-exceeded.md`,
      );
  }

  try {
    const restored = await batchMetrics.restoring(restore);
    const { pending } = restored;
    repeated = pending;
    let { task } = restored;
    let current: { range: OffsetRange; records: LogRecord[] } | null = null;
    if (pending) current = { range: pending, records: await refetch(pending) };
    while (current !== null || !(cancel.aborted || deps.draining.aborted)) {
      if (current === null) {
        const records: LogRecord[] = await timed('wait', gather);
        deps.onPending(records);
        if (records.length === 0 && !(await task.due(Math.floor(clock.now())))) continue;
        if (records.length === 0 && deps.draining.aborted) break;
        const range = batchOver(records, positions);
        lastBatchAt = clock.monotonic();
        const intent = [checkpointRecord(checkpointOf(lastNow, positions, range))];
        if (intentSettings !== settings) intent.push(stateRecord(SETTINGS_KEY, settings));
        await timed('commit', () => withRetry('write intent', () => assignment.transact(intent, encodeIntent(range))));
        intentSettings = settings;
        current = { range, records };
      }
      failpoint('after_intent');
      current = await run(task, current.range, current.records);
      deps.onPending(current?.records ?? carry);
      if (reopenFromCheckpoint) {
        task = topology.createTask(assignment.partition, reopenFromCheckpoint);
        reopenFromCheckpoint = null;
      }
    }
  } catch (error) {
    const how = error instanceof ShutdownCancelled ? 'cancelled' : isFenced(error) ? 'fenced' : 'failed';
    batchMetrics.interrupted(how, error);
    if (how === 'cancelled') logger.info('task_cancelled', labels);
    else if (how === 'fenced') logger.warn('task_fenced', labels);
    else throw error;
  } finally {
    batchMetrics.ended();
    status('done');
  }

  async function refetch(range: OffsetRange): Promise<LogRecord[]> {
    const records: LogRecord[] = [];
    for (const [topic, { from, end }] of range.spans)
      if (end > from) records.push(...(await withRetry('read again', () => assignment.readRange(topic, from, end))));
    return records;
  }
}
