import { type OtlpAttributes } from '@telltale/contracts';
import fc from 'fast-check';
import { draftOf, draftsOf, eventOf, LLM, spanEvent } from './conventions.fixture';

// Faults that tools of this kind have had, each with the reports it comes from beside it in the notes on conventions.

const buckets = (attributes: OtlpAttributes) => {
  const event = eventOf(attributes);
  return [event.usage_input_uncached, event.usage_cache_read, event.usage_cache_write, event.usage_output, event.usage_reasoning];
};

describe('cached tokens', () => {
  it.each([
    ['OTel', { ...LLM.otel, 'gen_ai.usage.input_tokens': 100, 'gen_ai.usage.cache_read.input_tokens': 60, 'gen_ai.usage.cache_write.input_tokens': 30, 'gen_ai.usage.output_tokens': 5 }],
    ['OpenInference', { ...LLM.openInference, 'llm.token_count.prompt': 100, 'llm.token_count.prompt_details.cache_read': 60, 'llm.token_count.prompt_details.cache_write': 30, 'llm.token_count.completion': 5 }],
    ['Langfuse', { 'langfuse.observation.type': 'generation', 'langfuse.observation.usage_details': '{"input":10,"input_cached_tokens":60,"input_cache_creation":30,"output":5,"total":105}' }],
    ['Vercel', { ...LLM.vercel, 'ai.usage.inputTokens': 100, 'ai.usage.inputTokenDetails.cacheReadTokens': 60, 'ai.usage.inputTokenDetails.cacheWriteTokens': 30, 'ai.usage.outputTokens': 5 }],
    ['Langfuse, where totals were sent', { 'langfuse.observation.type': 'generation', 'langfuse.observation.usage_details': '{"input":100,"input_cached_tokens":60,"input_cache_creation":30,"output":5,"total":105}' }],
  ])('are counted once in %s', (_, attributes) => {
    expect(buckets(attributes)).toEqual([10, 60, 30, 5, null]);
  }); // prettier-ignore
  it.each([
    'cache_read.input_tokens', 'cache_read_input_tokens', 'cache_read_tokens', 'details.cache_read_tokens', 'details.cache_read_input_tokens',
    'prompt_details.cache_read', 'input_cached_tokens',
  ])('read are known by the name gen_ai.usage.%s', (alias) => {
    expect(buckets({ ...LLM.otel, 'gen_ai.usage.input_tokens': 10, [`gen_ai.usage.${alias}`]: 4 }).slice(0, 2)).toEqual([6, 4]);
  }); // prettier-ignore
  it.each([
    'cache_write.input_tokens', 'cache_creation.input_tokens', 'cache_creation_input_tokens', 'cache_write_tokens', 'details.cache_write_tokens',
    'prompt_details.cache_write', 'input_cache_creation', 'input_tokens.cache_write',
  ])('written are known by the name gen_ai.usage.%s', (alias) => {
    const [uncached, , written] = buckets({ ...LLM.otel, 'gen_ai.usage.input_tokens': 10, [`gen_ai.usage.${alias}`]: 4 });
    expect([uncached, written]).toEqual([6, 4]);
  }); // prettier-ignore
  it('under two names are one count', () => {
    const both = { 'gen_ai.usage.cache_read.input_tokens': 4, 'gen_ai.usage.cache_read_input_tokens': 4 };
    expect(buckets({ ...LLM.otel, 'gen_ai.usage.input_tokens': 10, ...both })).toEqual([6, 4, null, null, null]);
  });
  it('never make a bucket negative', () => {
    const count = fc.nat({ max: 1_000 });
    fc.assert(
      fc.property(count, count, count, count, count, (input, read, write, output, reasoning) => {
        const reported = buckets({
          ...LLM.otel,
          'gen_ai.usage.input_tokens': input,
          'gen_ai.usage.cache_read.input_tokens': read,
          'gen_ai.usage.cache_write.input_tokens': write,
          'gen_ai.usage.output_tokens': output,
          'gen_ai.usage.reasoning.output_tokens': reasoning,
        });
        expect(reported.every((bucket) => bucket !== null && bucket >= 0)).toBe(true);
      }),
    );
  });
});

describe('thoughts of Google’s models', () => {
  const reported = {
    ...LLM.openInference,
    'llm.token_count.prompt': 5,
    'llm.token_count.completion': 845,
    'llm.token_count.total': 2023,
  };
  it('are what the total has more than its parts', () => {
    expect(buckets({ ...reported, 'llm.provider': 'google' })).toEqual([5, null, null, 845, 1173]);
  });
  it('are not guessed of others, nor where they are reported', () => {
    expect(buckets({ ...reported, 'llm.provider': 'openai' })).toEqual([5, null, null, 845, null]);
    const said = { 'llm.provider': 'google', 'llm.token_count.completion_details.reasoning': 45 };
    expect(buckets({ ...reported, ...said })).toEqual([5, null, null, 800, 45]);
  });
});

describe('an operation that repeats what its parts used', () => {
  const usage = { 'gen_ai.request.model': 'm', 'gen_ai.usage.input_tokens': 9, 'gen_ai.usage.output_tokens': 3 };
  it.each([
    ['an agent', { 'gen_ai.operation.name': 'invoke_agent' }],
    ['a workflow', { 'gen_ai.operation.name': 'invoke_workflow' }],
    ['an agent of OpenInference', { 'openinference.span.kind': 'AGENT' }],
    ['a task of OpenLLMetry', { 'traceloop.span.kind': 'task' }],
    ['the outer span of Vercel’s SDK', { 'ai.operationId': 'ai.generateText' }],
    ['the outer span of an embedding', { 'ai.operationId': 'ai.embed' }],
  ])('such as %s has no tokens of its own', (_, of) => {
    const { event, content } = draftOf({ ...usage, ...of });
    expect([event.usage_input_uncached, event.usage_output]).toEqual([null, null]);
    expect(content.attributes).toMatchObject({ 'rollup.usage.input_tokens': 9, 'rollup.usage.output_tokens': 3 });
  });
});

describe('two vocabularies on one span', () => {
  it('are one event, read by the table that stands first', () => {
    const { event, content } = draftOf({
      'openinference.span.kind': 'LLM',
      'llm.model_name': 'oi',
      'llm.token_count.prompt': 10,
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'otel',
      'gen_ai.provider.name': 'openai',
      'gen_ai.usage.input_tokens': 10,
      'gen_ai.usage.cache_read.input_tokens': 4,
    });
    expect(event).toMatchObject({
      kind: 'llm',
      request_model: 'oi',
      provider: 'openai',
      usage_input_uncached: 6,
      usage_cache_read: 4,
    });
    expect(content.attributes).toMatchObject({ 'gen_ai.request.model': 'otel' });
  });
  it.each([
    ['a word that is exact over one that is not', { 'openinference.span.kind': 'CHAIN', 'gen_ai.operation.name': 'execute_tool' }, 'tool'],
    ['the same in the other order', { 'langfuse.observation.type': 'span', 'openinference.span.kind': 'RETRIEVER' }, 'retrieval'],
    ['a leaf over an agent', { 'openinference.span.kind': 'AGENT', 'gen_ai.operation.name': 'chat' }, 'llm'],
    ['the first of two exact ones', { 'openinference.span.kind': 'LLM', 'gen_ai.operation.name': 'embeddings' }, 'llm'],
    ['a known word over an unknown one', { 'openinference.span.kind': 'UNKNOWN', 'gen_ai.operation.name': 'chat' }, 'llm'],
    ['a tool’s attributes over a chain', { 'openinference.span.kind': 'CHAIN', 'tool.name': 't' }, 'tool'],
  ])('agree on a kind: %s', (_, attributes, kind) => {
    expect(eventOf(attributes).kind).toBe(kind);
  }); // prettier-ignore
  it('do not depend on the order of attributes', () => {
    const all: [string, string | number][] = [
      ['langfuse.observation.type', 'generation'],
      ['openinference.span.kind', 'AGENT'],
      ['gen_ai.operation.name', 'chat'],
      ['llm.model_name', 'a'],
      ['gen_ai.request.model', 'b'],
      ['ai.model.id', 'c'],
      ['gen_ai.usage.input_tokens', 3],
      ['llm.token_count.prompt', 4],
      ['gen_ai.prompt.1.role', 'user'],
      ['gen_ai.prompt.0.role', 'system'],
    ];
    const whole = draftOf(Object.fromEntries(all));
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
        const { event, content } = draftOf(Object.fromEntries(shuffled));
        expect(event).toEqual(whole.event);
        expect(content).toEqual(whole.content);
      }),
    );
  });
});

describe('what nobody knows', () => {
  it('is data: operations', () => {
    const { event, content } = draftOf({ 'gen_ai.operation.name': 'levitate' });
    expect(event.kind).toBe('chain');
    expect(content.attributes).toMatchObject({ 'gen_ai.operation.name': 'levitate' });
  });
  it('is data: parts of messages', () => {
    const parts = [
      { type: 'hologram', beams: 3 },
      { type: 'generic', value: 1 },
    ];
    const messages = [{ role: 'user', parts }];
    expect(draftOf({ ...LLM.otel, 'gen_ai.input.messages': messages }).content.input).toEqual(messages);
  });
  it('is data: roles', () => {
    const messages = [{ role: 'narrator', parts: [{ type: 'text', content: 'once' }] }];
    expect(draftOf({ ...LLM.otel, 'gen_ai.input.messages': messages }).content.input).toEqual(messages);
  });
  it('is data: messages in no form we know', () => {
    expect(draftOf({ ...LLM.otel, 'gen_ai.input.messages': [{ shape: 'odd' }] }).content.input).toEqual([{ shape: 'odd' }]);
  });
  it('never throws, whatever the attributes are', () => {
    const value = fc.oneof(
      fc.string({ maxLength: 5 }),
      fc.integer(),
      fc.constant(null),
      fc.json(),
      fc.array(fc.json(), { maxLength: 2 }),
    );
    const name = fc.oneof(
      fc.constantFrom(
        'gen_ai.prompt', 'gen_ai.prompt.0.role', 'gen_ai.prompt.0', 'gen_ai.prompt.0.content', 'gen_ai.completion.7.tool_calls.3.name', 'llm.input_messages.0.message',
        'llm.tools.0', 'langfuse.observation.usage_details', 'llm.invocation_parameters', 'gen_ai.input.messages', 'gen_ai.output.messages', 'input.value', 'ai.prompt',
        'ai.response.toolCalls', 'gen_ai.tool.definitions', 'gen_ai.system_instructions', 'retrieval.documents.0.document.id', '__proto__', 'gen_ai.prompt.0.__proto__.x',
      ),
      fc.string({ maxLength: 8 }),
    ); // prettier-ignore
    const kinds = fc.constantFrom('chat', 'execute_tool', 'embeddings', 'retrieval', 'invoke_agent', 'x');
    fc.assert(
      fc.property(kinds, fc.dictionary(name, value as fc.Arbitrary<string>), (operation, attributes) => {
        expect(draftsOf({ attributes: { ...attributes, 'gen_ai.operation.name': operation } })).toHaveLength(1);
      }),
      { numRuns: 2_000 },
    );
  });
});

const text = (role: string, content: string) => ({ role, parts: [{ type: 'text', content }] });
const CALL = { type: 'tool_call', id: 'c1', name: 'find', arguments: { q: 'x' } };
const ANSWER = { type: 'tool_call_response', id: 'c1', response: 'rain' };

describe('messages', () => {
  it.each<[string, unknown, unknown]>([
    ['OpenAI', [{ role: 'developer', content: 'be kind' }, { role: 'user', content: [{ type: 'text', text: 'hi' }] }], [text('system', 'be kind'), text('user', 'hi')]],
    ['OpenAI, a call', [{ role: 'assistant', content: null, tool_calls: [{ id: 'c1', type: 'function', function: { name: 'find', arguments: '{"q":"x"}' } }] }, { role: 'tool', tool_call_id: 'c1', content: 'rain' }], [{ role: 'assistant', parts: [CALL] }, { role: 'tool', parts: [ANSWER] }]],
    ['OpenAI’s Responses', [{ role: 'user', content: [{ type: 'input_text', text: 'hi' }] }, { type: 'function_call', call_id: 'c1', id: 'fc_1', name: 'find', arguments: '{"q":"x"}' }, { type: 'function_call_output', call_id: 'c1', output: 'rain' }], [text('user', 'hi'), { role: 'assistant', parts: [CALL] }, { role: 'tool', parts: [ANSWER] }]],
    ['Anthropic', { system: 'be kind', messages: [{ role: 'user', content: 'hi' }, { role: 'assistant', content: [{ type: 'thinking', thinking: 'hm' }, { type: 'tool_use', id: 'c1', name: 'find', input: { q: 'x' } }] }, { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c1', content: 'rain' }] }] },
      [text('system', 'be kind'), text('user', 'hi'), { role: 'assistant', parts: [{ type: 'reasoning', content: 'hm' }, CALL] }, { role: 'user', parts: [ANSWER] }]],
    ['Gemini', { config: { system_instruction: 'be kind' }, contents: [{ role: 'user', parts: [{ text: 'hi' }] }, { role: 'model', parts: [{ functionCall: { id: 'c1', name: 'find', args: { q: 'x' } } }] }, { role: 'user', parts: [{ functionResponse: { id: 'c1', response: 'rain' } }] }] },
      [text('system', 'be kind'), text('user', 'hi'), { role: 'assistant', parts: [CALL] }, { role: 'user', parts: [ANSWER] }]],
    ['Bedrock', { messages: [{ role: 'user', content: [{ text: 'hi' }] }, { role: 'assistant', content: [{ toolUse: { toolUseId: 'c1', name: 'find', input: { q: 'x' } } }] }] }, [text('user', 'hi'), { role: 'assistant', parts: [CALL] }]],
    ['LangChain', { messages: [[{ lc: 1, type: 'constructor', id: ['langchain', 'schema', 'messages', 'HumanMessage'], kwargs: { content: 'hi' } }, { type: 'ai', content: '', tool_calls: [{ id: 'c1', name: 'find', args: { q: 'x' } }] }]] }, [text('user', 'hi'), { role: 'assistant', parts: [CALL] }]],
    ['Vercel', [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }, { role: 'assistant', content: [{ type: 'tool-call', toolCallId: 'c1', toolName: 'find', input: { q: 'x' } }] }, { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'c1', toolName: 'find', output: 'rain' }] }], [text('user', 'hi'), { role: 'assistant', parts: [CALL] }, { role: 'tool', parts: [ANSWER] }]],
    ['a transcript', 'system: be kind\nuser: hi\nthere', [text('system', 'be kind'), text('user', 'hi\nthere')]],
    ['text that only looks like one', 'user: a word before a colon', [text('user', 'user: a word before a colon')]],
    ['plain text', 'hi', [text('user', 'hi')]],
  ])('in the form of %s become those of the conventions', (_, given, expected) => {
    const said = typeof given === 'string' ? given : JSON.stringify(given);
    expect(draftOf({ ...LLM.openInference, 'input.value': said }).content.input).toEqual(expected);
  }); // prettier-ignore
  it.each<[string, unknown, unknown]>([
    ['OpenAI', { choices: [{ finish_reason: 'stop', message: { role: 'assistant', content: 'yes' } }] }, [{ ...text('assistant', 'yes'), finish_reason: 'stop' }]],
    ['OpenAI’s Responses', { instructions: 'be kind', output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'yes' }] }] }, [text('assistant', 'yes')]],
    ['Anthropic', { role: 'assistant', content: [{ type: 'text', text: 'yes' }] }, [text('assistant', 'yes')]],
    ['Gemini', { candidates: [{ content: { role: 'model', parts: [{ text: 'yes' }] }, finishReason: 'STOP' }] }, [{ ...text('assistant', 'yes'), finish_reason: 'STOP' }]],
    ['LangChain', { generations: [[{ text: 'yes', message: { lc: 1, id: ['langchain', 'AIMessage'], kwargs: { content: 'yes' } } }]] }, [text('assistant', 'yes')]],
  ])('in the form of an answer of %s become those of the conventions', (_, given, expected) => {
    expect(draftOf({ ...LLM.openInference, 'output.value': JSON.stringify(given) }).content.output).toEqual(expected);
  }); // prettier-ignore
  it('once in the form of the conventions stay as they are', () => {
    const messages = [text('user', 'hi'), { role: 'assistant', parts: [CALL] }, { role: 'tool', parts: [ANSWER] }];
    const once = draftOf({ ...LLM.otel, 'gen_ai.input.messages': messages }).content.input;
    expect(once).toEqual(messages);
    expect(draftOf({ ...LLM.otel, 'gen_ai.input.messages': JSON.stringify(once) }).content.input).toEqual(messages);
  });
});

describe('what is not kept', () => {
  it('is headers of requests, where keys are', () => {
    const said = draftOf({ 'gen_ai.headers': 'Authorization: Bearer sk-1', 'llm.headers': 'x' });
    expect(JSON.stringify(said)).not.toContain('Bearer');
  });
  it('is vectors, but not the texts they are of', () => {
    const { content } = draftOf({
      'openinference.span.kind': 'EMBEDDING',
      'embedding.embeddings.0.embedding.text': 'hello',
      'embedding.embeddings.0.embedding.vector': [0.25, 0.5],
    });
    expect(content.input).toEqual(['hello']);
    expect(JSON.stringify(content)).not.toContain('0.25');
    const said = { 'openinference.span.kind': 'EMBEDDING', 'input.value': '{"input":["hello"]}', 'output.value': '{"data":[{"embedding":[0.25]}]}' }; // prettier-ignore
    for (const vectors of [
      { 'embedding.embeddings.0.embedding.vector': [0.25, 0.5] },
      { 'embedding.embeddings': '[{"embedding":{"vector":[0.25]}}]' },
    ]) {
      const draft = draftOf({ ...said, ...vectors });
      expect(JSON.stringify(draft)).not.toContain('0.25');
      expect(JSON.stringify(draft.content.input)).toContain('hello');
    }
    const vercel = { 'ai.operationId': 'ai.embed.doEmbed', 'ai.values': ['"hello"'], 'ai.embeddings': ['[0.25,0.5]'] };
    expect(JSON.stringify(draftOf(vercel).content)).not.toContain('0.25');
  });
  it('is the bytes of an image inside a message, but for their size', () => {
    const url = `data:image/png;base64,${'A'.repeat(5_000)}`;
    const parts = [{ type: 'image_url', image_url: { url } }];
    const { content } = draftOf({ ...LLM.otel, 'gen_ai.input.messages': [{ role: 'user', content: parts }] });
    expect(content.input).toEqual([
      {
        role: 'user',
        parts: [{ type: 'blob', modality: 'image', mime_type: 'image/png', content: '[5000 characters of base64]' }],
      },
    ]);
  });
});

describe('an event of a span', () => {
  it('that no table knows stays an attribute', () => {
    const { content } = draftOf(LLM.otel, [spanEvent('cache.miss', { key: 'k' })]);
    expect(content.attributes['events']).toMatchObject([{ name: 'cache.miss' }]);
  });
});
