import { mergeDuplicateCalls } from './double-counted-usage';
import { type EventDraft, newDraft } from './draft';

const call = (span: string, parent: string, tokens: number | null, of: Partial<EventDraft['event']> = {}): EventDraft => {
  const draft = newDraft('acme', 'llm', 'otlp-traces', 0);
  Object.assign(draft.event, {
    id: `event of ${span}`,
    trace_id: 't',
    span_id: span,
    parent_span_id: parent,
    usage_input_uncached: tokens,
    ...of,
  });
  return draft;
};
const tokensOf = (...drafts: EventDraft[]): (number | null)[] => {
  mergeDuplicateCalls(drafts);
  return drafts.map(({ event }) => event.usage_input_uncached);
};

describe('one request that two instrumentations report', () => {
  it.each<[string, EventDraft[], (number | null)[]]>([
    ['counts in the inner call', [call('outer', '', 100), call('inner', 'outer', 100)], [null, 100]],
    ['counts in the innermost of three', [call('a', '', 9), call('b', 'a', 9), call('c', 'b', 9)], [null, null, 9]],
    ['counts in the outer one where the inner has no tokens', [call('outer', '', 100), call('inner', 'outer', null)], [100, null]],
    ['is not taken for one where another operation lies between', [call('outer', '', 100), call('inner', 'tool', 100)], [100, 100]],
    ['is not taken for one in another trace', [call('outer', '', 100), call('inner', 'outer', 100, { trace_id: 'u' })], [100, 100]],
    ['is not taken for one of another tenant', [call('outer', '', 100), call('inner', 'outer', 100, { tenant: 'other' })], [100, 100]],
    ['keeps what the outer one reported where the inner is estimated', [call('outer', '', 100), call('inner', 'outer', 90, { usage_estimated: true })], [100, null]],
    ['is estimated once', [call('outer', '', 80, { usage_estimated: true }), call('inner', 'outer', 90, { usage_estimated: true })], [null, 90]],
    ['is none without a trace', [call('outer', '', 1, { trace_id: '' }), call('inner', 'outer', 1, { trace_id: '' })], [1, 1]],
  ])('%s', (_, drafts, expected) => expect(tokensOf(...drafts)).toEqual(expected)); // prettier-ignore

  it('leaves the totals of the outer call to be read', () => {
    const outer = call('outer', '', 100, { usage_cache_read: 20, usage_output: 7 });
    mergeDuplicateCalls([outer, call('inner', 'outer', 100)]);
    expect(outer.content.attributes).toEqual({
      'rollup.usage.input_tokens': 120,
      'rollup.usage.output_tokens': 7,
      'telltale.duplicate_of.id': 'inner',
    });
    expect(outer.event).toMatchObject({ kind: 'chain', usage_cache_read: null, usage_output: null });
  });

  it('is shown in words by the call that counts, where only the other one has them', () => {
    const outer = call('outer', '', 100);
    const inner = call('inner', 'outer', 100);
    Object.assign(outer.content, { input: 'hi', output: 'hello' });
    inner.content.output = 'own';
    mergeDuplicateCalls([outer, inner]);
    expect([inner.content.input, inner.content.output]).toEqual(['hi', 'own']);
    const silent = call('inner', 'outer', 100);
    Object.assign(outer.event, {
      kind: 'llm',
      usage_input_uncached: 100,
      requested_tool_call_ids: ['c1'],
      decision_chosen: 'find',
    });
    mergeDuplicateCalls([outer, silent]);
    expect(silent.content.output).toBe('hello');
    expect(silent.event).toMatchObject({ requested_tool_call_ids: ['c1'], decision_chosen: 'find' });
  });

  it('counts once side by side', () => {
    const of = (span: string, scope: string): EventDraft => {
      const draft = call(span, 'p', 100, { request_model: 'gpt-4o', usage_output: 5, duration_ms: 50 });
      draft.content.attributes['otel.scope.name'] = scope;
      return draft;
    };
    expect(tokensOf(of('s1', 'a'), of('s2', 'b')).filter((tokens) => tokens === 100)).toHaveLength(1);
    expect(tokensOf(of('s1', 'a'), of('s2', 'a'))).toEqual([100, 100]);
  });
});
