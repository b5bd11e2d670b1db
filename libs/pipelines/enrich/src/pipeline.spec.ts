import { testData } from '@telltale/testkit';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { native, newTestEnricher, record, T } from './enrich.fixture';

const MINUTE = 60_000;

describe('time', () => {
  it.each([
    ['old', { ts: T - 11 * MINUTE }, {}, true],
    ['fresh', { ts: T - 9 * MINUTE }, {}, false],
    ['said to be old', {}, { headers: { 'tt-backfill': '1' } }, true],
  ])('of %s events tells whether they are history', (_, of, headers, backfill) => {
    const { run, events } = newTestEnricher();
    expect(events(run([record(native(of), headers)]))[0]!.backfill).toBe(backfill);
  });
  it('of the latest event is the watermark, never ahead of the range, and is kept', () => {
    const first = newTestEnricher();
    expect(first.measures(first.run([record(native({ ts: T + MINUTE }))]))[0]!.watermark).toBe(new Date(T).toISOString());
    const second = newTestEnricher({}, first.state);
    expect(second.measures(second.run([record(native({ ts: T - MINUTE, name: 'b' }))], T + 1))[0]!.watermark).toBe(
      new Date(T).toISOString(),
    );
  });
});

describe('repeats', () => {
  const sent = [record([native({ id: 'x' }), native({ id: 'y' })])];
  it.each([
    ['in one range', 0],
    ['in the next', 1],
    ['nine minutes later', 9 * MINUTE],
  ])('%s count once', (_, later) => {
    const { run, events } = newTestEnricher();
    const first = run(later === 0 ? [...sent, ...sent] : sent);
    const second = later === 0 ? first : run(sent, T + later);
    expect(events(first)).toHaveLength(2);
    expect(second.counts).toMatchObject({ dropped_duplicate: 2 });
  });
  it('count again after ten minutes and a bit, when their state is gone too', () => {
    const { run, events, state, sut } = newTestEnricher();
    run(sent);
    expect(sut.due(T + 10 * MINUTE)).toBe(false);
    expect(sut.due(T + 11 * MINUTE)).toBe(true);
    run([], T + 11 * MINUTE);
    expect([...state.keys()].filter((key) => key.startsWith('ids/'))).toEqual([]);
    expect(sut.due(T + 11 * MINUTE)).toBe(false);
    expect(events(run(sent, T + 11 * MINUTE))).toHaveLength(2);
  });
  it('are known to who takes the task over', () => {
    const before = newTestEnricher();
    before.run(sent);
    before.run([record(native({ id: 'z' }))], T);
    const after = newTestEnricher({}, before.state);
    expect(after.run([...sent, record(native({ id: 'z' }))], T + 1).counts).toMatchObject({ dropped_duplicate: 3 });
  });
  it('of another tenant are not repeats', () => {
    const { run, events } = newTestEnricher();
    expect(
      events(run([record(native({ id: 'x' })), record(native({ id: 'x' }), { headers: { 'tt-tenant': 'other' } })])),
    ).toHaveLength(2);
  });
  it('are remembered within bounds', () => {
    const { run, state } = newTestEnricher({ maxIds: 100 });
    for (let minute = 0; minute < 5; minute++)
      run([record(Array.from({ length: 60 }, (_, i) => native({ id: `${minute}-${i}` })))], T + minute * MINUTE);
    expect([...state.keys()].filter((key) => key.startsWith('ids/')).length).toBeLessThanOrEqual(3);
  });
});

describe('log templates', () => {
  it('are reported once, also to who takes the task over', () => {
    const log = (body: string) => record(native({ kind: 'log', body, id: body }));
    const before = newTestEnricher();
    const rows = before.run([log('took 5 ms'), log('took 6 ms'), log('stopped')]).rows.get('log_templates') ?? [];
    expect(rows.map((row) => (JSON.parse(row) as { template: string }).template)).toEqual(['took <*>', 'stopped']);
    expect(
      newTestEnricher({}, before.state)
        .run([log('took 7 ms')])
        .rows.has('log_templates'),
    ).toBe(false);
  });
});

describe('series', () => {
  it('are bounded per tenant and day, also for who takes the task over', () => {
    const named = (from: number) => [
      record(Array.from({ length: 10 }, (_, i) => native({ name: `n${from + i}`, service_name: 'bot' }))),
    ];
    const before = newTestEnricher({ maxSeriesPerTenant: 5 });
    expect(before.measures(before.run(named(0)))).toHaveLength(6);
    const after = newTestEnricher({ maxSeriesPerTenant: 5 }, before.state);
    const effects = after.run(named(20), T + 1);
    expect(after.measures(effects).map(({ dimensions }) => dimensions['name'])).toEqual(['__overflow__']);
    expect(effects.counts).toMatchObject({ series_overflow: 10 });
    expect(after.measures(after.run(named(40), T + 24 * 60 * MINUTE))).toHaveLength(6);
    expect([...after.state.keys()].filter((key) => key.startsWith('series/'))).toHaveLength(5);
  });
});

const text = (effects: ReturnType<ReturnType<typeof newTestEnricher>['run']>): string =>
  JSON.stringify([
    effects.outputs,
    [...effects.rows],
    [...effects.state].map(([key, value]) => [key, value === null ? null : String(value)]),
    effects.rejections,
    effects.counts,
  ]);

describe('a range', () => {
  const item = fc.oneof(
    fc.record({ id: fc.constantFrom('a', 'b', 'c'), name: fc.constantFrom('x', 'y@z.co', 'n1', 'n2', 'n3', 'n4'), ts: fc.integer({ min: T - 20 * MINUTE, max: T + 2 * MINUTE }), kind: fc.constantFrom('llm', 'log', 'turn', 'dance'), body: fc.string({ maxLength: 8 }) }, { requiredKeys: ['ts', 'kind'] }),
    fc.constant(7),
  ).map((of): unknown => (typeof of === 'number' ? of : native(of))); // prettier-ignore
  const range = fc.array(
    fc.array(item, { maxLength: 4 }).map((items) => record(items)),
    { maxLength: 4 },
  );
  it('has the same effects again, byte by byte, from the same state', () => {
    fc.assert(
      fc.property(range, range, fc.nat(15 * MINUTE), (first, second, later) => {
        const live = newTestEnricher({ maxSeriesPerTenant: 3, maxTemplates: 3 });
        live.run(first);
        const restored = newTestEnricher({ maxSeriesPerTenant: 3, maxTemplates: 3 }, live.state);
        expect(text(restored.run(second, T + later))).toBe(text(live.run(second, T + later)));
      }),
      { numRuns: 400 },
    );
  });

  it('writes no half surrogate, which tables refuse', () => {
    const { run } = newTestEnricher();
    const effects = run([record(`{"kind":"llm","ts":${T},"service_name":"bot","input":"a\\ud83d b \\\\ud83d c"}`)]);
    const json = effects.rows.get('events')![0]!;
    expect(JSON.parse(json)).toMatchObject({ input: 'a\ufffd b \\ud83d c' });
  });
});

const { path: file, describeData, leftOut } = testData('tau-airline', 'gpt-4o-airline.json');
describeData(`200 real conversations${leftOut}`, () => {
  it('come out as 200 sessions, 1,164 tool events, 73 tool errors and 116 failed scores', () => {
    const { run, events } = newTestEnricher();
    const records = (JSON.parse(readFileSync(file, 'utf8')) as unknown[]).map((one) =>
      record(one, { headers: { 'tt-format': 'openai-chat' } }),
    );
    const effects = run(records);
    const all = events(effects);
    expect(effects.rejections).toEqual([]);
    expect(new Set(all.filter(({ kind }) => kind === 'session').map(({ session_id }) => session_id)).size).toBe(200);
    expect(all.filter(({ kind }) => kind === 'tool')).toHaveLength(1_164);
    expect(all.filter(({ kind, status }) => kind === 'tool' && status === 'error')).toHaveLength(73);
    expect(all.filter(({ score_label }) => score_label === 'fail')).toHaveLength(116);
  });
});
