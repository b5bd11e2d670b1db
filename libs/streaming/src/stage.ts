import { type LogRecord, type OutputRecord } from './ports/broker';
import { type DlqReason } from './pipeline/results';

/** What a stage knows about the range it is given. Nothing else about the world: no clock, no randomness. */
export interface BatchContext {
  /** Name of this source, one for each task: `<group>/<partition>`. */
  readonly source: string;
  readonly partition: number;
  /** T: the one time of this range, ms since the epoch. Later than that of the range before, unless a clock that was ahead has been set right. */
  readonly now: number;
}

/** An input, or a part of one, that goes to the DLQ. */
export interface Rejection {
  readonly record: LogRecord;
  readonly reason: DlqReason;
  readonly step: string;
  /** Names the field and the fix; never holds content. */
  readonly error: string;
  /** When only a part of the record is refused: that part, as a body that could be sent again, with the headers that describe it. */
  readonly part?: { readonly value: Buffer | string; readonly headers: Readonly<Record<string, string>> };
  readonly tenant: string;
}

/** Everything a range does to the world. */
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

/** Brings `state` to where a range's changes leave it. */
export function applyState(state: Map<string, Buffer>, changes: BatchEffects['state']): void {
  for (const [key, value] of changes)
    if (value === null) state.delete(key);
    else state.set(key, Buffer.from(value));
}

/** One task's worth of a stage: its state in memory and the deterministic step from a range to its effects. */
export interface TaskProcessor {
  /** Deterministic in (state, records, ctx). Records come in order of topic as declared, then offset. Never called again before it is done. */
  process(records: readonly LogRecord[], ctx: BatchContext): BatchEffects | Promise<BatchEffects>;
  /** Whether an empty range at `now` would have effects; when not, none is made. */
  due(now: number): boolean;
}

/** The effects of a task that has nothing to wait for; a TypeError where it does. */
export function expectSync(effects: BatchEffects | Promise<BatchEffects>): BatchEffects {
  if (effects instanceof Promise) throw new TypeError('the task answers later');
  return effects;
}

/** Throws where effects go to a topic that the stage does not name: its definition is what docs and lag are derived from. */
export function checkOutputs({ name, outputs: declared }: Pick<Stage, 'name' | 'outputs'>, { outputs }: BatchEffects): void {
  const other = outputs.find(({ topic }) => !declared.includes(topic));
  if (other) throw new Error(`${name} writes to ${other.topic}, which its definition does not name as an output`);
}

export interface Stage {
  /** Service name: enricher, scorer, costs, verbosity, incidents. */
  readonly name: string;
  readonly groupId: string;
  readonly inputs: readonly string[];
  readonly stateTopic: string;
  /** Topics it writes to, beside its state and the DLQ; what it writes elsewhere is a fault. */
  readonly outputs: readonly string[];
  /**
   * What people set of it, as text: the same for the same settings. A range runs under the settings that it was announced with, also
   * when a process that has others repeats it.
   */
  readonly settings?: string;
  /** `restored`: state as it was at the end of the task's last range, by key. `settings`: those to run under, where they are not its own. */
  createTask(partition: number, restored: ReadonlyMap<string, Buffer>, settings?: string): TaskProcessor;
}
