import { type TurnRecord, turnRowAndRecord, turnRecord } from '@telltale/contracts';
import fc from 'fast-check';
import { ABOUT, AT, newTestEvent } from './turn.fixture';
import { type TurnEvent } from './turn-event';
import { turnOf } from './turn-of';
import { addEvent, eventsIn, MAX_DETAILED, MAX_EVENTS, newTurn, type TurnState } from './turn-state';

const stateOf = (events: readonly TurnEvent[], dimensions: readonly string[] = []): TurnState => {
  const state = newTurn();
  for (const event of events) addEvent(state, event, dimensions);
  return state;
};
const turnIn = (events: readonly TurnEvent[], dimensions: readonly string[] = []): TurnRecord => ({
  ...turnOf(stateOf(events, dimensions), ABOUT),
  waste: {},
});
const said = (role: string, text: string): string => JSON.stringify([{ role, parts: [{ type: 'text', content: text }] }]);
const op = (offset: number, spanId: string, of: Partial<TurnEvent> = {}): TurnEvent =>
  newTestEvent({ offset, id: spanId, span_id: spanId, duration_ms: 10, ...of });

const ROOT = op(0, 'root', {
  kind: 'agent',
  name: 'invoke_agent',
  parent_span_id: '',
  duration_ms: 1_000,
  agent_name: 'planner',
  session_id: 's1',
});
const ASKS = op(10, 'l1', {
  input: said('user', 'Will it rain?'), decision_chosen: 'weather', requested_tool_call_ids: ['c1'], response_model: 'm1', provider: 'p', duration_ms: 200,
  usage_input_uncached: 100, usage_cache_read: 300, usage_output: 20, cost_nano_usd: 7,
}); // prettier-ignore
const FAILS = op(220, 'x1', {
  kind: 'tool',
  name: 'weather',
  tool_name: 'weather',
  tool_call_hash: 'h',
  status: 'error',
  error_type: 'Timeout',
  error_fingerprint: 'f1',
  duration_ms: 100,
});
const AGAIN = op(330, 'x2', { kind: 'tool', name: 'weather', tool_name: 'weather', tool_call_hash: 'h', duration_ms: 50 });
const ANSWERS = op(400, 'l2', {
  output: said('assistant', 'It rains.'),
  response_model: 'm2',
  usage_input_uncached: 500,
  usage_output: 30,
  time_to_first_token_ms: 40,
  duration_ms: 300,
});
const LOG = newTestEvent({
  offset: 405,
  id: 'log',
  kind: 'log',
  severity: 'error',
  status: 'unset',
  log_template_id: 'tpl',
  span_id: 'l2',
  duration_ms: null,
});
const ALL = [ROOT, ASKS, FAILS, AGAIN, ANSWERS, LOG];

describe('a turn', () => {
  it('is made of what its root and the operations inside it say', () => {
    expect(turnIn(ALL)).toMatchObject({
      turn_id: 't1', revision: 6, session_id: 's1', has_root: true, status: 'ok', ts: '2026-01-31T12:00:00.000Z', duration_ms: 1_000, name: 'invoke_agent',
      agents: ['planner'], models: ['m1', 'm2'], tools: ['weather'], calls: { agent: 1, llm: 2, tool: 2 }, errors: { log: 1, tool: 1 }, error_fingerprints: ['f1'],
      first_failed_span_id: 'x1', retries: 1, repeated_call: 'tool weather', repeated_call_count: 2, log_template_ids: ['tpl'],
      usage_input_uncached: 600, usage_cache_read: 300, usage_output: 50, usage_reasoning: null, cost_nano_usd: 7, unpriced_calls: 1, max_context_tokens: 500,
      cache_read_share: 0.333333, time_to_first_token_ms: 440, input_preview: 'Will it rain?', output_preview: 'It rains.', turn_number: 1,
    }); // prettier-ignore
  });
  it.each<[string, readonly [offset: number, ...hashes: string[]][], string[]]>([
    ['as its first call has it, up to the end of its last', [[0, 'r', 'b', 'asks'], [9, 'r', 'b', 'says']], ['r', 'b', 'says']],
    ['whatever calls beside it were given', [[0, 'q', '', 'routes'], [9, 'r', 'b', 'says'], [12, 'q', '', 'rates'], [15, 'x', 'y', 'z']], ['r', 'b', 'says']],
    ['at its beginning', [[0, 'r', '', 'asks'], [9, 'r', '', 'says'], [12, 'q', '', 'rates']], ['r', '', 'says']],
    ['none', [[0], [9]], []],
  ])('knows the conversation that it continues: %s', (_, calls, expected) => {
    const events = calls.map(([offset, ...hashes]) => op(offset, `c${offset}`, { conversation_hashes: hashes }));
    expect(turnIn(events).conversation_hashes).toEqual(expected);
    expect(turnIn([...events].reverse()).conversation_hashes).toEqual(expected);
    expect(turnIn([...events, ROOT]).conversation_hashes).toEqual([]);
  }); // prettier-ignore
  it('tells where its time went and who called whom', () => {
    const { self_time_ms: self, edges } = turnIn(ALL);
    expect(self).toEqual({ 'llm chat': 500, 'agent invoke_agent': 350, 'tool weather': 150 });
    expect(edges).toEqual([
      { caller: 'agent invoke_agent', callee: 'llm chat', calls: 2, duration_ms: 500, errors: 0 },
      { caller: 'agent invoke_agent', callee: 'tool weather', calls: 2, duration_ms: 150, errors: 1 },
    ]);
  });
  it('does not subtract time twice where two calls overlap', () => {
    const overlapping = [op(0, 'root', { kind: 'agent', parent_span_id: '', duration_ms: 100, name: 'a' }), op(10, 'b', { duration_ms: 50 }), op(20, 'c', { duration_ms: 50 })]; // prettier-ignore
    expect(turnIn(overlapping).self_time_ms['agent a']).toBe(40);
  });
  it.each<[string, Partial<TurnRecord>, TurnEvent[]]>([
    ['without its root is made of what is there', { has_root: false, status: 'unset', duration_ms: 690, name: 'chat' }, ALL.slice(1)],
    ['has its own event as root, before a span without a parent', { has_root: true, name: 'mine', status: 'error' }, [...ALL, op(5, 'own', { kind: 'turn', name: 'mine', parent_span_id: '', status: 'error' })]],
    ['of a producer that names no parents has no root but its own event', { has_root: false }, [op(0, 'a', { ingest_format: 'native', parent_span_id: '' })]],
    ['takes its number from its producer', { turn_number: 7 }, [op(0, 'root', { kind: 'turn', parent_span_id: '', attributes: { 'telltale.turn_number': '7' } }), ASKS]],
    ['counts the messages of the user that its first call was given', { turn_number: 2 }, [op(0, 'a', { input: '[{"role":"user","parts":[]},{"role":"assistant","parts":[]},{"role":"user","parts":[]}]' })]],
    ['counts a call that says it is a later attempt as a retry', { retries: 1 }, [op(0, 'a', { attempt: 1 }), op(1, 'b', { attempt: 2 })]],
    ['has the words of its root before those inside', { input_preview: 'hi', output_preview: 'bye' }, [...ALL.slice(1), op(0, 'root', { kind: 'agent', parent_span_id: '', input: 'hi', output: 'bye' })]],
    ['is backfill only when all of it is', { backfill: false }, [op(0, 'a', { backfill: true }), op(1, 'b')]],
    ['of history is backfill', { backfill: true }, [op(0, 'a', { backfill: true })]],
    ['knows no cost when no call has a price', { cost_nano_usd: null, unpriced_calls: 1 }, [op(0, 'a')]],
    ['costs what its tools cost, too, and counts those whose cost is unknown', { cost_nano_usd: 12, unpriced_calls: 1 }, [
      op(0, 'a', { cost_nano_usd: 7 }), op(1, 'b', { kind: 'tool', price_version: 'tool_price/ocr', cost_nano_usd: 5 }), op(2, 'c', { kind: 'tool', price_version: 'tool_price/ocr' }), op(3, 'd', { kind: 'tool' }),
    ]],
    ['of free calls costs 0', { cost_nano_usd: 0, unpriced_calls: 0 }, [op(0, 'a', { cost_nano_usd: 0 })]],
  ])('%s', (_, expected, events) => expect(turnIn(events)).toMatchObject(expected)); // prettier-ignore

  it('has up to 20 dimensions: attributes that its tenant names, and those that say they are one', () => {
    const attributes = { plan: 'pro', other: 'x', 'telltale.dimension.country': 'de' };
    expect(turnIn([op(0, 'a', { attributes })], ['plan']).dimensions).toEqual({ country: 'de', plan: 'pro' });
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`telltale.dimension.d${10 + i}`, 'x']));
    expect(Object.keys(turnIn([op(0, 'a', { attributes: many })]).dimensions)).toHaveLength(20);
    const overflow = { 'overflow.attributes': JSON.stringify(attributes) };
    expect(turnIn([op(0, 'a', { attributes: overflow })], ['plan']).dimensions).toEqual({ country: 'de', plan: 'pro' });
  });

  const spending = { usage_input_uncached: 10, usage_output: 1, cost_nano_usd: 5 };
  it.each<[string, number, boolean, boolean]>([
    ['both reported', 5, false, false],
    ['the outer one estimated', 5, true, false],
    ['both estimated', 5, true, true],
    ['the inner one estimated: what was reported counts', 5, false, true],
  ])('counts a request that two instrumentations saw once: %s', (_, cost, outer, inner) => {
    const events = [op(0, 'out', { ...spending, usage_estimated: outer }), op(1, 'in', { ...spending, parent_span_id: 'out', usage_estimated: inner })];
    expect(turnIn(events)).toMatchObject({ cost_nano_usd: cost, unpriced_calls: 0, calls: { llm: 1 }, repeated_call: '', repeated_call_count: 0 });
  }); // prettier-ignore

  const reports = (of: Partial<TurnEvent>): Partial<TurnEvent> => ({
    ...spending,
    parent_span_id: 'root',
    duration_ms: 50,
    response_model: 'gpt-4o',
    prompt_hash: 'p',
    ...of,
  });
  it('counts a request once that two instrumentations report side by side, in whichever order they come', () => {
    const events = [
      op(0, 'a', reports({ attributes: { 'otel.scope.name': 'a', 'gen_ai.response.id': 'r' } })),
      op(2, 'b', reports({ response_model: 'gpt-4o-2024-08-06', duration_ms: 47, attributes: { 'otel.scope.name': 'b', 'gen_ai.response.id': 'r' } })),
    ];
    for (const inOrder of [events, [...events].reverse()])
      expect(turnIn(inOrder)).toMatchObject({ calls: { llm: 1 }, cost_nano_usd: 5, usage_input_uncached: 10, repeated_call: '', revision: 2 });
  }); // prettier-ignore

  it('counts two calls that one instrumentation reports side by side, whatever they share', () => {
    const attributes = { 'otel.scope.name': 'a', 'gen_ai.response.id': 'r' };
    const events = [op(0, 'a', reports({ attributes })), op(1, 'b', reports({ attributes }))];
    expect(turnIn(events)).toMatchObject({
      calls: { llm: 2 },
      cost_nano_usd: 10,
      repeated_call: 'llm chat',
      repeated_call_count: 2,
    });
  });

  it('lasts as long as its work where its own event is a prompt without a duration', () => {
    const logged = { ingest_format: 'otlp-logs', parent_span_id: 'p' } as const;
    const events = [
      op(0, 'p', { ...logged, kind: 'turn', parent_span_id: '', duration_ms: null, status: 'unset', input: 'fix the test' }),
      op(100, 'c', { ...logged, duration_ms: 2_000 }),
      op(2_100, 't', { ...logged, kind: 'tool', name: 'Bash', duration_ms: 50 }),
    ];
    expect(turnIn(events)).toMatchObject({
      has_root: true,
      duration_ms: 2_150,
      input_preview: 'fix the test',
      calls: { llm: 1, tool: 1 },
    });
  });

  it('does not count what is marked as the report of another call, and its failure once', () => {
    const mark = { attributes: { 'telltale.duplicate_of.id': 'in' } };
    const events = [op(0, 'out', { kind: 'chain', ...mark }), op(1, 'in', { ...spending, parent_span_id: 'out' })];
    expect(turnIn(events)).toMatchObject({ calls: { llm: 1 }, cost_nano_usd: 5 });
    const failed = [op(0, 'out', { status: 'error' }), op(1, 'in', { parent_span_id: 'out', status: 'error' })];
    expect(turnIn(failed)).toMatchObject({ calls: { llm: 1 }, errors: { llm: 1 }, unpriced_calls: 1 });
    const unread = [op(0, 'out', { status: 'error' }), op(1, 'in', { parent_span_id: 'out', ...spending })];
    expect(turnIn(unread)).toMatchObject({ calls: { llm: 1 }, errors: { llm: 1 }, cost_nano_usd: 5 });
  });

  it('weighs what its root weighs, nothing where others stand for it', () => {
    const turn = turnIn([op(0, 'r', { kind: 'turn', parent_span_id: '', sampling_weight: 0 }), op(1, 'a', { parent_span_id: 'r', sampling_weight: 1 })]);
    expect(turnRecord.parse(turn)).toMatchObject({ sampling_weight: 0 });
  }); // prettier-ignore

  it('keeps a thousand events in detail, totals of 4,000 more, and takes no others', () => {
    const events = Array.from({ length: MAX_EVENTS + 10 }, (_, i) => op(i, `s${i}`, { cost_nano_usd: 1 }));
    const late = stateOf([...events].reverse());
    expect(turnOf(late, ABOUT)).toMatchObject({ revision: MAX_EVENTS, calls: { llm: MAX_EVENTS }, cost_nano_usd: MAX_EVENTS, undetailed_events: MAX_EVENTS - MAX_DETAILED });
    expect(addEvent(late, op(9_999, 'more')).kind).toBe('over_limit');
    expect(addEvent(late, events[100] as TurnEvent).kind).toBe('repeated');
  }); // prettier-ignore

  it('as a record leaves out what readers take for absent, and takes about a kilobyte', () => {
    const json = turnRowAndRecord(turnIn(ALL))[1];
    expect(turnRecord.parse(JSON.parse(json))).toEqual(turnIn(ALL));
    expect(json.length).toBeLessThan(1_600);
    expect(turnRowAndRecord(turnIn([op(0, 'a', { cost_nano_usd: 0 })]))[1]).toContain('"cost_nano_usd":0');
  });
});

describe('what is known of a turn', () => {
  const any = fc.record({
    span_id: fc.constantFrom('a', 'b', 'c', 'd'), parent_span_id: fc.constantFrom('', 'a', 'b'), kind: fc.constantFrom<TurnEvent['kind']>('llm', 'tool', 'agent', 'turn', 'log'),
    name: fc.constantFrom('x', 'y'), status: fc.constantFrom<TurnEvent['status']>('ok', 'error'), duration_ms: fc.constantFrom(null, 0, 5, 50), session_id: fc.constantFrom('', 's1', 's2'),
    user_id: fc.constantFrom('', 'u1', 'u2'), input: fc.constantFrom('', 'one', 'two'), output: fc.constantFrom('', 'three'), cost_nano_usd: fc.constantFrom(null, 3),
    usage_input_uncached: fc.constantFrom(null, 9), tool_call_hash: fc.constantFrom('', 'h'), attributes: fc.constantFrom({}, { 'telltale.dimension.d': '1' }, { 'telltale.dimension.d': '2' }),
  }); // prettier-ignore
  const events = fc
    .array(fc.tuple(any, fc.nat(40)), { minLength: 1, maxLength: 12 })
    .map((list) => list.map(([of, offset], i) => newTestEvent({ ...of, offset, id: `e${i}` })));

  it('is the same in whatever order, and however often, its events come', () => {
    fc.assert(
      fc.property(events, fc.infiniteStream(fc.nat()), (all, dice) => {
        const shuffled = [...all, ...all]
          .map((event) => ({ event, at: dice.next().value as number }))
          .sort((a, b) => a.at - b.at);
        expect(turnIn(shuffled.map(({ event }) => event))).toEqual(turnIn(all));
      }),
      { numRuns: 300 },
    );
  });
  it('never starts later, nor has fewer events, when more is known', () => {
    fc.assert(
      fc.property(events, (all) => {
        const [some, more] = [turnIn(all.slice(0, -1).length ? all.slice(0, -1) : all), turnIn(all)];
        expect(more.ts <= some.ts && more.revision >= some.revision).toBe(true);
      }),
    );
  });
  it('counts each event once', () => {
    const state = stateOf([...ALL, ...ALL]);
    expect(eventsIn(state)).toBe(ALL.length);
    expect(AT).toBe(Date.parse(turnOf(state, ABOUT).ts));
  });
});
