import { testData } from '@telltale/testkit';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { TOPICS } from '@telltale/contracts';
import { TransientError } from '@telltale/kernel';
import { type BatchEffects } from '@telltale/streaming';
import { runWithRestores, visibleEffects } from '@telltale/streaming/testing';
import { native, newTestEnricher, newTestTopology, record, T } from './enrich.fixture';

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
    expect(first.measureRecords(first.run([record(native({ ts: T + MINUTE }))]))[0]!.watermark).toBe(new Date(T).toISOString());
    const second = newTestEnricher({}, first.state);
    expect(second.measureRecords(second.run([record(native({ ts: T - MINUTE, name: 'b' }))], T + 2_000))[0]!.watermark).toBe(
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

describe('the bytes of events', () => {
  const bytesOf = (effects: BatchEffects): Buffer => effects.rows.get('events')![0] as Buffer;

  it('are the same for the topic and for the table', () => {
    const { run } = newTestEnricher();
    const effects = run([record(native({ id: 'x' }))]);
    expect(effects.outputs.find(({ topic }) => topic === TOPICS.events.name)?.value).toBe(bytesOf(effects));
  });
  it('stay until the batch is released; then the next one takes their place', () => {
    const { run } = newTestEnricher();
    const first = run([record(native({ id: 'first' }))]);
    const second = run([record(native({ id: 'second' }))]);
    expect(JSON.parse(String(bytesOf(first)))).toMatchObject({ id: 'first' });
    second.release?.();
    const third = run([record(native({ id: 'third!' }))]);
    expect(bytesOf(second).equals(bytesOf(third))).toBe(true);
    expect(JSON.parse(String(bytesOf(first)))).toMatchObject({ id: 'first' });
  });
});

describe('a batch that fails half way', () => {
  it('goes on where it failed, and comes to what it would have come to', async () => {
    const large = (id: string) => native({ id, input: 'x'.repeat(600_000) });
    const records = ['a', 'b', 'c'].map((id, offset) =>
      record([large(`${id}1`), large(`${id}2`)], { offset, headers: { 'tt-backfill': '1' } }),
    );
    let asked = 0;
    const disturbed = newTestEnricher({
      storedEvents: () => (++asked === 2 ? Promise.reject(new TransientError('unavailable', 'no')) : Promise.resolve([])),
    });
    await expect(disturbed.runLater(records)).rejects.toThrow('no');
    const resumed = await disturbed.runLater(records);
    expect(asked).toBe(4);
    const calm = newTestEnricher({ storedEvents: () => Promise.resolve([]) });
    expect(visibleEffects(resumed)).toBe(visibleEffects(await calm.runLater(records)));
  });
});

describe('log templates', () => {
  it('are reported once, also to who takes the task over', () => {
    const log = (body: string) => record(native({ kind: 'log', body, id: body }));
    const before = newTestEnricher();
    const rows = before.run([log('took 5 ms'), log('took 6 ms'), log('stopped')]).rows.get('log_templates') ?? [];
    expect(rows.map((row) => (JSON.parse(String(row)) as { template: string }).template)).toEqual(['took <*>', 'stopped']);
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
    const effects = after.run(named(20), T + 2_000);
    expect(after.measures(effects).map(({ dimensions }) => dimensions['name'])).toEqual(['__overflow__']);
    expect(effects.counts).toMatchObject({ series_overflow: 10 });
    expect(after.measures(after.run(named(40), T + 24 * 60 * MINUTE))).toHaveLength(6);
    expect([...after.state.keys()].filter((key) => key.startsWith('series/'))).toHaveLength(5);
  });
});

describe('names', () => {
  it('are bounded by tenant, field and day in columns and measures; what was sent stays in the attributes', () => {
    const { run, events, measures } = newTestEnricher({ maxNamesPerField: 2 });
    const calls = ['a', 'b', 'c', 'a', 'd'].map((name, i) =>
      native({ id: `e${i}`, name, kind: 'tool', tool: { name: 'search' } }),
    );
    const effects = run([record(calls), record([native({ name: 'c' })], { headers: { 'tt-tenant': 'other' } })]);
    expect(events(effects).map(({ name, attributes }) => [name, attributes['overflow.name']])).toEqual([
      ['a', undefined],
      ['b', undefined],
      ['__overflow__', 'c'],
      ['a', undefined],
      ['__overflow__', 'd'],
      ['c', undefined],
    ]);
    expect(effects.counts).toMatchObject({ names_overflow: 2 });
    expect(measures(effects).flatMap(({ tenant, dimensions: { name } }) => (tenant === 'acme' && name ? [name] : []))).toEqual([
      'a',
      'b',
      '__overflow__',
    ]);
    expect(events(run([record(native({ name: 'd' }))], T + 24 * 60 * MINUTE))[0]?.name).toBe('d');
  });

  it('of attributes and flags are bounded too; entries beyond that stand in one attribute', () => {
    const { run, events } = newTestEnricher({ maxNamesPerField: 2 });
    const [first, second] = events(
      run([
        record([
          native({ attributes: { a: '1', b: '2' }, feature_flags: { x: 'on' } }),
          native({ attributes: { b: '3', c: '4', d: '5' }, feature_flags: { x: 'off', y: 'on', z: 'on' } }),
        ]),
      ]),
    );
    expect(first).toMatchObject({ attributes: { a: '1', b: '2' }, feature_flags: { x: 'on' } });
    expect(second?.feature_flags).toEqual({ x: 'off', y: 'on' });
    expect(Object.fromEntries(Object.entries(second?.attributes ?? {}).map(([name, value]) => [name, name === 'b' ? value : JSON.parse(value)]))).toEqual({
      b: '3', 'overflow.attributes': { c: '4', d: '5' }, 'overflow.feature_flags': { z: 'on' },
    }); // prettier-ignore
  });

  it('of attributes that a producer sends under a name of ours are kept beside those that are ours', () => {
    const { run, events } = newTestEnricher({ maxNamesPerField: 1 });
    const sent = { a: '1', 'overflow.attributes': '{"a":"2"}', 'overflow.name': 'mine' };
    const [, second] = events(run([record([native({ name: 'x' }), native({ name: 'y', attributes: sent })])]));
    expect(second?.attributes).toEqual({
      a: '1', 'overflow.name': 'y', 'overflow.attributes': JSON.stringify({ 'overflow.attributes': '{"a":"2"}', 'overflow.name': 'mine' }),
    }); // prettier-ignore
  });

  it('that were admitted are so for whoever takes the task over', () => {
    const before = newTestEnricher({ maxNamesPerField: 1 });
    before.run([record(native({ name: 'GET /a' }))]);
    const after = newTestEnricher({ maxNamesPerField: 1 }, before.state);
    const named = after.events(after.run([record([native({ name: 'GET /b' }), native({ name: 'GET /a', id: 'x' })])], T + 1));
    expect(named.map(({ name }) => name)).toEqual(['__overflow__', 'GET /a']);
  });

  it('price a call by the model it names, admitted or not', () => {
    const { run, events } = newTestEnricher({ maxNamesPerField: 1 });
    const call = (request_model: string) =>
      native({ provider: 'openai', request_model, usage: { input_tokens: 1_000, output_tokens: 100 } });
    const [, second] = events(run([record([call('gpt-4o-mini'), call('gpt-4o')])]));
    expect(second).toMatchObject({ request_model: '__overflow__', cost_nano_usd: 3_500_000 });
  });
});

describe('measures', () => {
  it('of a tool are over all services as well once a second service calls it', () => {
    const { run, measures } = newTestEnricher();
    const call = (service_name: string, duration_ms = 5) =>
      record(native({ kind: 'tool', name: 'find', service_name, duration_ms }));
    const wide = (effects: ReturnType<typeof run>) =>
      measures(effects)
        .filter(({ metric }) => metric === 'tenant.operation.duration')
        .map(({ dimensions, part, count }) => [dimensions, part, count]);
    expect(wide(run([call('shop'), call('shop')], T + 100))).toEqual([]);
    expect(wide(run([call('desk'), call('desk', 6), call('shop', 6)], T + 3_000))).toEqual([
      [{ kind: 'tool', name: 'find' }, ['desk'], 2],
      [{ kind: 'tool', name: 'find' }, ['shop'], 1],
    ]);
  });
  const named = (name: string, duration_ms: number) => record(native({ name, duration_ms, kind: 'tool' }));

  it('go out at once after a quiet time, and then together every two seconds, also when nothing comes any more', () => {
    const { run, measures, measureRecords, sut } = newTestEnricher();
    expect(measures(run([named('a', 5)], T + 100))).toHaveLength(1);
    expect(measures(run([named('a', 7), named('b', 1)], T + 300))).toEqual([]);
    expect(measures(run([named('a', 9)], T + 500))).toEqual([]);
    expect([sut.due(T + 1_999), sut.due(T + 2_000)]).toEqual([false, true]);
    const effects = run([], T + 2_000);
    expect(measures(effects).map(({ dimensions, count, sum, min, max }) => [dimensions['name'], count, sum, min, max])).toEqual([
      ['a', 2, 16, 7, 9],
      ['b', 1, 1, 1, 1],
    ]);
    expect(measureRecords(effects)).toHaveLength(1);
    expect(sut.due(T + 4_000)).toBe(false);
  });

  it('that are held back leave with whoever takes the task over, and nothing of them stays', () => {
    const before = newTestEnricher();
    before.run([named('a', 5)], T);
    before.run([named('a', 7)], T + 200);
    before.run([named('b', 8)], T + 400);
    const after = newTestEnricher({}, before.state);
    expect(after.sut.due(T + 2_000)).toBe(true);
    const sums = after.measures(after.run([named('a', 1)], T + 2_000)).map(({ dimensions, sum }) => [dimensions['name'], sum]);
    expect(sums).toEqual([['a', 8], ['b', 8]]); // prettier-ignore
    expect([...after.state.keys()].filter((key) => key.startsWith('held/'))).toEqual([]);
  });

  it('have the watermark of when they go out: nothing that is held back is older than it says', () => {
    const { run, measureRecords } = newTestEnricher();
    run([record(native({ ts: T - 500 }))], T);
    run([record(native({ ts: T + 100 }))], T + 200);
    const [said] = measureRecords(run([record(native({ ts: T + 1_900 }))], T + 2_000));
    expect([said?.watermark, said?.measures.reduce((sum, { count }) => sum + count, 0)]).toEqual([
      new Date(T + 1_900).toISOString(),
      2,
    ]);
  });

  it('are the same byte for byte when the task is lost and restored after any batch', () => {
    const batches = Array.from({ length: 12 }, (_, i) => ({
      now: T + i * 450,
      records: i % 5 === 4 ? [] : [named(`n${i % 3}`, 0.1 * (i + 1)), named('x', i % 4), named('x', -i)],
    }));
    const whole = runWithRestores(newTestTopology(), batches, []);
    fc.assert(
      fc.property(fc.subarray(batches.map((_, i) => i)), (cuts) => {
        expect(runWithRestores(newTestTopology(), batches, cuts)).toEqual(whole);
      }),
    );
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
    expect(JSON.parse(String(json))).toMatchObject({ input: 'a\ufffd b \\ud83d c' });
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
