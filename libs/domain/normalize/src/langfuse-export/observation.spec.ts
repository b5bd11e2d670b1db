import { normalizeNative } from '../native-event';
import { eventOf, eventsOf, observation, problemsOf, storedObservation, trace } from './langfuse-export.fixture';

const T = Date.UTC(2026, 0, 31, 12);
const bucketsOf = (usageDetails: unknown): unknown => {
  const read = normalizeNative(eventOf(observation({ usageDetails })), { tenant: 'acme', receivedAt: T });
  const event = read.ok ? read.value[0]?.event : undefined;
  return [
    event?.usage_input_uncached,
    event?.usage_cache_read,
    event?.usage_cache_write,
    event?.usage_output,
    event?.usage_reasoning,
  ];
};

describe('an observation', () => {
  it('is one event with its place, time, model, prompt, cost, session and user', () => {
    const event = eventOf(
      observation({
        parentObservationId: 'o0', completionStartTime: '2026-01-31T12:00:00.400Z', modelParameters: { max_tokens: 500, temperature: 0.2 },
        input: [{ role: 'user', content: 'Hello' }], output: { role: 'assistant', content: 'Hi' }, promptName: 'greeting', promptVersion: 3,
        usageDetails: { input: 10, input_cached_tokens: 90, output: 20, output_reasoning_tokens: 5, total: 125 }, costDetails: { input: 0.1, output: 0.2, total: 0.3 },
        sessionId: 's1', userId: 'mia', version: '7', environment: 'production', tags: ['vip'], traceName: 'support', metadata: { shop: 'de' },
      }),
    ); // prettier-ignore
    expect(event).toEqual({
      kind: 'llm', ts: '2026-01-31T12:00:00.000Z', duration_ms: 2_500, time_to_first_token_ms: 400, status: 'ok', id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      name: 'answer', trace_id: 't1', span_id: 'o1', parent_span_id: 'o0', service_name: 'imported', service_version: '7', deployment_environment: 'production',
      session_id: 's1', user_id: 'mia', request_model: 'gpt-4o', request_max_tokens: 500, prompt_name: 'greeting', prompt_version: '3',
      usage: { input_tokens: 100, cache_read_tokens: 90, output_tokens: 25, reasoning_tokens: 5 },
      input: [{ role: 'user', parts: [{ type: 'text', content: 'Hello' }] }], output: [{ role: 'assistant', parts: [{ type: 'text', content: 'Hi' }] }],
      attributes: {
        'langfuse.observation.type': 'generation', 'langfuse.observation.metadata.shop': 'de', 'langfuse.trace.tags': ['vip'], 'langfuse.trace.name': 'support',
        'gen_ai.request.temperature': 0.2, 'langfuse.cost.input': 0.1, 'langfuse.cost.output': 0.2, 'telltale.reported_cost_usd': 0.3, 'gen_ai.usage.total_tokens': 125,
      },
    }); // prettier-ignore
  });

  it('is the same from the API and from blob storage', () => {
    const said = { usage: { input: 5, output: 6, total: 11 }, messages: '[{"role":"user","content":"Hello"}]' };
    const ofApi = observation({ usageDetails: said.usage, input: JSON.parse(said.messages) as unknown, modelParameters: { seed: 1 }, promptName: 'p', promptVersion: 2 });
    const ofBlob = storedObservation({ usage_details: said.usage, input: said.messages, model_parameters: '{"seed":1}', prompt_name: 'p', prompt_version: 2 });
    expect(eventOf(ofBlob)).toEqual(eventOf(ofApi));
  }); // prettier-ignore

  it.each([
    ['GENERATION', 'llm'], ['SPAN', 'chain'], ['EVENT', 'log'], ['AGENT', 'agent'], ['TOOL', 'tool'], ['CHAIN', 'chain'], ['RETRIEVER', 'retrieval'],
    ['EVALUATOR', 'evaluator'], ['EMBEDDING', 'embedding'], ['GUARDRAIL', 'guardrail'], ['SOMETHING_NEW', 'chain'],
  ])('of type %s is of kind %s', (type, kind) => expect(eventOf(observation({ type, model: null })).kind).toBe(kind)); // prettier-ignore

  it('of type TOOL has the tool’s name, arguments and result', () => {
    const event = eventOf(observation({ type: 'TOOL', name: 'weather', input: '{"city":"Oslo"}', output: 'rain', model: null }));
    expect(event.tool).toEqual({ name: 'weather', arguments: { city: 'Oslo' }, result: 'rain' });
    expect(event.input).toBeUndefined();
  });

  it('of type EVENT is a log line of its level, at a moment', () => {
    const event = eventOf(observation({ type: 'EVENT', name: 'cache miss', endTime: null, level: 'WARNING', model: null }));
    expect(event).toMatchObject({ kind: 'log', severity: 'warn', body: 'cache miss', name: 'cache miss', status: 'unset' });
    expect(event.duration_ms).toBeUndefined();
  });

  it.each([
    ['ERROR', 'timed out', { status: 'error', error: { message: 'timed out' } }],
    ['ERROR', null, { status: 'error' }],
    ['WARNING', 'slow', { status: 'ok', attributes: { level: 'WARNING', 'langfuse.observation.status_message': 'slow' } }],
    ['DEFAULT', 'fine', { status: 'ok', attributes: { 'langfuse.observation.status_message': 'fine' } }],
  ])('of level %s with the message %j', (level, statusMessage, expected) => {
    const event = eventOf(observation({ level, statusMessage }));
    expect(event).toMatchObject(expected);
    const read = normalizeNative(event, { tenant: 'acme', receivedAt: T });
    expect(read.ok && read.value[0]?.event.status).toBe(expected.status);
  });

  it('that came by OpenTelemetry is read by its span’s attributes too, and what Langfuse counted holds', () => {
    const metadata = {
      attributes: { 'gen_ai.system': 'openai', 'gen_ai.request.model': 'gpt-4o', 'gen_ai.response.model': 'gpt-4o-2024-08-06', 'gen_ai.usage.input_tokens': '999', 'input.value': 'long', 'my.flag': 'on' },
      resourceAttributes: { 'service.name': 'shop-bot', 'service.version': '1.2' }, scope: { name: 'openinference' },
    }; // prettier-ignore
    const model = 'gpt-4o-2024-08-06';
    const expected = { provider: 'openai', request_model: 'gpt-4o', response_model: model, service_name: 'shop-bot', service_version: '1.2', usage: { input_tokens: 7, output_tokens: 8 } };
    for (const said of [metadata, JSON.stringify(metadata), { attributes: JSON.stringify(metadata.attributes), resourceAttributes: JSON.stringify(metadata.resourceAttributes) }, { ...flattened('attributes', metadata.attributes), ...flattened('resourceAttributes', metadata.resourceAttributes) }]) {
      const event = eventOf(observation({ metadata: said, model, usageDetails: { input: 7, output: 8 }, input: 'long' }));
      expect(event).toMatchObject({ ...expected, attributes: { 'my.flag': 'on' } });
      expect(event.attributes).not.toHaveProperty(['input.value']);
    }
  }); // prettier-ignore
  const flattened = (prefix: string, of: object): object =>
    Object.fromEntries(Object.entries(of).map(([key, value]) => [`${prefix}.${key}`, value as unknown]));

  it('has its own session and user, else those of a trace that came before', () => {
    const [, own, inherited] = eventsOf(trace(), observation({ sessionId: 's2', userId: 'leo' }), observation({ id: 'o2' }));
    expect(own).toMatchObject({ session_id: 's2', user_id: 'leo', release: 'r7', deployment_environment: 'production' });
    expect(inherited).toMatchObject({ session_id: 's1', user_id: 'mia', release: 'r7' });
  });

  it('without its trace invents none', () => {
    const events = eventsOf(observation(), observation({ id: 'o2', parentObservationId: 'o1' }));
    expect(events.map(({ kind, parent_span_id: parent }) => [kind, parent])).toEqual([['llm', undefined], ['llm', 'o1']]);
  }); // prettier-ignore
});

describe('tokens of an observation', () => {
  it.each([
    ['buckets beside each other', { input: 10, input_cached_tokens: 90, output: 5, total: 105 }, [10, 90, null, 5, null]],
    ['Anthropic’s', { input: 10, cache_read_input_tokens: 90, cache_creation_input_tokens: 30, output: 5 }, [10, 90, 30, 5, null]],
    ['totals that hold their parts', { input: 100, 'prompt_details.cache_read': 90, output: 20, 'completion_details.reasoning': 15, total: 120 }, [10, 90, null, 5, 15]],
    ['LangChain’s', { input: 10, input_cache_read: 90, output: 5, output_reasoning: 15, total: 120 }, [10, 90, null, 5, 15]],
    ['numbers in texts', { input: '10', output: '5' }, [10, null, null, 5, null]],
    ['JSON in a text', '{"input":10,"output":5}', [10, null, null, 5, null]],
    ['negative ones, which are none', { input: -1, output: 5 }, [null, null, null, 5, null]],
    ['parts of tokens, which are none', { input: 1.5, output: 5 }, [null, null, null, 5, null]],
    ['zeros alone: nothing was reported', { input: 0, output: 0, total: 0 }, [null, null, null, null, null]],
  ])('%s', (_, details, expected) => expect(bucketsOf(details)).toEqual(expected)); // prettier-ignore

  it.each([
    [{ usage: { input: 10, output: 5, total: 15, unit: 'TOKENS' } }, { input_tokens: 10, output_tokens: 5 }],
    [{ usage: { promptTokens: 10, completionTokens: 5, totalTokens: 15 } }, { input_tokens: 10, output_tokens: 5 }],
    [{ promptTokens: 10, completionTokens: 5, totalTokens: 15 }, { input_tokens: 10, output_tokens: 5 }],
    [{ usage: { input: 10, output: 5, unit: 'CHARACTERS' } }, undefined],
  ])('in the words of before: %j', (said, usage) => expect(eventOf(observation(said)).usage).toEqual(usage)); // prettier-ignore

  it('audio beside text is neither lost nor counted twice', () => {
    const event = eventOf(
      observation({ usageDetails: { input: 10, input_audio_tokens: 40, output: 5, output_audio_tokens: 2, total: 57 } }),
    );
    expect(event.usage).toEqual({ input_tokens: 50, input_audio_tokens: 40, output_tokens: 7, output_audio_tokens: 2 });
  });
  it('that a span repeats from the calls inside it are no bucket', () => {
    expect(eventOf(observation({ type: 'SPAN', model: null, usageDetails: { input: 10, output: 5 } }))).toMatchObject({ attributes: { 'rollup.usage.input_tokens': 10 } });
    expect(eventOf(observation({ type: 'SPAN', model: null, usageDetails: { input: 10, output: 5 } })).usage).toBeUndefined();
  }); // prettier-ignore
  it.each([
    [{ costDetails: {}, totalCost: 0.25 }, 0.25],
    [{ costDetails: {}, calculatedTotalCost: '0.25' }, 0.25],
    [{ costDetails: {}, totalCost: 0 }, undefined],
  ])('cost as reported: %j', (said, cost) =>
    expect(eventOf(observation(said)).attributes?.['telltale.reported_cost_usd']).toBe(cost),
  );
});

describe('an observation from a hostile file', () => {
  it.each([
    ['2026-01-31T12:00:00Z'], ['2026-01-31T12:00:00'], ['2026-01-31 12:00:00'], ['2026-01-31 12:00:00.000000'], ['2026-01-31T13:00:00+01:00'], [T], [String(T)],
  ])('starts at noon, in UTC where no zone is said: %j', (startTime) => {
    expect(eventOf(observation({ startTime, endTime: null })).ts).toBe('2026-01-31T12:00:00.000Z');
  }); // prettier-ignore

  it.each([
    ['an end before its start', { endTime: '2026-01-31T11:00:00Z' }],
    ['no end', { endTime: null }],
    ['no field for its end', { endTime: undefined }],
    ['an empty end', { endTime: '' }],
  ])('with %s has no duration', (_, of) => expect(eventOf(observation(of)).duration_ms).toBeUndefined());

  it('whose first token came before it began has no time to it', () =>
    expect(eventOf(observation({ completionStartTime: '2026-01-31T11:59:59Z' })).time_to_first_token_ms).toBeUndefined());

  it.each([
    ['no id', { id: null }, 'observation: id is missing'],
    ['no start', { startTime: null, type: 'SPAN' }, 'observation o1: startTime is missing'],
    ['a start in words', { startTime: 'noon' }, 'observation o1: startTime is no time'],
    ['an end in words', { endTime: 'later' }, 'observation o1: endTime is no time'],
    ['a first token in words', { completionStartTime: {} }, 'observation o1: completionStartTime is no time'],
  ])('with %s is refused by name and field', (_, of, problem) => {
    expect(problemsOf(observation(of))).toEqual([expect.stringContaining(problem)]);
  });

  it.each([
    ['lists where texts belong', { name: ['x'], model: { a: 1 }, userId: 5, level: 7, promptVersion: {} }],
    ['texts where objects belong', { usageDetails: 'many', costDetails: 'much', modelParameters: 'hot', metadata: 'none' }],
    ['lists where objects belong', { usageDetails: [1], costDetails: [2], modelParameters: [3], metadata: [4] }],
    ['names of prototypes', { metadata: JSON.parse('{"__proto__":{"a":1},"attributes":{"__proto__":{"b":2}}}') as unknown, usageDetails: JSON.parse('{"__proto__":5}') as unknown }],
    ['tags that are no list', { tags: 'vip', toolDefinitions: 'none' }],
  ])('with %s is an event by the contract', (_, of) => {
    expect(eventOf(observation(of)).kind).toBe('llm');
    expect(({} as Record<string, unknown>)['a'] ?? ({} as Record<string, unknown>)['b']).toBeUndefined();
  }); // prettier-ignore

  it('with 20 MB of input keeps it whole, in time that grows with its length', () => {
    const input = '['.repeat(10) + '"x",'.repeat(5_000_000);
    expect(eventOf(observation({ input })).input).toEqual([{ role: 'user', parts: [{ type: 'text', content: input }] }]);
  });

  it('has the same id again, and another where it is another', () => {
    const ids = [observation(), observation({ name: 'renamed' }), storedObservation(), observation({ id: 'o2' }), observation({ traceId: 't2' })].map((one) => eventOf(one).id);
    expect(new Set(ids).size).toBe(3);
    expect(ids.slice(0, 3)).toEqual([ids[0], ids[0], ids[0]]);
  }); // prettier-ignore
});
