import { applyState, atOnce, type LaneStage, type LogRecord, type RangeEffects, type Stage } from '@telltale/engine';

/** A record as a lane reads it. */
export const newTestRecord = (topic: string, value: unknown, key: string | null = 'acme', offset = 0): LogRecord => ({
  topic,
  partition: 0,
  offset,
  key,
  value: value === null ? null : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
  headers: {},
  timestampMs: 0,
});

export interface TestRange {
  readonly now: number;
  readonly records: readonly LogRecord[];
}

export interface TestLane {
  readonly lane: LaneStage;
  /** State as the state topic would hold it. */
  readonly state: Map<string, Buffer>;
  run(range: TestRange): RangeEffects;
}

/** A lane with its state topic beside it. */
export function newTestLane(stage: Stage, restored: ReadonlyMap<string, Buffer> = new Map()): TestLane {
  const state = new Map(restored);
  const lane = stage.openLane(0, restored);
  return {
    lane,
    state,
    run({ now, records }) {
      const effects = atOnce(lane.process(records, { source: `${stage.groupId}/0`, lane: 0, now }));
      applyState(state, effects.state);
      return effects;
    },
  };
}

const visible = ({ outputs, rows, rejections, counts, state }: RangeEffects): unknown => ({
  outputs,
  rows: [...rows],
  rejections,
  counts,
  state: [...state],
});

/** What the ranges do when run in one go, and when the lane is lost and restored after each of `cuts`. */
export function runWithCuts(stage: Stage, ranges: readonly TestRange[], cuts: readonly number[]): string[] {
  let lane = newTestLane(stage);
  return ranges.map((range, i) => {
    // Compaction does not keep the order in which keys were first written.
    if (cuts.includes(i)) lane = newTestLane(stage, new Map([...lane.state].reverse()));
    return JSON.stringify(visible(lane.run(range)));
  });
}

export const outputsOf = <T>(effects: RangeEffects, topic: string): T[] =>
  effects.outputs.filter((o) => o.topic === topic && o.value !== null).map((o) => JSON.parse(String(o.value)) as T);

export const rowsOf = <T>(effects: RangeEffects, table: string): T[] =>
  (effects.rows.get(table) ?? []).map((row) => JSON.parse(row) as T);
