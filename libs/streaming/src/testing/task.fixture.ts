import { settingKey, type SettingType, SINGLE_NAME, TOPICS } from '@telltale/contracts';
import { isoTime } from '@telltale/kernel';
import { type LogRecord } from '../ports/broker';
import { applyState, expectSync, type TaskProcessor, type BatchEffects } from '../processor/task-processor';
import { type Topology } from '../service/define-service';

/** A record as a task receives it. */
export const newTestRecord = (topic: string, value: unknown, key: string | null = 'acme', offset = 0): LogRecord => ({
  topic,
  partition: 0,
  offset,
  key,
  value: value === null ? null : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
  headers: {},
  timestampMs: 0,
});

/** A record of the settings topic. */
export function newTestSettingRecord(
  type: SettingType,
  tenant: string,
  value: object | null,
  { name = SINGLE_NAME, version = 1, changedAt = Date.UTC(2026, 0) } = {},
): LogRecord {
  const setting = { type, tenant, name, version, changed_at: isoTime(changedAt), changed_by: 'test', value };
  return newTestRecord(TOPICS.settings.name, setting, settingKey(setting));
}

export interface TestBatch {
  readonly now: number;
  readonly records: readonly LogRecord[];
}

export interface TestTask {
  readonly task: TaskProcessor;
  /** State as the state topic contains it. */
  readonly state: Map<string, Buffer>;
  run(range: TestBatch): BatchEffects;
}

/** A task together with its state topic. */
export function newTestTask(topology: Topology, restored: ReadonlyMap<string, Buffer> = new Map()): TestTask {
  const state = new Map(restored);
  const task = topology.createTask(0, restored);
  return {
    task,
    state,
    run({ now, records }) {
      const effects = expectSync(task.process(records, { source: `${topology.groupId}/0`, partition: 0, now }));
      applyState(state, effects.state);
      return effects;
    },
  };
}

/** The effects of a batch as comparable text. */
export const visibleEffects = ({ outputs, rows, rejections, counts, state }: BatchEffects, { withState = true } = {}): string =>
  JSON.stringify({
    outputs: outputs.map((output) => ({ ...output, value: output.value === null ? null : String(output.value) })),
    rows: [...rows].map(([table, of]) => [table, of.map(String)]),
    rejections,
    counts,
    ...(withState && { state: [...state] }),
  });

/** The effects of the batches when run in one go, and when the task is lost and restored after each of `cuts`. */
export function runWithRestores(topology: Topology, ranges: readonly TestBatch[], cuts: readonly number[]): string[] {
  let task = newTestTask(topology);
  return ranges.map((range, i) => {
    // Compaction changes the order of keys.
    if (cuts.includes(i)) task = newTestTask(topology, new Map([...task.state].reverse()));
    return visibleEffects(task.run(range));
  });
}

export const outputsOf = <T>(effects: BatchEffects, topic: string): T[] =>
  effects.outputs.filter((o) => o.topic === topic && o.value !== null).map((o) => JSON.parse(String(o.value)) as T);

export const rowsOf = <T>(effects: BatchEffects, table: string): T[] =>
  (effects.rows.get(table) ?? []).map((row) => JSON.parse(String(row)) as T);
