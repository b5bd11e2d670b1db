import { mergeUsageReports } from './double-counted-usage';
import { type EventDraft, newDraft } from './draft';

const call = (span: string, parent: string, tokens: number | null, of: Partial<EventDraft['event']> = {}): EventDraft => {
  const draft = newDraft('acme', 'llm', 'otlp-traces', 0);
  Object.assign(draft.event, { trace_id: 't', span_id: span, parent_span_id: parent, usage_input_uncached: tokens, ...of });
  return draft;
};
const tokensOf = (...drafts: EventDraft[]): (number | null)[] => {
  mergeUsageReports(drafts);
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
    ['keeps what the outer one reported where the inner is estimated', [call('outer', '', 100), call('inner', 'outer', 90, { usage_estimated: true })], [100, 90]],
    ['is estimated once', [call('outer', '', 80, { usage_estimated: true }), call('inner', 'outer', 90, { usage_estimated: true })], [null, 90]],
    ['is none without a trace', [call('outer', '', 1, { trace_id: '' }), call('inner', 'outer', 1, { trace_id: '' })], [1, 1]],
  ])('%s', (_, drafts, expected) => expect(tokensOf(...drafts)).toEqual(expected)); // prettier-ignore

  it('leaves the totals of the outer call to be read', () => {
    const outer = call('outer', '', 100, { usage_cache_read: 20, usage_output: 7 });
    mergeUsageReports([outer, call('inner', 'outer', 100)]);
    expect(outer.content.attributes).toEqual({ 'rollup.usage.input_tokens': '120', 'rollup.usage.output_tokens': '7' });
    expect(outer.event).toMatchObject({ usage_cache_read: null, usage_output: null });
  });
});

describe('a call right beneath one that shows what was said', () => {
  const shown = (): EventDraft => {
    const draft = call('shown', '', 100);
    draft.content.output = [{ role: 'assistant', parts: [] }];
    return draft;
  };
  const pair = (...inner: EventDraft[]): unknown[] => {
    const outer = shown();
    mergeUsageReports([...inner, outer]);
    return [outer, ...inner].map(({ event }) => [event.kind, event.usage_input_uncached]);
  };

  it.each<[string, EventDraft[], unknown[]]>([
    ['is one with it where it shows nothing', [call('a', 'shown', 90)], [['llm', 90], ['chain', null]]],
    ['is the call where it shows something itself', [{ ...call('a', 'shown', 90), content: shown().content }], [['llm', null], ['llm', 90]]],
    ['is a try where there are several', [call('a', 'shown', 90), call('b', 'shown', 91)], [['llm', null], ['llm', 90], ['llm', 91]]],
    ['stays what it is where it says no tokens', [call('a', 'shown', null)], [['llm', 100], ['llm', null]]],
  ])('%s', (_, inner, expected) => expect(pair(...inner)).toEqual(expected)); // prettier-ignore
});

describe('one response that two instrumentations report beside each other', () => {
  const report = (span: string, at: number, ms: number, tokens: number | null, of: { scope?: string; id?: string; output?: unknown; ttft?: number } = {}): EventDraft => {
    const draft = call(span, 'turn', tokens, { duration_ms: ms, time_to_first_token_ms: of.ttft ?? null });
    draft.at = at;
    draft.content.output = of.output ?? '';
    Object.assign(draft.content.attributes, { 'gen_ai.response.id': of.id ?? 'r1', 'otel.scope.name': of.scope ?? span });
    return draft;
  }; // prettier-ignore
  const SAID = [{ role: 'assistant', parts: [] }];

  it('is the call that shows what was said, with the tokens and the first token of the inner one', () => {
    const shown = report('instrumentation', 0, 50, 101, { output: SAID });
    const inner = report('client', 1, 48, 100, { ttft: 20 });
    mergeUsageReports([inner, shown]);
    expect(shown.event).toMatchObject({ kind: 'llm', usage_input_uncached: 100, time_to_first_token_ms: 20 });
    expect(inner.event).toMatchObject({ kind: 'chain', usage_input_uncached: null });
    expect(inner.content.attributes).toMatchObject({ 'rollup.usage.input_tokens': '100' });
  });

  it('keeps its tokens where the inner one has none', () => {
    const shown = report('instrumentation', 0, 50, 101, { output: SAID });
    mergeUsageReports([shown, report('client', 1, 48, null)]);
    expect(shown.event.usage_input_uncached).toBe(101);
  });

  it.each<[string, EventDraft]>([
    ['another response', report('client', 1, 48, 100, { id: 'r2' })],
    ['one without an id', report('client', 1, 48, 100, { id: '' })],
    ['one of the same instrumentation', report('client', 1, 48, 100, { scope: 'instrumentation' })],
    ['one at another time', report('client', 60, 48, 100)],
  ])('is not %s', (_, other) => {
    const shown = report('instrumentation', 0, 50, 100, { output: SAID });
    mergeUsageReports([shown, other]);
    expect([shown, other].map(({ event }) => [event.kind, event.usage_input_uncached])).toEqual([
      ['llm', 100],
      ['llm', 100],
    ]);
  });
});
