import { type LogRecord, type OutputRecord } from '../ports/broker';
import { type DlqReason } from '../pipeline/results';

/** What a task knows about the batch it is given. Nothing else about the world: no clock, no randomness. */
export interface BatchContext {
  /** Name of this source, one for each task: `<group>/<partition>`. */
  readonly source: string;
  readonly partition: number;
  /** The batch time, ms since the epoch. Later than that of the batch before, unless a clock that was ahead has been set right. */
  readonly now: number;
}

/** An input, or a part of one, that goes to the DLQ. */
export interface Rejection {
  readonly record: LogRecord;
  readonly reason: DlqReason;
  readonly step: string;
  /** Names the field and the fix; never holds content. */
  readonly error: string;
  /** When only a part of the record is rejected: that part, as a body that could be sent again, with the headers that describe it. */
  readonly part?: { readonly value: Buffer | string; readonly headers: Readonly<Record<string, string>> };
  readonly tenant: string;
}

/** Everything a batch does to the world. */
export interface BatchEffects {
  readonly outputs: OutputRecord[];
  /** Rows by table, each one JSON object as text. */
  readonly rows: ReadonlyMap<string, readonly string[]>;
  /** State changes by key; null deletes. */
  readonly state: ReadonlyMap<string, Buffer | string | null>;
  readonly rejections: readonly Rejection[];
  /** Counters for metrics, e.g. `dropped_duplicate`. */
  readonly counts?: Readonly<Record<string, number>>;
}

/** Brings `state` to where a batch's changes leave it. */
export function applyState(state: Map<string, Buffer>, changes: BatchEffects['state']): void {
  for (const [key, value] of changes)
    if (value === null) state.delete(key);
    else state.set(key, Buffer.from(value));
}

/** One task of a pipeline: its state in memory and the deterministic step from a batch to its effects. */
export interface TaskProcessor {
  /** Deterministic in (state, records, ctx). Records come in order of topic as declared, then offset. Never called again before it is done. */
  process(records: readonly LogRecord[], ctx: BatchContext): BatchEffects | Promise<BatchEffects>;
  /** Whether an empty batch at `now` would have effects; when not, none is made. */
  due(now: number): boolean;
}

/** The effects of a task that has nothing to wait for; a TypeError where it does. */
export function expectSync(effects: BatchEffects | Promise<BatchEffects>): BatchEffects {
  if (effects instanceof Promise) throw new TypeError('process() returned a promise');
  return effects;
}
