import { EVENT_KINDS, eventRecord, nativeEvent } from '@telltale/contracts';
import fc from 'fast-check';
import { newDraft } from './draft';
import { normalizeNative } from './native-event';

const arrival = { tenant: 'acme', receivedAt: 0 };
const base = { kind: 'llm', ts: '2026-01-31T12:00:00Z', service_name: 'bot' };
const one = (item: unknown) => {
  const result = normalizeNative(item, arrival);
  if (!result.ok) throw new Error(result.error.error);
  return result.value[0]!;
};
const errorOf = (item: unknown) => {
  const result = normalizeNative(item, arrival);
  return result.ok ? null : result.error;
};

describe('a draft', () => {
  it('has the fields of the contract, in its order', () => {
    expect(Object.keys(newDraft('t', 'llm', 'native', 0).event)).toEqual(Object.keys(eventRecord.shape));
  });
});

describe('a native event', () => {
  it('becomes an event by our names', () => {
    const { event, content, at } = one({
      ...base,
      usage: { input_tokens: 100, cache_read_tokens: 60, output_tokens: 20, reasoning_tokens: 5, audio_tokens: 1 },
      tool: { name: 'search', arguments: { q: 'x' }, result: [1] },
      decision: { options: ['search', 'answer'], chosen: 'search', why: 'asked' },
      input: [{ role: 'user' }],
      error: { type: 'Timeout' },
      score: { name: 'thumbs', value: 1 },
      colour: 'red',
      attributes: { a: 1 },
    });
    expect(at).toBe(Date.UTC(2026, 0, 31, 12));
    expect(event).toMatchObject({
      tenant: 'acme', kind: 'llm', service_name: 'bot', usage_input_uncached: 40, usage_cache_read: 60, usage_cache_write: null, usage_output: 15, usage_reasoning: 5,
      tool_name: 'search', decision_options: ['search', 'answer'], decision_chosen: 'search', error_type: 'Timeout', status: 'error', score_name: 'thumbs', score_value: 1,
    }); // prettier-ignore
    expect(content).toMatchObject({ input: [{ role: 'user' }], tool_arguments: { q: 'x' }, tool_result: [1] });
    expect(content.attributes).toEqual({ colour: 'red', a: 1, 'usage.audio_tokens': 1 });
  });

  it.each([
    ['the producer’s', { id: 'mine' }, 'mine'],
    ['that of its span', { trace_id: 't', span_id: 's' }, one({ ...base, trace_id: 't', span_id: 's', name: 'other' }).event.id],
    ['that of its content', { name: 'x' }, one({ ...base, name: 'x' }).event.id],
  ])('has an id that is %s', (_, fields, id) => {
    expect(one({ ...base, ...fields }).event.id).toBe(id);
  });
  it('has another id when its content is another, or its tenant', () => {
    expect(one({ ...base, name: 'x' }).event.id).not.toBe(one({ ...base, name: 'y' }).event.id);
    const other = normalizeNative({ ...base, name: 'x' }, { tenant: 'other', receivedAt: 0 });
    expect(other.ok && other.value[0]!.event.id).not.toBe(one({ ...base, name: 'x' }).event.id);
  });

  it.each([
    ['an array', [], 'invalid_field', /JSON object/],
    ['no kind', { ...base, kind: undefined }, 'invalid_field', /^kind is missing/],
    ['an unknown kind', { ...base, kind: 'dance' }, 'invalid_field', /^kind must be one of turn, llm/],
    ['a null', { ...base, name: null }, 'invalid_field', /^name must be text, not null: leave it out$/],
    ['a negative duration', { ...base, duration_ms: -1 }, 'invalid_field', /^duration_ms must be a number, 0 or more/],
    ['half a token', { ...base, usage: { input_tokens: 1.5 } }, 'invalid_field', /^usage\.input_tokens must be a whole number/],
    ['a tool without a name', { ...base, tool: {} }, 'invalid_field', /^tool\.name is missing/],
    ['no time', { ...base, ts: 'soon' }, 'bad_timestamp', /^ts is no time: send ISO 8601/],
  ])('is refused for %s with the field and the fix', (_, item, reason, error) => {
    expect(errorOf(item)).toEqual({ reason, error: expect.stringMatching(error) as string });
  });

  const call = { type: 'function', id: 'c1', function: { name: 'search', arguments: '{"q":"tea"}' } };
  it.each<[string, object, string, string[]]>([
    ['messages of chat completions', { output: [{ role: 'assistant', content: null, tool_calls: [call] }] }, 'search', ['c1']],
    ['the same as JSON in a text', { output: JSON.stringify([{ role: 'assistant', tool_calls: [call] }]) }, 'search', ['c1']],
    ['blocks of Anthropic', { output: { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'find', input: {} }, { type: 'tool_use', id: 't2', name: 'sell', input: {} }] } }, 'find, sell', ['t1', 't2']],
    ['what the producer says itself', { output: [{ role: 'assistant', tool_calls: [call] }], decision: { chosen: 'answer' }, requested_tool_call_ids: ['x'] }, 'answer', ['x']],
    ['plain text', { output: 'call search, please' }, '', []],
    ['a tool, which asks for none', { kind: 'tool', tool: { name: 'x' }, output: [{ role: 'assistant', tool_calls: [call] }] }, '', []],
  ])('says which tools a model asked for, from %s', (_, more, chosen, ids) => {
    const { event } = one({ ...base, ...more });
    expect([event.decision_chosen, event.requested_tool_call_ids]).toEqual([chosen, ids]);
  }); // prettier-ignore

  it('never lets content into an error', () => {
    for (const item of [
      { ...base, kind: 'SECRET' },
      { ...base, ts: 'SECRET' },
      { ...base, usage: 'SECRET' },
      { ...base, feature_flags: { SECRET: {} } },
    ])
      expect(errorOf(item)?.error).not.toContain('SECRET');
  });

  const odd = fc.oneof(fc.constant(null), fc.integer({ min: -2 }), fc.double(), fc.string({ maxLength: 3 }), fc.boolean(), fc.array(fc.oneof(fc.string({ maxLength: 2 }), fc.integer()), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('name', 'type', 'input_tokens', 'value', 'options', 'x'), fc.oneof(fc.string({ maxLength: 2 }), fc.integer({ min: -1 }), fc.double(), fc.constant(null), fc.array(fc.string(), { maxLength: 1 })), { maxKeys: 3 })); // prettier-ignore
  const fields = Object.fromEntries(Object.keys(nativeEvent.shape).map((key) => [key, odd]));
  const event = fc.tuple(
    fc.record({ kind: fc.constantFrom(...EVENT_KINDS), ts: fc.constant(1_700_000_000), service_name: fc.constant('s') }),
    fc.record(fields, { requiredKeys: [] }).chain((all) => fc.subarray(Object.keys(all), { maxLength: 3 }).map((keys) => Object.fromEntries(keys.map((key) => [key, all[key]])))),
  ).map(([required, other]): unknown => ({ ...required, ...other })); // prettier-ignore

  it('is taken exactly when the contract takes it, but for what is no time', () => {
    let taken = 0;
    fc.assert(
      fc.property(event, (item) => {
        const error = errorOf(item);
        const isValid = nativeEvent.safeParse(item).success;
        // Only a time can be refused that the contract takes.
        expect(error === null || error.reason === 'bad_timestamp').toBe(isValid);
        if (isValid) taken++;
      }),
      { numRuns: 3_000 },
    );
    expect(taken).toBeGreaterThan(100);
  });
});

describe('what an event says of where and how it was produced', () => {
  const said = { kind: 'llm', ts: 1_000, service_name: 'bot' };
  it('is kept in fields of its own', () => {
    const where = {
      region: 'eu-west-1',
      instance: 'pod-1',
      attempt: 2,
      request_max_tokens: 500,
      directive_ids: ['d1'],
      from_ring: true,
    };
    const read = normalizeNative({ ...said, ...where }, { tenant: 'acme', receivedAt: 0 });
    expect(read.ok && read.value[0]?.event).toMatchObject(where);
  });
  it.each([
    [{ attempt: 0 }, 'attempt must be a whole number, 1 or more'],
    [{ request_max_tokens: 1.5 }, 'request_max_tokens must be a whole number, 0 or more'],
    [{ from_ring: 'yes' }, 'from_ring must be true or false'],
    [{ directive_ids: 'd1' }, 'directive_ids must be a list of texts'],
  ])('is refused when it is not: %j', (of, error) => {
    expect(normalizeNative({ ...said, ...of }, { tenant: 'acme', receivedAt: 0 })).toMatchObject({ error: { error } });
  });
});
