import { type LogRecord, type OutputRecord } from '../ports/broker';
import { type Row } from '../ports/row-store';
import { type DlqReason } from '../pipeline/results';
import { type StepTimer } from '../pipeline/step-timer';

/** The only context of a batch: processing has no clock and no randomness. */
export interface BatchContext {
  /** Unique name of this task: `<group>/<partition>`. */
  readonly source: string;
  readonly partition: number;
  /** Batch time in ms since the epoch. Later than that of the batch before, unless a clock that was ahead has been corrected. */
  readonly now: number;
  /** Present while traces are on. Only the pipeline uses it, and nothing follows from it. */
  readonly timer?: StepTimer;
}

/** An input, or a part of one, that goes to the DLQ. */
export interface Rejection {
  readonly record: LogRecord;
  readonly reason: DlqReason;
  readonly step: string;
  /** Names the field and the fix; contains no content. */
  readonly error: string;
  /** When only a part of the record is rejected: that part as a body that can be sent again, with the headers that describe it. */
  readonly part?: { readonly value: Buffer | string; readonly headers: Readonly<Record<string, string>> };
  readonly tenant: string;
}

/** All effects of a batch. */
export interface BatchEffects {
  readonly outputs: OutputRecord[];
  /** Rows by table. */
  readonly rows: ReadonlyMap<string, readonly Row[]>;
  /** State changes by key; null deletes. */
  readonly state: ReadonlyMap<string, Buffer | string | null>;
  readonly rejections: readonly Rejection[];
  /** Counters for metrics, e.g. `dropped_duplicate`. */
  readonly counts?: Readonly<Record<string, number>>;
  /** What a gauge of the catalog, labeled by service and partition, is after the batch: `telltale_open_turns`. */
  readonly gauges?: Readonly<Record<string, number>>;
  /** Call it once nothing reads outputs and rows any more: their bytes may then be overwritten. Not called: they stay. */
  readonly release?: () => void;
}

/** Applies the changes of a batch to `state`. */
export function applyState(state: Map<string, Buffer>, changes: BatchEffects['state']): void {
  for (const [key, value] of changes)
    if (value === null) state.delete(key);
    else state.set(key, Buffer.from(value));
}

/** One task of a pipeline: its state in memory, and a deterministic function from a batch to its effects. */
export interface TaskProcessor {
  /** Deterministic in (state, records, ctx). Records come in declared topic order, then by offset. Calls never overlap. */
  process(records: readonly LogRecord[], ctx: BatchContext): BatchEffects | Promise<BatchEffects>;
  /** Whether an empty batch at `now` would have effects; otherwise none is run. */
  due(now: number): boolean | Promise<boolean>;
}

/** Expects effects without a promise; throws a TypeError otherwise. */
export function expectSync(effects: BatchEffects | Promise<BatchEffects>): BatchEffects {
  if (effects instanceof Promise) throw new TypeError('process() returned a promise');
  return effects;
}
