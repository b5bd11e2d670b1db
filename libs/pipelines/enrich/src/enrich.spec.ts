import {
  decodeLogs,
  decodeLogsJson,
  decodeTraces,
  decodeTracesJson,
  encodeLogs,
  encodeTraces,
  scanLogs,
  scanLogsJson,
  scanTraces,
  scanTracesJson,
} from '@telltale/adapter-otlp';
import { eventRecord, measuresRecord, nativeEvent, type OtlpLogRecord, type OtlpSpan, TOPICS } from '@telltale/contracts';
import fc from 'fast-check';
import { native, newTestEnricher, record, encrypted, T } from './enrich.fixture';
import { type OtlpDecoders } from './options';

const MINUTE = 60_000;
const OTLP: OtlpDecoders = {
  traces: {
    protobuf: { decode: decodeTraces, pick: (body, indexes) => scanTraces(body).pick(indexes) },
    json: {
      decode: (body) => decodeTracesJson(body.toString()),
      pick: (body, indexes) => scanTracesJson(body.toString()).pick(indexes),
    },
  },
  logs: {
    protobuf: { decode: decodeLogs, pick: (body, indexes) => scanLogs(body).pick(indexes) },
    json: {
      decode: (body) => decodeLogsJson(body.toString()),
      pick: (body, indexes) => scanLogsJson(body.toString()).pick(indexes),
    },
  },
};
const newEnricher = () => newTestEnricher({ otlp: OTLP });
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

describe('the pipeline of the enricher', () => {
  it.each([
    ['an event', [native()], ['llm']],
    ['an array of events', [[native(), native({ kind: 'tool' })]], ['llm', 'tool']],
    ['events line by line', [`${JSON.stringify(native())}\n\n${JSON.stringify(native({ kind: 'tool' }))}\n`], ['llm', 'tool']],
    ['an event over several lines', [JSON.stringify(native(), null, 2)], ['llm']],
    ['a encrypted body', [encrypted(JSON.stringify(native())), { headers: { 'tt-encryption-key-id': '2026-01-31' } }], ['llm']],
    ['a conversation', [chat('c'), { headers: { 'tt-format': 'openai-chat' } }], ['session', 'turn', 'llm']],
    ['spans of the Collector', [encodeTraces({ groups: [group([span()])] }), { topic: TOPICS.otlpSpans.name }], ['turn']],
    ['logs of the Collector', [encodeLogs({ groups: [group([logRecord()])] }), { topic: TOPICS.otlpLogs.name }], ['log']],
    [
      'spans of the gateway',
      [encodeTraces({ groups: [group([span()])] }), { headers: { 'tt-format': 'otlp-traces', 'tt-encoding': 'protobuf' } }],
      ['turn'],
    ],
  ] as const)('takes %s', (_, [value, of], kinds) => {
    const { run, events, measureRecords } = newEnricher();
    const effects = run([record(value, of ?? {})]);
    expect(effects.rejections).toEqual([]);
    expect(events(effects).map(({ kind }) => kind)).toEqual(kinds);
    for (const event of events(effects)) expect(eventRecord.strict().safeParse(event).error).toBeUndefined();
    for (const said of measureRecords(effects)) expect(measuresRecord.safeParse(said).error).toBeUndefined();
    expect(effects.rows.get('events')).toEqual(
      effects.outputs.filter(({ topic }) => topic === TOPICS.events.name).map(({ value: json }) => json),
    );
  });

  it('makes an event whole: masked, priced, fingerprinted, dated', () => {
    const { run, events } = newEnricher();
    const effects = run([
      record(
        native({
          provider: 'openai', request_model: 'gpt-4o', usage: { input_tokens: 1_000, output_tokens: 100 }, user_id: 'mia', session_id: 's1',
          error: { message: 'no answer for mia@example.com in 5 s' }, input: [{ role: 'user', content: 'card 4111 1111 1111 1111' }], attributes: { 'http.headers': { authorization: 'x' } },
        }),
        { headers: { 'tt-received-at': '2026-01-31T11:59:58.000Z', 'tt-tenant': 'other' } },
      ),
    ]); // prettier-ignore
    const [event] = events(effects);
    expect(event).toMatchObject({
      tenant: 'other', ts: '2026-01-31T11:59:59.000Z', received_at: '2026-01-31T11:59:58.000Z', expires_on: '2026-03-02', backfill: false, status: 'error', error_message: 'no answer for [EMAIL] in 5 s',
      cost_nano_usd: 3_500_000, price_version: 'genai-prices/0.1.8', input: '[{"role":"user","content":"card [CARD]"}]', attributes: { 'http.headers': '{"authorization":"[SECRET]"}' }, redactions: 3,
    }); // prettier-ignore
    expect(event!.user_id).toMatch(/^u_[0-9a-f]{16}$/);
    expect(event!.error_fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect(effects.outputs[0]!.key).toBe('s1');
  });

  it('lets an address pass in no field a producer can write', () => {
    const planted = 'mia@example.com';
    const fields = Object.keys(nativeEvent.shape).filter(
      (field) =>
        ![
          'kind',
          'ts',
          'status',
          'verbosity_level',
          'duration_ms',
          'time_to_first_token_ms',
          'sampling_weight',
          'usage',
          'attempt',
          'request_max_tokens',
          'from_ring',
        ].includes(field),
    );
    const shaped: Record<string, unknown> = {
      error: { type: planted, message: planted, stack: planted },
      tool: { name: planted, call_id: planted, arguments: { [planted]: [planted] }, result: planted },
      decision: { options: [planted], chosen: planted, why: planted },
      finish_reasons: [planted],
      requested_tool_call_ids: [planted],
      directive_ids: [planted],
      feature_flags: { [planted]: planted },
      score: { name: planted, label: planted, extra: planted },
      input: [{ content: planted }],
      attributes: { [planted]: { [planted]: planted }, text: planted },
    };
    const { run, events } = newEnricher();
    for (const field of [...fields, planted]) {
      const effects = run([record(native({ [field]: shaped[field] ?? planted }))]);
      expect([field, effects.rejections]).toEqual([field, []]);
      expect([field, JSON.stringify(effects).includes(planted)]).toEqual([field, false]);
      expect(field === 'user_id' || field === 'severity' || events(effects)[0]!.redactions > 0).toBe(true);
    }
  });

  it('says an agent’s usage without a price, for its calls have theirs', () => {
    const { run, events } = newEnricher();
    const usage = { input_tokens: 10, output_tokens: 10 };
    const [agent] = events(run([record(native({ kind: 'agent', request_model: 'gpt-4o', usage }))]));
    expect(agent).toMatchObject({ cost_nano_usd: null, usage_output: 10 });
  });

  it.each([
    ['nothing', null, {}, 'dropped_tombstone'],
    ['no bytes', '', {}, 'dropped_empty'],
    ['no items', [], {}, 'dropped_empty'],
  ])('drops %s', (_, value, of, what) => {
    const effects = newEnricher().run([record(value, of)]);
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
    ['a format nobody knows', native(), { headers: { 'tt-format': 'xml' } }, 'unknown_format', 'decrypt'],
    [
      'encrypted with a key that is gone',
      encrypted('{}'),
      { headers: { 'tt-encryption-key-id': '2020-01-01' } },
      'decryption_failed',
      'decrypt',
    ],
    ['an impossible tenant', native(), { headers: { 'tt-tenant': '../etc' } }, 'invalid_field', 'decrypt'],
  ])('is refused whole: %s', (_, value, of, reason, step) => {
    const { rejections, outputs } = newEnricher().run([record(value, of)]);
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
    const { run, events } = newEnricher();
    const effects = run([record([native({ name: 'a' }), bad, native({ name: 'b' })])]);
    expect(events(effects).map(({ name }) => name)).toEqual(['a', 'b']);
    expect(effects.rejections).toHaveLength(1);
    expect(effects.rejections[0]).toMatchObject({ reason, part: { headers: { 'tt-format': 'native', 'tt-encoding': 'json' } } });
    expect(JSON.parse(String(effects.rejections[0]!.part!.value))).toEqual(bad);
  });

  it('is set aside line by line', () => {
    const { run, events } = newEnricher();
    const effects = run([record(`${JSON.stringify(native())}\n{"broken\n${JSON.stringify(native({ name: 'b' }))}`)]);
    expect(events(effects)).toHaveLength(2);
    expect(effects.rejections[0]).toMatchObject({ reason: 'undecodable', part: { value: '{"broken' } });
  });

  it('is set aside span by span, as a body that can be sent again', () => {
    const { run, events } = newEnricher();
    const body = encodeTraces({ groups: [group([span(), span({ spanId: 'c'.repeat(16), startMs: 1 }), span({ spanId: '' })])] });
    const effects = run([record(body, { topic: TOPICS.otlpSpans.name })]);
    expect(events(effects)).toHaveLength(1);
    expect(effects.rejections.map(({ reason }) => reason).sort()).toEqual(['bad_timestamp', 'invalid_field']);
    for (const { part, reason } of effects.rejections) {
      const again = newEnricher().run([record(part!.value, { headers: part!.headers })]);
      expect(again.rejections.map((one) => one.reason)).toEqual([reason]);
    }
  });

  it('never says anything of its content', () => {
    const secret = 'hunter2';
    for (const value of [`{"${secret}`, [native({ kind: secret })], native({ [secret]: 1, ts: secret }), secret])
      expect(newEnricher().run([record(value)]).rejections).toEqual([
        expect.objectContaining({ error: expect.not.stringContaining(secret) as string }),
      ]);
  });
});

describe('the enricher', () => {
  it('lives through 10,000 bodies of any kind, and each is an event, a drop or a refusal', () => {
    const { run } = newEnricher();
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
      'tt-encryption-key-id': fc.constantFrom(undefined, undefined, undefined, '2026-01-31'),
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
});
