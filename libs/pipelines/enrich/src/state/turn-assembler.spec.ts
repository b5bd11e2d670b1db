import { decodeTraces, encodeTraces, scanTraces } from '@telltale/adapter-otlp';
import { type EventRecord, type OtlpAttributes, type OtlpSpan, TOPICS } from '@telltale/contracts';
import fc from 'fast-check';
import { newTestEnricher, record, T, testOptions } from '../enrich.fixture';

const MINUTE = 60_000;
const { otlp } = testOptions();
const options = {
  otlp: {
    ...otlp,
    traces: { ...otlp.traces, protobuf: { decode: decodeTraces, pick: (body: Buffer, at: readonly number[]) => scanTraces(body).pick(at) } },
  },
}; // prettier-ignore
const id = (n: number): string => n.toString(16).padStart(16, '0');

const span = (n: number, parent: number, startMs: number, attributes: OtlpAttributes, of: Partial<OtlpSpan> = {}): OtlpSpan => ({
  traceId: 'a'.repeat(32), spanId: id(n), parentSpanId: parent ? id(parent) : '', traceState: '', name: `span ${n}`, kind: 1, startMs, endMs: startMs + 100, attributes, events: [],
  links: [], status: { code: 0, message: '' }, ...of,
}); // prettier-ignore
const body = (...spans: OtlpSpan[]) =>
  record(
    encodeTraces({
      groups: [{ resource: { 'service.name': 'bot' }, scope: { name: '', version: '', attributes: {} }, items: spans.map((item, index) => ({ index, item })) }],
    }),
    { topic: TOPICS.otlpSpans.name },
  ); // prettier-ignore
const llm = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o' };

/** A turn of an agent: it asks for a tool, and answers. */
const ROOT = span(1, 0, T - 1_000, { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'bot' }, { endMs: T - 100 });
const ASKS = span(2, 1, T - 900, {
  ...llm,
  'gen_ai.conversation.id': 'conv',
  'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content: 'weather?' }] }],
  'gen_ai.output.messages': [{ role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'weather' }] }],
});
const TOOL = span(3, 1, T - 700, {
  'gen_ai.operation.name': 'execute_tool',
  'gen_ai.tool.name': 'weather',
  'gen_ai.tool.call.id': 'c1',
});
const ANSWERS = span(4, 1, T - 500, {
  ...llm,
  'gen_ai.output.messages': [{ role: 'assistant', parts: [{ type: 'text', content: 'It rains.' }] }],
});
const ALL = [ROOT, ASKS, TOOL, ANSWERS]; // prettier-ignore

const turnsIn = (events: readonly EventRecord[]): EventRecord[] => events.filter(({ kind }) => kind === 'turn');
const latest = (events: readonly EventRecord[]): EventRecord | undefined =>
  turnsIn(events).sort((a, b) => a.revision - b.revision).at(-1); // prettier-ignore
const whatReadersSee = (turn: EventRecord | undefined): unknown => turn && { ...turn, id: '', revision: 0, received_at: '' };

describe('a turn in spans', () => {
  it('that no span is, is an event of its own, said by its root and by what is inside', () => {
    const { run, events } = newTestEnricher(options);
    const all = events(run([body(...ALL)]));
    expect(all).toHaveLength(5);
    expect(turnsIn(all)).toMatchObject([
      { name: 'span 1', agent_name: 'bot', service_name: 'bot', session_id: 'conv', input: 'weather?', output: 'It rains.', duration_ms: 900, revision: 0 },
    ]); // prettier-ignore
    expect(all.every(({ session_id }) => session_id === 'conv')).toBe(true);
  });
  it('that its root is, is that event', () => {
    const { run, events } = newTestEnricher(options);
    const all = events(run([body({ ...ROOT, attributes: { team: 'blue' } }, ...ALL.slice(1))]));
    expect(turnsIn(all)).toMatchObject([{ span_id: id(1), session_id: 'conv', input: 'weather?', output: 'It rains.', attributes: { team: 'blue' } }]);
    expect(all).toHaveLength(4);
  }); // prettier-ignore
  it('is a tree: each call is tied to the decision that asked for it, in whatever order they came', () => {
    for (const spans of [ALL, [...ALL].reverse()]) {
      const { run, events } = newTestEnricher(options);
      const all = events(run([body(...spans)]));
      expect(all.filter(({ requested_by_span_id }) => requested_by_span_id === id(2)).map(({ tool_name }) => tool_name)).toEqual([
        'weather',
      ]);
    }
  });

  it('is amended by operations that come late, under another id and a higher revision', () => {
    const { run, events } = newTestEnricher(options);
    const [first] = turnsIn(events(run([body(ROOT)])));
    expect(first).toMatchObject({ session_id: '', output: '', revision: 0 });
    const [second] = turnsIn(events(run([body(ASKS, TOOL)], T + 1_000)));
    expect(second).toMatchObject({ session_id: 'conv', input: 'weather?', output: '', revision: 1 });
    const [third] = turnsIn(events(run([body(ANSWERS)], T + 2_000)));
    expect(third).toMatchObject({ output: 'It rains.', revision: 2, trace_id: first!.trace_id, ts: first!.ts });
    expect(new Set([first!.id, second!.id, third!.id]).size).toBe(3);
  });
  it('is not written again for what changes nothing in it', () => {
    const { run, events } = newTestEnricher(options);
    run([body(...ALL)]);
    expect(events(run([body(span(9, 1, T - 600, { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'x' }))], T + 1))).toHaveLength(1);
    expect(events(run([body(...ALL)], T + 2))).toEqual([]);
  }); // prettier-ignore
  it('amended is measured once', () => {
    const { run, measures } = newTestEnricher(options);
    const durations = [run([body(ROOT)]), run([body(ASKS)], T + 1_000)].flatMap(measures).filter(({ metric }) => metric === 'turn.duration');
    expect(durations.map(({ count }) => count)).toEqual([1]);
  }); // prettier-ignore

  it('comes out the same in the end, in whatever order and pieces it arrives, over ranges and a takeover', () => {
    const whole = newTestEnricher(options);
    const expected = whatReadersSee(latest(whole.events(whole.run([body(...ALL)]))));
    const arrivals = fc.tuple(fc.shuffledSubarray(ALL, { minLength: ALL.length }), fc.subarray([1, 2, 3]), fc.nat({ max: 3 }));
    fc.assert(
      fc.property(arrivals, ([spans, cuts, takeover]) => {
        let task = newTestEnricher(options);
        const seen: EventRecord[] = [];
        [0, ...cuts].forEach((from, nth) => {
          if (nth === takeover) task = newTestEnricher(options, task.state);
          const piece = spans.slice(from, cuts[nth] ?? spans.length);
          seen.push(...task.events(task.run([body(...piece)], T + nth)));
        });
        expect(whatReadersSee(latest(seen))).toEqual(expected);
        expect(new Set(seen.map(({ id: one }) => one)).size).toBe(seen.length);
      }),
      { numRuns: 200 },
    );
  });

  it('whose root does not come is written after a minute, and amended when it does', () => {
    const { run, events, sut } = newTestEnricher(options);
    expect(turnsIn(events(run([body(ASKS, TOOL, ANSWERS)])))).toEqual([]);
    expect([sut.due(T + MINUTE - 1), sut.due(T + MINUTE)]).toEqual([false, true]);
    const [rootless] = turnsIn(events(run([], T + MINUTE)));
    expect(rootless).toMatchObject({ output: 'It rains.', attributes: { 'telltale.turn': 'without root' }, revision: 0 });
    expect(sut.due(T + MINUTE + 1)).toBe(false);
    const [whole] = turnsIn(events(run([body(ROOT)], T + 2 * MINUTE)));
    expect(whole).toMatchObject({ agent_name: 'bot', revision: 1, attributes: { 'telltale.turn': 'derived' } });
  });
  it('is forgotten ten minutes after its last operation, in the state too', () => {
    const { run, state, sut } = newTestEnricher(options);
    run([body(...ALL)]);
    expect([...state.keys()].filter((key) => key.startsWith('turn/'))).toHaveLength(1);
    expect(sut.due(T + 10 * MINUTE)).toBe(true);
    run([], T + 10 * MINUTE);
    expect([...state.keys()].filter((key) => key.startsWith('turn/'))).toEqual([]);
  });
  it('holds no secret in its state', () => {
    const { run, state } = newTestEnricher(options);
    run([body({ ...ROOT, attributes: { ...ROOT.attributes, 'input.value': 'I am mia@example.com', 'user.id': 'mia@example.com' } })]);
    expect([...state].map(([key, value]) => key + String(value)).join()).not.toContain('mia@');
  }); // prettier-ignore
});

describe('a session that no producer names', () => {
  const by = (user: string, startMs: number, n: number): OtlpSpan =>
    span(n, 0, startMs, { 'gen_ai.operation.name': 'invoke_agent', 'user.id': user }, { traceId: id(n).padStart(32, 'f') });
  const sessionsOf = (...spans: OtlpSpan[]): string[] => {
    const { run, events } = newTestEnricher(options);
    return turnsIn(spans.flatMap((one, nth) => events(run([body(one)], T + nth)))).map(({ session_id }) => session_id);
  };
  it('is made of a user’s turns with no long gap between them', () => {
    const [a, b, c, other] = sessionsOf(by('u', T - 90 * MINUTE, 1), by('u', T - 61 * MINUTE, 2), by('u', T - 30 * MINUTE, 3), by('v', T - 60 * MINUTE, 4));
    expect(a).not.toBe('');
    expect(b).toBe(a);
    expect(c).not.toBe(a);
    expect([a, c]).not.toContain(other);
  }); // prettier-ignore
  it('is the same for a turn that comes late', () => {
    const [later, earlier] = sessionsOf(by('u', T - 10 * MINUTE, 1), by('u', T - 35 * MINUTE, 2));
    expect(earlier).toBe(later);
  });
  it('is known to who takes the task over', () => {
    const before = newTestEnricher(options);
    const [first] = turnsIn(before.events(before.run([body(by('u', T - MINUTE, 1))])));
    const after = newTestEnricher(options, before.state);
    const [second] = turnsIn(after.events(after.run([body(by('u', T, 2))], T + 1)));
    expect(second!.session_id).toBe(first!.session_id);
  });
  it('is none where there is no user', () => {
    const { run, events } = newTestEnricher(options);
    expect(events(run([body(span(1, 0, T, { 'gen_ai.operation.name': 'invoke_agent' }))])).map(({ session_id }) => session_id)).toEqual(['', '']);
  }); // prettier-ignore
  it('is forgotten an hour after its last turn, in the state too', () => {
    const { run, state } = newTestEnricher(options);
    run([body(by('u', T, 1))]);
    run([body(by('v', T + 61 * MINUTE, 2))], T + 61 * MINUTE);
    expect([...state.keys()].filter((key) => key.startsWith('session/'))).toHaveLength(1);
  });
});

describe('one request seen by two instrumentations', () => {
  it('is priced once', () => {
    const usage = { 'gen_ai.provider.name': 'openai', 'gen_ai.usage.input_tokens': 1_000, 'gen_ai.usage.output_tokens': 10 };
    const { run, events } = newTestEnricher(options);
    const priced = events(run([body(span(3, 2, T - 90, { ...llm, ...usage }), span(2, 1, T - 100, { ...llm, ...usage }), ROOT)])).filter(({ cost_nano_usd }) => cost_nano_usd !== null);
    expect(priced.map(({ span_id }) => span_id)).toEqual([id(3)]);
  }); // prettier-ignore
});
