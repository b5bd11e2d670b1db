import { isFenced, TelltaleError, type Clock } from '@telltale/kernel';
import { type LaneLease, type LogRecord, type OutputRecord, type RecordsTooLarge } from '../ports/event-log';
import { type Log, type Metrics } from '../ports/metrics';
import { type RowStore } from '../ports/row-store';
import { type Seal } from '../ports/seal';
import { isCodeReason } from '../pipeline/results';
import { applyState, checkOutputs, type LaneStage, type RangeContext, type RangeEffects, type Stage } from '../stage';
import { retryTransient } from './backoff';
import { checkRepeat } from './check-repeat';
import { dlqRecord, refusedRow } from './dlq';
import { type Fuse } from './fuse';
import { insertRows } from './insert-rows';
import { nextBatchTime } from './batch-time';
import { announce, announced, endsOf, settle, spansOver, tokenOf, type OffsetRange } from './offset-range';
import { POSITION_KEY, type Position, positionOf, rangeOf, readPosition, SETTINGS_KEY } from './lane-position';
import { transactFitting } from './oversized';
import { type Probe } from './probe';
import { createStateParts } from './state-parts';

export interface LaneLimits {
  /** Most records in one range. */
  readonly maxRecords: number;
  readonly maxBytes: number;
  /** A range that is not full starts at the soonest this long after the one before, so that small ones don't flood the store. */
  readonly lingerMs: number;
  /** How often an idle lane looks whether time alone has an effect. */
  readonly idleMs: number;
}

export interface LaneDeps {
  readonly stage: Stage;
  readonly rows: RowStore;
  readonly seal: Seal;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly limits: LaneLimits;
  readonly fuse: Fuse;
  readonly probe: Probe;
  /** Finish the range at hand, then return. */
  readonly draining: AbortSignal;
  /** Abandon the range at hand and return. */
  readonly terminated: AbortSignal;
  readonly onStatus: (status: LaneStatus) => void;
}

export interface LaneStatus {
  readonly service: string;
  readonly lane: number;
  readonly phase: 'restoring' | 'running' | 'paused' | 'done';
  readonly detail: string;
}

/** Thrown to leave the loop; nothing was committed. */
class Abandoned extends Error {}

/**
 * Owns one lane from fence to release: restores state, repeats the announced range if there is one, then makes ranges.
 * Per range: announce (end, T) -> process -> insert under a token -> one transaction of outputs, state and offsets. The next
 * range's announcement rides in that transaction when its records are already at hand. Each of these transactions also leaves the lane's
 * position in its state: brokers may answer with committed offsets of before a transaction that has ended, for a moment, and the state
 * of a fenced lane cannot be of before. An announcement leaves the settings there, too, where they are others than before: a range that
 * is repeated has those that it was announced with, and only then the lane is opened under those of this process.
 */
export async function runLane(lease: LaneLease, deps: LaneDeps): Promise<void> {
  const { stage, rows, seal, clock, log, metrics, limits, probe } = deps;
  const labels = { service: stage.name, lane: String(lease.lane) };
  const cancel = AbortSignal.any([lease.lost, deps.terminated]);
  const status = (phase: LaneStatus['phase'], detail = '') =>
    deps.onStatus({ service: stage.name, lane: lease.lane, phase, detail });

  /** Calls that wait, at the same time: the tables of a range are inserted side by side. */
  let waiting = 0;
  async function persistently<T>(what: string, work: () => Promise<T>): Promise<T> {
    if (cancel.aborted) throw new Abandoned();
    let paused = false;
    try {
      const result = await retryTransient(async () => [await work()] as const, {
        clock,
        who: `${stage.groupId}:${lease.lane}`,
        signal: cancel,
        onRetry: (error, attempt) => {
          if (!paused) waiting++;
          paused = true;
          status('paused', `${what}: ${error}`);
          metrics.count('telltale_lane_retries_total', { ...labels, what });
          if (attempt % 10 === 0) log.warn('lane_paused', { ...labels, what, error, runbook: 'docs/runbooks/lane-paused.md' });
        },
      });
      if (result === null) throw new Abandoned();
      return result[0];
    } finally {
      if (paused && --waiting === 0) status('running');
    }
  }

  async function timed<T>(phase: string, work: () => Promise<T>): Promise<T> {
    const from = clock.monotonic();
    try {
      return await work();
    } finally {
      metrics.count('telltale_lane_seconds_total', { ...labels, phase }, (clock.monotonic() - from) / 1000);
    }
  }

  const stateParts = createStateParts();
  const positions = new Map<string, number>();
  let lastNow = 0;
  let carry: LogRecord[] = [];
  let lastRangeAt = -Infinity;
  const settings = stage.settings ?? '';
  /** Those that the state has. */
  let announcedUnder = '';
  /** The range that an owner before announced and may have inserted. */
  let repeated: OffsetRange | null = null;
  /** State from which the lane is opened anew once a range of other settings has been repeated; null when there is none. */
  let opensAnewFrom: Map<string, Buffer> | null = null;

  async function restore(): Promise<{ lane: LaneStage; pending: OffsetRange | null }> {
    status('restoring');
    const committed = await persistently('read offsets', () => lease.committed());
    const state = stateParts.join(await persistently('restore state', () => lease.restoreState(stage.stateTopic)));
    const position = readPosition(state);
    const told = state.get(SETTINGS_KEY)?.toString();
    state.delete(POSITION_KEY);
    state.delete(SETTINGS_KEY);
    lastNow = position?.now ?? 0;
    // A group whose offsets expired stands at the log start again; the state knows better.
    for (const [topic, { offset }] of committed) positions.set(topic, Math.max(offset, position?.ends[topic] ?? 0));
    const pending = position?.next === undefined ? announced(committed) : rangeOf(position.next, positions);
    announcedUnder = told ?? '';
    const isOther = pending !== null && told !== undefined && told !== settings;
    opensAnewFrom = isOther ? new Map(state) : null;
    const lane = stage.openLane(lease.lane, state, isOther ? told : undefined);
    for (const [topic, offset] of positions) lease.seek(topic, offset);
    log.info('lane_restored', {
      ...labels,
      state_keys: state.size,
      positions: Object.fromEntries(positions),
      repeats_range: pending !== null,
      other_settings: isOther,
    });
    status('running');
    return { lane, pending };
  }

  const stateRecord = (key: string, value: Buffer | string | null): OutputRecord => ({
    topic: stage.stateTopic,
    partition: lease.lane,
    key,
    value,
  });
  const positionRecord = (position: Position): OutputRecord => stateRecord(POSITION_KEY, JSON.stringify(position));

  /** Records for the next range; empty after an idle wait. */
  async function gather(): Promise<LogRecord[]> {
    const full = () => carry.length >= limits.maxRecords;
    if (!full()) {
      const wait = lastRangeAt + limits.lingerMs - clock.monotonic();
      if (wait > 0) await clock.sleep(wait, AbortSignal.any([cancel, deps.draining]));
      const more = await persistently('poll', () =>
        lease.poll({
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

  function rangeOver(records: readonly LogRecord[], from: ReadonlyMap<string, number>): OffsetRange {
    const { now, takenBackMs } = nextBatchTime(clock.now(), lastNow);
    if (takenBackMs > 0) {
      metrics.count('telltale_batch_time_taken_back_total', labels);
      log.warn('batch_time_taken_back', { ...labels, by_ms: takenBackMs, runbook: 'docs/runbooks/clock-set-back.md' });
    }
    return { now, spans: spansOver(records, from) };
  }

  async function store(effects: RangeEffects, range: OffsetRange, ctx: RangeContext): Promise<OutputRecord[]> {
    if (range === repeated)
      await persistently('check repeat', () =>
        checkRepeat(range, [...effects.rows.keys()], { rows, clock, log, metrics }, labels),
      );
    const comment = `${stage.groupId} lane=${lease.lane} ${[...range.spans].map(([t, s]) => `${t}=${s.from}-${s.end}`).join(' ')}`;
    const refused = await Promise.all(
      [...effects.rows].map(([table, tableRows]) =>
        insertRows(rows, { table, rows: tableRows, token: tokenOf(stage.groupId, lease.lane, range, table), comment }, (work) =>
          persistently(`insert ${table}`, work),
        ),
      ),
    );
    for (const [table, tableRows] of effects.rows)
      metrics.count('telltale_rows_inserted_total', { service: stage.name, table }, tableRows.length);
    return refused.flat().map(({ table, row, error }) => refusedRow(table, row, error, stage.name, ctx));
  }

  /** Runs one announced range to its end; answers the next one when its announcement rode along. */
  async function run(
    lane: LaneStage,
    range: OffsetRange,
    records: readonly LogRecord[],
  ): Promise<{ range: OffsetRange; records: LogRecord[] } | null> {
    const ctx: RangeContext = { source: `${stage.groupId}/${lease.lane}`, lane: lease.lane, now: range.now };
    const ordered = inputOrder(stage.inputs, records);
    const effects = await timed('process', () => persistently('process', async () => lane.process(ordered, ctx)));
    checkOutputs(stage, effects);
    const refused = await timed('insert', () => store(effects, range, ctx));
    probe('after_insert');
    const ends = endsOf(range);
    const outputs: OutputRecord[] = [...effects.outputs];
    for (const rejection of effects.rejections) outputs.push(dlqRecord(rejection, stage.name, ctx, seal));
    outputs.push(...refused);
    for (const [key, value] of stateParts.split(effects.state)) outputs.push(stateRecord(key, value));

    lastNow = range.now;
    if (!deps.draining.aborted)
      carry = await persistently('poll', () =>
        lease.poll({ maxRecords: limits.maxRecords, maxBytes: limits.maxBytes, waitMs: 0 }),
      );
    const mayRide = announcedUnder === settings && carry.length >= limits.maxRecords / 2;
    const next = mayRide ? rangeOver(carry, ends) : null;
    outputs.push(positionRecord(positionOf(range.now, ends, next)));
    probe('before_commit');
    const offsets = next ? announce(next) : settle(ends);
    const transact = (fitting: readonly OutputRecord[]) => persistently('transact', () => lease.transact(fitting, offsets));
    await timed('transact', () => transactFitting(outputs, transact, { stage, ctx, onRefused: reportRefused }));
    for (const [topic, end] of ends) positions.set(topic, end);
    if (opensAnewFrom) applyState(opensAnewFrom, effects.state);
    report(records.length, effects);
    if (!next) return null;
    const rode = { range: next, records: carry };
    carry = [];
    return rode;
  }

  function reportRefused({ oversized, message }: RecordsTooLarge): void {
    metrics.count('telltale_dlq_total', { service: stage.name, reason: 'too_large' }, oversized.length);
    const runbook = 'docs/runbooks/outputs-too-large.md';
    log.warn('outputs_too_large', { ...labels, count: oversized.length, error: message, runbook });
  }

  function report(inputs: number, effects: RangeEffects): void {
    metrics.count('telltale_records_in_total', labels, inputs);
    metrics.count('telltale_ranges_total', labels);
    for (const [what, by] of Object.entries(effects.counts ?? {}))
      if (by > 0) metrics.count('telltale_stage_total', { service: stage.name, what }, by);
    let codeFailures = 0;
    for (const { reason } of effects.rejections) {
      metrics.count('telltale_dlq_total', { service: stage.name, reason });
      if (isCodeReason(reason)) codeFailures++;
    }
    if (deps.fuse.record(Math.max(inputs, effects.rejections.length), codeFailures))
      throw new TelltaleError(
        'rejected',
        `${stage.name}: the DLQ fuse tripped, most inputs fail in a step; see docs/runbooks/fuse-tripped.md`,
      );
  }

  try {
    const restored = await restore();
    const { pending } = restored;
    repeated = pending;
    let { lane } = restored;
    let current: { range: OffsetRange; records: LogRecord[] } | null = null;
    if (pending) current = { range: pending, records: await readAgain(pending) };
    while (current !== null || !(cancel.aborted || deps.draining.aborted)) {
      if (current === null) {
        const records: LogRecord[] = await timed('wait', gather);
        if (records.length === 0 && !lane.due(Math.floor(clock.now()))) continue;
        if (records.length === 0 && deps.draining.aborted) break;
        const range = rangeOver(records, positions);
        lastRangeAt = clock.monotonic();
        const intent = [positionRecord(positionOf(lastNow, positions, range))];
        if (announcedUnder !== settings) intent.push(stateRecord(SETTINGS_KEY, settings));
        await timed('transact', () => persistently('announce', () => lease.transact(intent, announce(range))));
        announcedUnder = settings;
        current = { range, records };
      }
      probe('after_intent');
      current = await run(lane, current.range, current.records);
      if (opensAnewFrom) {
        lane = stage.openLane(lease.lane, opensAnewFrom);
        opensAnewFrom = null;
      }
    }
  } catch (error) {
    if (error instanceof Abandoned) log.info('lane_abandoned', labels);
    else if (isFenced(error)) log.warn('lane_fenced', labels);
    else throw error;
  } finally {
    status('done');
  }

  async function readAgain(range: OffsetRange): Promise<LogRecord[]> {
    const records: LogRecord[] = [];
    for (const [topic, { from, end }] of range.spans)
      if (end > from) records.push(...(await persistently('read again', () => lease.readRange(topic, from, end))));
    return records;
  }
}

/** Topics in the order the stage declares them, offsets ascending: the one order both a first run and a repeat meet. */
export function inputOrder(inputs: readonly string[], records: readonly LogRecord[]): LogRecord[] {
  const rank = new Map(inputs.map((topic, i) => [topic, i]));
  return [...records].sort((a, b) => (rank.get(a.topic) ?? 0) - (rank.get(b.topic) ?? 0) || a.offset - b.offset);
}
