import { type EventRecord } from '@telltale/contracts';
import fc from 'fast-check';
import { newDraft } from '../draft';
import { withoutRepeatedUsage } from './double-counted-usage';
import { callerOf, factsOf, joinFacts, NO_FACTS, type TurnFacts } from './turn-facts';
import { turnEventOf } from './turn-event';
import { lastWords } from './words';

const op = (of: Partial<EventRecord>, at = 1_000): { event: EventRecord; at: number } => {
  const { event } = newDraft('acme', of.kind ?? 'llm', 'otlp-traces', at);
  return { event: { ...event, trace_id: 't', duration_ms: 10, ts: new Date(at).toISOString(), ...of }, at };
};
const factsIn = (ops: readonly { event: EventRecord; at: number }[]): TurnFacts =>
  ops.reduce((facts, { event, at }) => joinFacts(facts, factsOf(event, at)), NO_FACTS);

const LOOP = [
  op({ kind: 'agent', span_id: 'root', parent_span_id: '', name: 'invoke_agent bot', agent_name: 'bot', status: 'ok', duration_ms: 500 }, 1_000),
  op({ span_id: 'l1', parent_span_id: 'root', input: '[{"role":"user","parts":[{"type":"text","content":"weather?"}]}]', requested_tool_call_ids: ['c1'], decision_chosen: 'weather', session_id: 's' }, 1_010),
  op({ kind: 'tool', span_id: 'x1', parent_span_id: 'root', tool_name: 'weather', tool_call_id: 'c1' }, 1_100),
  op({ span_id: 'l2', parent_span_id: 'root', output: '[{"role":"assistant","parts":[{"type":"text","content":"It rains."}]}]', user_id: 'u_1' }, 1_200),
]; // prettier-ignore

describe('a turn', () => {
  it('is made of its root, and of what is inside where the root says nothing', () => {
    const { event, at } = turnEventOf('acme', 't', factsIn(LOOP), 0);
    expect(at).toBe(1_000);
    expect(event).toMatchObject({
      kind: 'turn', name: 'invoke_agent bot', agent_name: 'bot', status: 'ok', duration_ms: 500, session_id: 's', user_id: 'u_1', input: 'weather?', output: 'It rains.', revision: 0,
    }); // prettier-ignore
  });
  it('has the root’s own words, not those of the calls inside', () => {
    const root = op({ kind: 'agent', span_id: 'root', parent_span_id: '', input: 'hi', output: 'bye', session_id: 'own' }, 900);
    expect(turnEventOf('acme', 't', factsIn([...LOOP.slice(1), root]), 0).event).toMatchObject({ input: 'hi', output: 'bye', session_id: 'own' });
  }); // prettier-ignore
  it('has another id for each revision, always the same ones', () => {
    const facts = factsIn(LOOP);
    const ids = [0, 1, 2].map((revision) => turnEventOf('acme', 't', facts, revision).event.id);
    expect(new Set(ids).size).toBe(3);
    expect(ids).toEqual([0, 1, 2].map((revision) => turnEventOf('acme', 't', facts, revision).event.id));
    expect(turnEventOf('other', 't', facts, 0).event.id).not.toBe(ids[0]);
  });
  it('says so when its root has not come', () => {
    const { event, at } = turnEventOf('acme', 't', factsIn(LOOP.slice(1)), 0);
    expect([at, event.duration_ms, event.attributes['telltale.turn']]).toEqual([1_010, 200, 'without root']);
  });

  const text = fc.constantFrom('', 'a', 'b');
  const anyOp = fc
    .record({
      kind: fc.constantFrom('llm', 'tool', 'agent', 'turn', 'log'),
      span_id: fc.constantFrom('1', '2', '3'),
      parent_span_id: fc.constantFrom('', '1', '2'),
      session_id: text,
      user_id: text,
      input: text,
      output: text,
      requested_tool_call_ids: fc.subarray(['c1', 'c2']),
      decision_chosen: fc.constantFrom('', 'find', 'find, say'),
      usage_output: fc.constantFrom(null, 3),
    })
    .chain((of) => fc.nat({ max: 3 }).map((at) => op(of as Partial<EventRecord>, 1_000 + at)));

  it('is the same whatever order its operations come in, in whatever pieces, and however often', () => {
    const ops = fc.array(anyOp, { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(ops.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }), fc.nat({ max: all.length }))), ([all, shuffled, cut]) => {
        const pieces = joinFacts(factsIn(shuffled.slice(cut)), factsIn(shuffled.slice(0, cut)));
        expect(pieces).toEqual(factsIn(all));
        expect(joinFacts(pieces, factsIn(shuffled.slice(cut)))).toEqual(pieces);
      }),
    );
  }); // prettier-ignore
});

describe('the last words', () => {
  const message = (role: string, ...contents: string[]) => ({
    role,
    parts: contents.map((content) => ({ type: 'text', content })),
  });
  it.each<[string, unknown, string]>([
    ['of a long conversation', [message('user', 'first'), message('assistant', 'x'.repeat(9_000)), message('user', 'last', 'words'), message('assistant', 'y')], 'last\nwords'],
    ['of the only message', [message('user', 'hi')], 'hi'],
    ['that quote a message', [message('user', 'say {"role":"user"} twice')], 'say {"role":"user"} twice'],
    ['before a call that holds a message', [message('user', 'hi'), { role: 'assistant', parts: [{ type: 'tool_call', name: 't', arguments: { a: [{ role: 'user', parts: [] }] } }] }], 'hi'],
  ])('%s are the user’s', (_, messages, words) => {
    expect(lastWords(JSON.stringify(messages), 'user')).toBe(words);
  }); // prettier-ignore
  it.each(['plain', '[cut', '[1,null]', '[{"role":"user","parts":3}]', '[{"role":"system","parts":[]}]'])('of %s are all of it', (text) => {
    expect(lastWords(text, 'user')).toBe(text);
  }); // prettier-ignore
});

describe('a call of a tool', () => {
  const facts = factsIn(LOOP);
  it.each([
    ['its id', { tool_call_id: 'c1', tool_name: 'weather' }, 1_100, 'l1'],
    ['an id that nobody asked with', { tool_call_id: 'c9', tool_name: 'weather' }, 1_100, ''],
    ['an id such as objects have', { tool_call_id: 'constructor', tool_name: 'weather' }, 1_100, ''],
  ])('by %s is of the decision that asked for it', (_, of, at, asker) => {
    expect(callerOf(facts, op({ kind: 'tool', ...of }).event, at)).toBe(asker);
  });
  it('without an id is of the nearest decision before it that asked for a tool of its name', () => {
    const nameless = factsIn([
      op({ span_id: 'a', decision_chosen: 'find' }, 1_000),
      op({ span_id: 'b', decision_chosen: 'say, find' }, 2_000),
      op({ span_id: 'c', decision_chosen: 'say' }, 3_000),
    ]);
    const asker = (at: number): string => callerOf(nameless, op({ kind: 'tool', tool_name: 'find' }).event, at);
    expect([asker(999), asker(1_500), asker(2_000), asker(9_000)]).toEqual(['', 'a', 'b', 'b']);
  });
});

describe('a call of a model that another instrumentation saw too', () => {
  const outer = op({
    span_id: 'o',
    parent_span_id: 'root',
    usage_input_uncached: 9,
    usage_cache_read: 1,
    usage_cache_write_1h: 2,
    usage_output: 3,
    usage_output_audio: 4,
    cost_nano_usd: 5,
    price_version: 'v',
  });
  const inner = op({ span_id: 'i', parent_span_id: 'o', usage_input_uncached: 9, usage_output: 3, cost_nano_usd: 5 });
  it('is paid once, inside', () => {
    const facts = factsIn([inner, outer]);
    const of = (event: EventRecord) => ({ ...event, attributes: {} });
    const repeated = of(outer.event);
    expect([withoutRepeatedUsage(repeated, facts), withoutRepeatedUsage(of(inner.event), facts)]).toEqual([true, false]);
    expect(repeated).toMatchObject({ usage_input_uncached: null, usage_cache_read: null, usage_output: null, cost_nano_usd: null, price_version: '' });
    expect(repeated.attributes).toEqual({ 'rollup.usage.input_tokens': '12', 'rollup.usage.output_tokens': '7' });
  }); // prettier-ignore
});

describe('a call of a model whose inner call is estimated', () => {
  const inner = op({ span_id: 'i', parent_span_id: 'o', usage_output: 3, usage_estimated: true, cost_nano_usd: 5 });
  const facts = factsIn([inner]);
  const outer = (of: Partial<EventRecord>) => op({ span_id: 'o', usage_output: 4, cost_nano_usd: 6, ...of }).event;
  it('keeps what it reported', () => {
    const reported = outer({});
    expect([withoutRepeatedUsage(reported, facts), reported.usage_output, reported.cost_nano_usd]).toEqual([false, 4, 6]);
  });
  it('leaves it the estimate, and says nothing of its own', () => {
    const estimated = outer({ usage_estimated: true, attributes: {} });
    expect(withoutRepeatedUsage(estimated, facts)).toBe(true);
    expect(estimated).toMatchObject({ usage_output: null, cost_nano_usd: null, usage_estimated: false, attributes: {} });
  });
});
