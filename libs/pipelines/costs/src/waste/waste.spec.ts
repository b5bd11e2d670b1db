import {
  TOPICS,
  type TurnRecord,
  turnRecord,
  turnRowAndRecord,
  type TurnWaste,
  type WasteRecord,
  wasteRecord,
} from '@telltale/contracts';
import {
  describeWrittenState, newTestRecord, newTestTask, outputsOf, rowsOf, runWithRestores, type TestBatch, type TestTask,
} from '@telltale/streaming/testing'; // prettier-ignore
import { join } from 'node:path';
import { wasteConfig } from './config';
import { wasteService } from './service';

const T = Date.UTC(2026, 0, 31, 12);
const MINUTE = 60_000;
const SCOPE = 'answer gpt-4o';

const newWasteTask = (config: object = {}, restored?: ReadonlyMap<string, Buffer>): TestTask =>
  newTestTask(wasteService.open(wasteConfig.parse(config), undefined), restored);

/** A turn that began `minute` minutes after T, with one call. */
const turn = (id: string, minute: number, of: Partial<TurnRecord> = {}, call: object = {}): TurnRecord => {
  const ts = new Date(T + minute * MINUTE).toISOString();
  const made = { scope: SCOPE, model: 'gpt-4o', span: `span-${id}`, at: T + minute * MINUTE, end: T + minute * MINUTE + 500, nano: 1_000, input: 1_000, ...call };
  const waste: TurnWaste = { calls: [made as never], models: [{ model: 'gpt-4o', nano: made.nano, calls: 1, unpriced: 0, reasoning: 0 }] };
  return turnRecord.parse({
    tenant: 'acme', turn_id: id, trace_id: id, revision: 1, ts, first_minute: ts, received_at: ts, expires_on: '2026-03-02', service_name: 'bot', outcome: 'answered', session_id: 's1', waste, ...of,
  });
}; // prettier-ignore
const claimOf = (rule: string, lost: number) => ({
  rule,
  model: 'gpt-4o',
  lost,
  avoidable: lost,
  calls: 1,
  unpriced: 0,
  spans: ['a', 'b'],
  detail: '',
});
const claiming = (id: string, minute: number, lost: readonly number[], of: Partial<TurnRecord> = {}): TurnRecord =>
  turn(id, minute, {
    waste: { claims: lost.map((nano, i) => claimOf(i === 0 ? 'repeated_llm_call' : 'output_cap', nano)) as never },
    ...of,
  });
const recordOf = (one: TurnRecord, key = one.session_id || one.trace_id) =>
  newTestRecord(TOPICS.turns.name, turnRowAndRecord(one)[1], key);

interface Row {
  readonly turn_id: string;
  readonly turn_key: string;
  readonly rule: string;
  readonly calls: number;
  readonly nano_lost: number;
  readonly detail: string;
  readonly written_at: string;
}
const run = (task: TestTask, minute: number, turns: readonly TurnRecord[], keys: readonly string[] = []) => {
  const effects = task.run({ now: T + minute * MINUTE, records: turns.map((one, i) => recordOf(one, keys[i])) });
  const rows = rowsOf<Row>(effects, 'waste');
  return {
    effects,
    rows,
    lost: rows.map((row) => [row.turn_id, row.rule, row.calls, row.nano_lost]),
    records: outputsOf<WasteRecord>(effects, TOPICS.waste.name),
  };
};
const growing = (n: number, of: Partial<TurnRecord> = {}): TurnRecord[] =>
  Array.from({ length: n }, (_, i) => turn(`t${i}`, i, of, { input: 1_000 + i * 4_000 }));

describe('what a turn claims of itself', () => {
  it('becomes a row, and a delta of its hour with the fix', () => {
    const { rows, records } = run(newWasteTask(), 1, [claiming('t1', 0, [600], { sampling_weight: 3, intent: 'track order' })]);
    expect(rows).toMatchObject([{ turn_id: 't1', turn_key: 's1', rule: 'repeated_llm_call', nano_lost: 1_800, turns: 3, intent: 'track order', span_ids: ['a', 'b'] }]); // prettier-ignore
    expect(records).toMatchObject([{ tenant: 'acme', hour: '2026-01-31T12:00:00.000Z', service_name: 'bot', turns: 3, nano_lost: 1_800, evidence: ['t1'] }]); // prettier-ignore
    expect(records.map((one) => wasteRecord.parse(one))).toEqual(records);
  });

  it('is replaced by what a revision says: what fell away is written without calls, and taken back from the hour', () => {
    const task = newWasteTask();
    run(task, 1, [claiming('t1', 0, [600, 300])]);
    const { lost, records } = run(task, 2, [claiming('t1', 0, [700], { revision: 2 })]);
    expect(lost).toEqual([
      ['t1', 'repeated_llm_call', 1, 700],
      ['t1', 'output_cap', 0, 0],
    ]);
    expect(records.map((one) => [one.rule, one.turns, one.nano_lost])).toEqual([
      ['repeated_llm_call', 0, 100],
      ['output_cap', -1, -300],
    ]);
  });

  it('is not written again by the same or an earlier revision', () => {
    const task = newWasteTask();
    run(task, 1, [claiming('t1', 0, [600], { revision: 2 })]);
    const again = run(task, 2, [claiming('t1', 0, [600], { revision: 2 }), claiming('t1', 0, [100])]);
    expect([again.rows, again.records]).toEqual([[], []]);
  });

  it('is taken back where the turn was, when it has moved to another session', () => {
    const task = newWasteTask();
    const before = claiming('t1', 0, [600], { session_id: '', user_id: 'u1' });
    run(task, 1, [before], ['u1']);
    const after = claiming('t1', 0, [600], { session_id: 's9', user_id: 'u1', revision: 2 });
    const moved = run(task, 2, [after, after], ['s9', 'u1']);
    expect(moved.rows.map((row) => [row.turn_key, row.calls])).toEqual([
      ['u1', 0],
      ['s9', 1],
    ]);
    expect(moved.records).toEqual([]);
  });
});

describe('what turns say beside each other', () => {
  it('is found by the turn that shows it, whatever order they come in', () => {
    const turns = growing(6);
    const inOrder = newWasteTask();
    const one = turns.flatMap((of, i) => run(inOrder, i + 1, [of]).lost);
    const shuffled = run(
      newWasteTask(),
      9,
      [3, 0, 5, 1, 4, 2].map((i) => turns[i] as TurnRecord),
    ).lost;
    expect(one.map(([id, rule]) => [id, rule])).toEqual(['t3', 't4', 't5'].map((id) => [id, 'context_growth']));
    expect(shuffled).toEqual(one);
  });

  it('is corrected when an earlier turn comes late', () => {
    const task = newWasteTask();
    run(task, 9, growing(5).slice(1));
    const { lost } = run(task, 10, growing(5).slice(0, 1));
    expect(lost.map(([id, rule]) => [id, rule])).toContainEqual(['t3', 'context_growth']);
  });

  it('waits until a cache that was written can be read no more', () => {
    const task = newWasteTask();
    const write = { write: 5_000, read: 0, input: 5_200 };
    expect(run(task, 1, [turn('t1', 0, {}, write)]).lost).toEqual([]);
    expect(task.task.due(T + 10 * MINUTE)).toBe(false);
    expect(task.task.due(T + 11 * MINUTE)).toBe(true);
    // A quarter of the price of 5,000 tokens written, of a call that wrote these and read 200.
    expect(run(task, 11, []).lost).toEqual([['t1', 'cache_write_unread', 1, 193]]);
    expect(task.task.due(T + 30 * MINUTE)).toBe(false);
  });

  it.each([
    ['in its session', { session_id: 's1' }],
    ['in another session that begins the same', { session_id: 's2' }],
  ])('is none where the cache is read %s', (_, of) => {
    const task = newWasteTask();
    const blocks = '20:aaaaaabbbbbb';
    run(task, 1, [turn('t1', 0, {}, { write: 5_000, read: 0, input: 5_200, blocks })]);
    run(task, 3, [turn('t2', 2, of, { read: 5_000, input: 5_400, blocks })]);
    expect(run(task, 30, []).lost).toEqual([]);
  });
});

describe('what is kept', () => {
  it('is bounded in a session by its newest turns; the beginning is remembered', () => {
    const task = newWasteTask();
    const lost = growing(30).flatMap((of, i) => run(task, i + 1, [of]).lost);
    expect(lost).toHaveLength(27);
    expect([...task.state.keys()].filter((key) => key.startsWith('turn/'))).toHaveLength(12);
    expect(run(task, 40, [turn('late', 1)]).effects.counts).toMatchObject({ late_turns: 1 });
  });

  it('is bounded in memory: the tenant with the most gives way, by what nothing touched for the longest', () => {
    const task = newWasteTask({ WASTE_MAX_BYTES: 100_000 });
    const counts = Array.from(
      { length: 200 },
      (_, i) => run(task, i / 100, [turn(`t${i}`, 0, { session_id: `s${i}` })]).effects.counts,
    );
    run(task, 3, [turn('other', 0, { tenant: 'small' })]);
    expect(counts.some((one) => (one?.['waste_sessions_over_limit'] ?? 0) > 0)).toBe(true);
    expect([...task.state.keys()].filter((key) => key.startsWith('turn/')).length).toBeLessThan(100);
    expect(run(task, 4, [turn('other', 0, { tenant: 'small' })]).effects.counts).toMatchObject({ outdated_turns: 1 });
  });

  it('is forgotten after half an hour', () => {
    const task = newWasteTask();
    run(task, 1, growing(4));
    run(task, 32, []);
    expect(task.state.size).toBe(0);
  });

  const batches: TestBatch[] = [...growing(8), claiming('c1', 3, [600, 300]), claiming('c1', 3, [100], { revision: 2 }), turn('w', 9, { session_id: 's3' }, { write: 4_000, read: 0 })].map((of, i) => ({
    now: T + (10 + i) * MINUTE,
    records: [recordOf(of)],
  })); // prettier-ignore
  const all: TestBatch[] = [...batches, { now: T + 60 * MINUTE, records: [] }];
  it('does the same when the task is lost and restored', () => {
    const open = () => wasteService.open(wasteConfig.parse({}), undefined);
    for (let cut = 1; cut < all.length; cut++)
      expect(runWithRestores(open(), all, [cut])).toEqual(runWithRestores(open(), all, []));
  });

  describeWrittenState(join(__dirname, 'state', 'written'), wasteService.open(wasteConfig.parse({}), undefined), {
    before: all.slice(0, 9),
    after: all.slice(9),
  });

  it.each([
    ['no JSON', 'secret{', 'undecodable'],
    ['an unknown rule', { ...turn('t1', 0), waste: { claims: [{ rule: 'secret', model: '' }] } }, 'invalid_field'],
  ])('goes to the DLQ when it has %s', (_, value, reason) => {
    const effects = newWasteTask().run({ now: T, records: [newTestRecord(TOPICS.turns.name, value, 's1')] });
    expect(effects.rejections).toMatchObject([{ reason }]);
    expect(effects.rejections[0]?.error).not.toContain('secret');
  });
});
