import { encodeTraces, encodeLogs } from '@telltale/adapter-otlp';
import { eventRecord, measureRecord, type OtlpLogRecord, type OtlpSpan, TOPICS } from '@telltale/contracts';
import fc from 'fast-check';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { native, newTestEnricher, record, sealed, T } from './enrich.fixture';
import { IDS, LISTS, MAPS, NAMES, TEXTS, VALUES } from './redact.step';

const MINUTE = 60_000;
const span = (of: Partial<OtlpSpan> = {}): OtlpSpan => ({
  traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), parentSpanId: '', traceState: '', name: 'turn', kind: 1, startMs: T - 500, endMs: T, attributes: {}, events: [], links: [], status: { code: 0, message: '' }, ...of,
}); // prettier-ignore
const logRecord = (of: Partial<OtlpLogRecord> = {}): OtlpLogRecord => ({
  timeMs: T - 500, observedMs: T, severityNumber: 9, severityText: '', body: 'took 5 ms', attributes: {}, traceId: '', spanId: '', eventName: '', ...of,
}); // prettier-ignore
const group = <I>(items: I[]) => ({
  resource: { 'service.name': 'bot' },
  scope: { name: '', version: '', attributes: {} },
  items: items.map((item, index) => ({ index, item })),
});
const chat = (id: string) => ({
  id,
  messages: [
    { role: 'user', content: 'hi' },
    { role: 'assistant', content: 'hello' },
  ],
});

describe('the road through the enricher', () => {
  it.each([
    ['an event', [native()], ['llm']],
    ['an array of events', [[native(), native({ kind: 'tool' })]], ['llm', 'tool']],
    ['events line by line', [`${JSON.stringify(native())}\n\n${JSON.stringify(native({ kind: 'tool' }))}\n`], ['llm', 'tool']],
    ['an event over several lines', [JSON.stringify(native(), null, 2)], ['llm']],
    ['a sealed body', [sealed(JSON.stringify(native())), { headers: { 'tt-sealed': '2026-01-31' } }], ['llm']],
    ['a conversation', [chat('c'), { headers: { 'tt-format': 'openai-chat' } }], ['session', 'turn', 'llm']],
    ['spans of the Collector', [encodeTraces({ groups: [group([span()])] }), { topic: TOPICS.otlpSpans.name }], ['turn']],
    ['logs of the Collector', [encodeLogs({ groups: [group([logRecord()])] }), { topic: TOPICS.otlpLogs.name }], ['log']],
    [
      'spans of the gateway',
      [encodeTraces({ groups: [group([span()])] }), { headers: { 'tt-format': 'otlp-traces', 'tt-encoding': 'protobuf' } }],
      ['turn'],
    ],
  ] as const)('takes %s', (_, [value, of], kinds) => {
    const { run, events, measures } = newTestEnricher();
    const effects = run([record(value, of ?? {})]);
    expect(effects.rejections).toEqual([]);
    expect(events(effects).map(({ kind }) => kind)).toEqual(kinds);
    for (const event of events(effects)) expect(eventRecord.strict().safeParse(event).error).toBeUndefined();
    for (const measure of measures(effects)) expect(measureRecord.safeParse(measure).error).toBeUndefined();
    expect(effects.rows.get('events')).toEqual(
      effects.outputs.filter(({ topic }) => topic === TOPICS.events.name).map(({ value: json }) => json),
    );
  });

  it('makes an event whole: masked, priced, fingerprinted, dated', () => {
    const { run, events } = newTestEnricher();
    const effects = run([
      record(
        native({
          provider: 'openai', request_model: 'gpt-4o', usage: { input_tokens: 1_000, output_tokens: 100 }, user_id: 'mia', session_id: 's1',
          error: { message: 'no answer for mia@example.com in 5 s' }, input: [{ role: 'user', content: 'card 4111 1111 1111 1111' }], attributes: { 'http.headers': { authorization: 'x' } },
        }),
        { headers: { 'tt-received': '2026-01-31T11:59:58.000Z', 'tt-tenant': 'other' } },
      ),
    ]); // prettier-ignore
    const [event] = events(effects);
    expect(event).toMatchObject({
      tenant: 'other', ts: '2026-01-31T11:59:59.000Z', received_at: '2026-01-31T11:59:58.000Z', expires_on: '2026-03-02', historic: false, status: 'error', error_message: 'no answer for [EMAIL] in 5 s',
      cost_nano: 3_500_000, price_version: 'genai-prices/0.1.8', input: '[{"role":"user","content":"card [CARD]"}]', attributes: { 'http.headers': '{"authorization":"[SECRET]"}' }, redactions: 3,
    }); // prettier-ignore
    expect(event!.user_id).toMatch(/^u_[0-9a-f]{16}$/);
    expect(event!.error_fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect(effects.outputs[0]!.key).toBe('s1');
  });

  it('looks at every field a producer can write', () => {
    const made = [
      'tenant',
      'kind',
      'ts',
      'received_at',
      'expires_on',
      'status',
      'error_fingerprint',
      'price_version',
      'severity',
      'log_template',
      'verbosity_level',
      'source',
      'user_id',
    ];
    const looked = new Set<string>([...TEXTS, ...NAMES, ...IDS, ...VALUES, ...LISTS, ...MAPS, ...made]);
    const written = Object.entries(eventRecord.shape).filter(([, schema]) =>
      ['string', 'array', 'record', 'enum'].includes(schema.def.type),
    );
    expect(written.map(([field]) => field).filter((field) => !looked.has(field))).toEqual([]);
  });

  it('says an agent’s usage without a price, for its calls have theirs', () => {
    const { run, events } = newTestEnricher();
    const usage = { input_tokens: 10, output_tokens: 10 };
    const [agent] = events(run([record(native({ kind: 'agent', request_model: 'gpt-4o', usage }))]));
    expect(agent).toMatchObject({ cost_nano: null, usage_output: 10 });
  });

  it.each([
    ['nothing', null, {}, 'dropped_tombstone'],
    ['no bytes', '', {}, 'dropped_empty'],
    ['no items', [], {}, 'dropped_empty'],
  ])('drops %s', (_, value, of, what) => {
    const effects = newTestEnricher().run([record(value, of)]);
    expect(effects.counts).toMatchObject({ [what]: 1 });
    expect(effects.rejections).toEqual([]);
  });
});

describe('what cannot be taken', () => {
  const traces = encodeTraces({ groups: [group([span()])] });
  it.each([
    ['text', 'hello', {}, 'undecodable', 'decode'],
    ['bytes that are no UTF-8', Buffer.from([0xff, 0xfe, 0x80]), {}, 'undecodable', 'decode'],
    ['deep JSON', '['.repeat(100_000), {}, 'too_deep', 'decode'],
    ['half a protobuf', traces.subarray(0, traces.length - 7), { topic: TOPICS.otlpSpans.name }, 'undecodable', 'decode'],
    [
      'logs on the topic of spans',
      encodeLogs({ groups: [group([logRecord()])] }),
      { topic: TOPICS.otlpSpans.name },
      'wrong_format',
      'decode',
    ],
    ['a format nobody knows', native(), { headers: { 'tt-format': 'xml' } }, 'unknown_format', 'open'],
    ['a seal of a key that is gone', sealed('{}'), { headers: { 'tt-sealed': '2020-01-01' } }, 'unsealable', 'open'],
    ['an impossible tenant', native(), { headers: { 'tt-tenant': '../etc' } }, 'invalid_field', 'open'],
  ])('is refused whole: %s', (_, value, of, reason, step) => {
    const { rejections, outputs } = newTestEnricher().run([record(value, of)]);
    expect(rejections).toEqual([expect.objectContaining({ reason, step, tenant: 'acme' })]);
    expect(rejections[0]!.part).toBeUndefined();
    expect(outputs).toEqual([]);
  });

  it.each([
    ['a field', native({ duration_ms: 'long' }), 'invalid_field'],
    ['a time before 2000', native({ ts: '1999-12-31T00:00:00Z' }), 'bad_timestamp'],
    ['a time more than a day ahead', native({ ts: T + 25 * 60 * MINUTE }), 'bad_timestamp'],
    ['an event too large', native({ input: 'x'.repeat(950_000) }), 'too_large'],
  ])('is refused alone for %s, and the rest of the body lives', (_, bad, reason) => {
    const { run, events } = newTestEnricher();
    const effects = run([record([native({ name: 'a' }), bad, native({ name: 'b' })])]);
    expect(events(effects).map(({ name }) => name)).toEqual(['a', 'b']);
    expect(effects.rejections).toHaveLength(1);
    expect(effects.rejections[0]).toMatchObject({ reason, part: { headers: { 'tt-format': 'native', 'tt-encoding': 'json' } } });
    expect(JSON.parse(String(effects.rejections[0]!.part!.value))).toEqual(bad);
  });

  it('is set aside line by line', () => {
    const { run, events } = newTestEnricher();
    const effects = run([record(`${JSON.stringify(native())}\n{"broken\n${JSON.stringify(native({ name: 'b' }))}`)]);
    expect(events(effects)).toHaveLength(2);
    expect(effects.rejections[0]).toMatchObject({ reason: 'undecodable', part: { value: '{"broken' } });
  });

  it('is set aside span by span, as a body that can be sent again', () => {
    const { run, events } = newTestEnricher();
    const body = encodeTraces({ groups: [group([span(), span({ spanId: 'c'.repeat(16), startMs: 1 }), span({ spanId: '' })])] });
    const effects = run([record(body, { topic: TOPICS.otlpSpans.name })]);
    expect(events(effects)).toHaveLength(1);
    expect(effects.rejections.map(({ reason }) => reason).sort()).toEqual(['bad_timestamp', 'invalid_field']);
    for (const { part, reason } of effects.rejections) {
      const again = newTestEnricher().run([record(part!.value, { headers: part!.headers })]);
      expect(again.rejections.map((one) => one.reason)).toEqual([reason]);
    }
  });

  it('never says anything of its content', () => {
    const secret = 'hunter2';
    for (const value of [`{"${secret}`, [native({ kind: secret })], native({ [secret]: 1, ts: secret }), secret])
      for (const { error } of newTestEnricher().run([record(value)]).rejections) expect(error).not.toContain(secret);
  });
});

describe('time', () => {
  it.each([
    ['old', { ts: T - 11 * MINUTE }, {}, true],
    ['fresh', { ts: T - 9 * MINUTE }, {}, false],
    ['said to be old', {}, { headers: { 'tt-historic': '1' } }, true],
  ])('of %s events tells whether they are history', (_, of, headers, historic) => {
    const { run, events } = newTestEnricher();
    expect(events(run([record(native(of), headers)]))[0]!.historic).toBe(historic);
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
    expect(second.counts).toMatchObject({ dropped_repeated: 2 });
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
  it('are known to who takes the lane over', () => {
    const before = newTestEnricher();
    before.run(sent);
    before.run([record(native({ id: 'z' }))], T);
    const after = newTestEnricher({}, before.state);
    expect(after.run([...sent, record(native({ id: 'z' }))], T + 1).counts).toMatchObject({ dropped_repeated: 3 });
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
  it('are told once, also to who takes the lane over', () => {
    const log = (body: string) => record(native({ kind: 'log', body, id: body }));
    const before = newTestEnricher();
    const rows = before.run([log('took 5 ms'), log('took 6 ms'), log('stopped')]).rows.get('log_templates') ?? [];
    expect(rows.map((row) => (JSON.parse(row) as { template: string }).template)).toEqual(['took <*> ms', 'stopped']);
    expect(
      newTestEnricher({}, before.state)
        .run([log('took 7 ms')])
        .rows.has('log_templates'),
    ).toBe(false);
  });
});

describe('series', () => {
  it('are bounded per tenant and day, also for who takes the lane over', () => {
    const named = (from: number) => [
      record(Array.from({ length: 10 }, (_, i) => native({ name: `n${from + i}`, service_name: 'bot' }))),
    ];
    const before = newTestEnricher({ maxSeriesPerTenant: 5 });
    expect(before.measures(before.run(named(0)))).toHaveLength(6);
    const after = newTestEnricher({ maxSeriesPerTenant: 5 }, before.state);
    const effects = after.run(named(20), T + 1);
    expect(after.measures(effects).map(({ dimensions }) => dimensions['name'])).toEqual(['__other__']);
    expect(effects.counts).toMatchObject({ series_othered: 10 });
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
      { numRuns: 150 },
    );
  });

  it('lives through 10,000 bodies of any kind, and each is an event, a drop or a refusal', () => {
    const { run } = newTestEnricher();
    const formats = fc.constantFrom('native', 'openai-chat', 'otlp-traces', 'otlp-logs', 'xml', undefined);
    const good = [
      JSON.stringify(native({ input: 'é😀', attributes: { a: [1] } })),
      JSON.stringify(chat('c')),
      encodeTraces({ groups: [group([span({ attributes: { 'gen_ai.operation.name': 'chat' } })])] }).toString('latin1'),
    ];
    const bent = fc
      .tuple(fc.constantFrom(...good), fc.nat(200), fc.string({ maxLength: 3 }), fc.nat(5))
      .map(([body, at, noise, cut]) => Buffer.from(body.slice(0, at) + noise + body.slice(at + cut), 'latin1'));
    const body = fc.oneof(
      bent,
      fc.json().map((json) => Buffer.from(json)),
      fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
      fc.string({ maxLength: 40, unit: 'binary' }).map((any) => Buffer.from(any)),
    );
    const headers = fc.record({
      'tt-format': formats,
      'tt-encoding': fc.constantFrom('json', 'protobuf', 'bson', undefined),
      'tt-sealed': fc.constantFrom(undefined, undefined, undefined, '2026-01-31'),
    });
    const topic = fc.constantFrom(TOPICS.raw.name, TOPICS.raw.name, TOPICS.otlpSpans.name, TOPICS.otlpLogs.name);
    let now = T;
    let failed = 0;
    fc.assert(
      fc.property(body, headers, topic, (value, all, of) => {
        const known = Object.fromEntries(Object.entries(all).flatMap(([key, said]) => (said === undefined ? [] : [[key, said]])));
        const effects = run([record(value, { headers: known, topic: of })], ++now);
        const { events = 0, ...drops } = effects.counts ?? {};
        const dropped = Object.entries(drops).reduce((sum, [what, by]) => sum + (what.startsWith('dropped_') ? by : 0), 0);
        expect(events + dropped + effects.rejections.length).toBeGreaterThan(0);
        for (const { error } of effects.rejections) expect(error).not.toBe('');
        failed += effects.rejections.filter(({ reason }) => reason === 'step_failed').length;
      }),
      { numRuns: 10_000 },
    );
    expect(failed).toBe(0);
  });

  it('writes no half surrogate, which tables refuse', () => {
    const { run } = newTestEnricher();
    const effects = run([record(`{"kind":"llm","ts":${T},"service_name":"bot","input":"a\\ud83d b \\\\ud83d c"}`)]);
    const json = effects.rows.get('events')![0]!;
    expect(JSON.parse(json)).toMatchObject({ input: 'a\ufffd b \\ud83d c' });
  });
});

const file = join(
  process.env['TELLTALE_DATA'] ?? join(__dirname, '../../../../../shared/data'),
  'tau-airline',
  'gpt-4o-airline.json',
);
const has = existsSync(file) || process.env['CI'] === 'true';
(has ? describe : describe.skip)(
  `200 real conversations${has ? '' : ' (left out: set TELLTALE_DATA to the data folder)'}`,
  () => {
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
  },
);
