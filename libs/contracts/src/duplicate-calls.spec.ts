import fc from 'fast-check';
import { duplicateCalls, modelFamily, type ReportedCall } from './duplicate-calls';
import { USAGE_BUCKETS } from './usage';

const usage = (input: number | null, output: number | null, cacheRead: number | null = null): (number | null)[] =>
  USAGE_BUCKETS.map((name) => (name === 'usage_input_uncached' ? input : name === 'usage_output' ? output : name === 'usage_cache_read' ? cacheRead : null)); // prettier-ignore
const call = (id: string, of: Partial<ReportedCall> = {}): ReportedCall => ({
  id, traceId: 't', spanId: id, parentSpanId: 'p', models: ['gpt-4o'], at: 1_000, durationMs: 500, usage: usage(100, 20), isEstimated: false,
  hasFailed: false, scope: `scope of ${id}`, responseId: '', ...of,
}); // prettier-ignore
/** Duplicates and what counts for them, by id; the same in any order. */
function found(...calls: ReportedCall[]): string[] {
  const say = (of: ReportedCall[]): string[] => [...duplicateCalls(of)].map(([a, b]) => `${a.id} is ${b.id}`).sort();
  expect(say([...calls].reverse())).toEqual(say(calls));
  return say(calls);
}
const beneath = (parentSpanId: string, of: Partial<ReportedCall> = {}): Partial<ReportedCall> => ({
  parentSpanId,
  at: 1_010,
  durationMs: 480,
  ...of,
});

describe('two calls right beneath each other', () => {
  it.each<[string, ReportedCall[], string[]]>([
    ['are the inner one', [call('a'), call('b', beneath('a'))], ['a is b']],
    ['are one also of one instrumentation', [call('a', { scope: 's' }), call('b', beneath('a', { scope: 's' }))], ['a is b']],
    ['are the innermost of three', [call('a'), call('b', beneath('a')), call('c', beneath('b'))], ['a is c', 'b is c']],
    ['are the outer one where only that knows its tokens', [call('a'), call('b', beneath('a', { usage: usage(null, null) }))], ['b is a']],
    ['are the outer one where the inner is an estimate', [call('a'), call('b', beneath('a', { isEstimated: true }))], ['b is a']],
    ['are the innermost where one between knows nothing', [call('a'), call('b', beneath('a', { usage: [] })), call('c', beneath('b'))], ['a is c', 'b is c']],
    ['are one with a model under two names', [call('a', { models: ['openai/gpt-4o'] }), call('b', beneath('a', { models: ['gpt-4o-2024-08-06'] }))], ['a is b']],
    ['are one where the outer names no model', [call('a', { models: [] }), call('b', beneath('a'))], ['a is b']],
    ['are a sum and its two requests', [call('a', { usage: usage(200, 40) }), call('b', beneath('a', { durationMs: 100 })), call('c', beneath('a', { at: 1_200, durationMs: 100 }))], ['a is c']],
    ['are two with different models', [call('a'), call('b', beneath('a', { models: ['gpt-4o-mini'] }))], []],
    ['are two at different times', [call('a'), call('b', beneath('a', { at: 9_000 }))], []],
    ['are an attempt and its retry where the inner one failed', [call('a'), call('b', beneath('a', { hasFailed: true, usage: [] }))], []],
    ['are one that failed', [call('a', { hasFailed: true, usage: [] }), call('b', beneath('a', { hasFailed: true, usage: [] }))], ['a is b']],
    ['are two with another operation between', [call('a'), call('b', beneath('tool'))], []],
    ['are two in two traces', [call('a'), call('b', beneath('a', { traceId: 'u' }))], []],
    ['are two without a trace', [call('a', { traceId: '' }), call('b', beneath('a', { traceId: '' }))], []],
    ['are two where each is in the other', [call('a', { parentSpanId: 'b' }), call('b', { parentSpanId: 'a' })], ['b is a']],
    ['are none where one is in itself', [call('a', { parentSpanId: 'a' })], []],
  ])('%s', (_, calls, expected) => expect(found(...calls)).toEqual(expected)); // prettier-ignore

  it('end, however deep they lie', () => {
    const deep = Array.from({ length: 5_000 }, (_, i) => call(`${10_000 + i}`, { parentSpanId: `${9_999 + i}` }));
    expect(duplicateCalls(deep).size).toBe(4_999);
  });
});

describe('two calls side by side', () => {
  it.each<[string, ReportedCall[], string[]]>([
    ['are one with the same times and tokens', [call('a'), call('b', { at: 1_003, durationMs: 495 })], ['a is b']],
    ['are one with the same answer, whatever is known of tokens', [call('a', { responseId: 'r', usage: [] }), call('b', { responseId: 'r', at: 1_100, durationMs: 300 })], ['a is b']],
    ['are the one that says more of its tokens', [call('a', { usage: usage(20, 20, 80) }), call('b', { at: 1_002, durationMs: 497 })], ['b is a']],
    ['are one where only one knows its answer', [call('a', { responseId: 'r' }), call('b')], ['b is a']],
    ['are two with different answers', [call('a', { responseId: 'r' }), call('b', { responseId: 'q' })], []],
    ['are two of one instrumentation', [call('a', { scope: 's' }), call('b', { scope: 's' })], []],
    ['are two of one instrumentation, even with one answer', [call('a', { scope: 's', responseId: 'r' }), call('b', { scope: 's', responseId: 'r' })], []],
    ['are two where one does not say who reports it', [call('a', { scope: '' }), call('b')], []],
    ['are two with one answer at different times', [call('a', { responseId: 'r' }), call('b', { responseId: 'r', at: 9_000 })], []],
    ['are two that end apart', [call('a'), call('b', { durationMs: 520 })], []],
    ['are two with other tokens', [call('a'), call('b', { usage: usage(100, 21) })], []],
    ['are two with estimated tokens', [call('a'), call('b', { isEstimated: true })], []],
    ['are two without tokens', [call('a', { usage: [] }), call('b', { usage: [] })], []],
    ['are two whose times are unknown', [call('a', { durationMs: null }), call('b', { durationMs: null })], []],
    ['are two with different models', [call('a'), call('b', { models: ['gpt-4o-mini'] })], []],
    ['are two in different parents', [call('a'), call('b', { parentSpanId: 'q' })], []],
    ['are two of which one failed', [call('a', { responseId: 'r' }), call('b', { responseId: 'r', hasFailed: true })], []],
  ])('%s', (_, calls, expected) => expect(found(...calls)).toEqual(expected)); // prettier-ignore

  it('stay as many as one instrumentation reports: a prompt that is sent twice, seen by two', () => {
    const twice = (ids: boolean): ReportedCall[] => ['a1', 'a2', 'b1', 'b2'].map((id) => call(id, { scope: id.slice(0, 1), responseId: ids ? `r${id.slice(1)}` : '' })); // prettier-ignore
    expect(found(...twice(true))).toEqual(['b1 is a1', 'b2 is a2']);
    expect(found(...twice(false))).toHaveLength(2);
  });

  it('end in time when thousands start at once', () => {
    const many = Array.from({ length: 3_000 }, (_, i) => call(`c${i}`, { scope: `s${i % 2}`, usage: usage(i, 1) }));
    expect(duplicateCalls(many).size).toBe(0);
  });
});

it('of any calls, what counts is no duplicate, and neither order nor repeats change which', () => {
  const some = fc.record({
    parent: fc.integer({ min: 0, max: 9 }),
    at: fc.constantFrom(1_000, 1_002, 1_400, 9_000),
    durationMs: fc.constantFrom(null, 100, 500),
    tokens: fc.constantFrom(null, 5, 100),
    scope: fc.constantFrom('', 'a', 'b', 'c'),
    responseId: fc.constantFrom('', 'r', 'q'),
    model: fc.constantFrom([], ['gpt-4o'], ['gpt-4o-2024-08-06'], ['o3']),
    isEstimated: fc.boolean(),
    hasFailed: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(some, { maxLength: 8 }), (list) => {
      const calls = list.map(({ parent, tokens, model, ...of }, i) =>
        call(`${i}`, { ...of, parentSpanId: `${parent}`, usage: usage(tokens, tokens), models: model }),
      );
      found(...calls);
      const duplicates = duplicateCalls(calls);
      for (const kept of duplicates.values()) expect(duplicates.has(kept)).toBe(false);
      // Of calls side by side, as many count as one instrumentation reports.
      for (const kept of new Set(duplicates.values())) {
        const reports = [...duplicates].filter(([one, of]) => of === kept && one.parentSpanId === kept.parentSpanId);
        const isNested = reports.some(([one]) =>
          calls.some((other) => other.parentSpanId === one.spanId || one.parentSpanId === other.spanId),
        );
        const scopes = [kept, ...reports.map(([one]) => one)].map(({ scope }) => scope);
        expect(isNested || new Set(scopes).size === scopes.length).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

describe('the family of a model', () => {
  it.each([
    ['gpt-4o-2024-08-06', 'gpt-4o'], ['gpt-4o-mini', 'gpt-4o-mini'], ['gpt-4-0613', 'gpt-4'], ['claude-sonnet-4-5-20250929', 'claude-sonnet-4-5'], ['us.anthropic.claude-3-5-sonnet-20240620-v1:0', 'claude-3-5-sonnet'],
    ['models/gemini-1.5-pro-002', 'gemini-1.5-pro'], ['openai:GPT-4o', 'gpt-4o'], ['gpt-4.1', 'gpt-4.1'], ['claude-3-5-haiku@20241022', 'claude-3-5-haiku'], ['llama3.1', 'llama3.1'], ['mistral-large-latest', 'mistral-large'], ['', ''], ['-', '-'],
  ])('of %s is %s', (model, family) => expect(modelFamily(model)).toBe(family)); // prettier-ignore
});
