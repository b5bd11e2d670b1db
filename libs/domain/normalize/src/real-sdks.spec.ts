import { type OtlpAttributes } from '@telltale/contracts';
import { draftOf, LLM, spanEvent } from './conventions.fixture';

describe('what real SDKs send', () => {
  const CALL = { type: 'tool_call', id: 'c1', name: 'weather', arguments: { city: 'Oslo' } };
  const said = (role: string, content: string) => ({ role, parts: [{ type: 'text', content }] });
  const human = { type: 'human', data: { content: 'Rain?', type: 'human' } };
  const ai = {
    type: 'ai',
    data: { content: '', tool_calls: [{ name: 'weather', args: { city: 'Oslo' }, id: 'c1', type: 'tool_call' }] },
  };

  it('of a graph by LangChain is messages, where the state is all there is and where only roles are named', () => {
    const chain = { 'openinference.span.kind': 'CHAIN' };
    const { content } = draftOf({
      ...chain,
      'input.value': JSON.stringify({ messages: [{ role: 'user', content: 'Rain?' }] }),
      'output.value': JSON.stringify({ messages: [human, ai] }),
      'llm.input_messages.0.message.role': 'user',
    });
    expect(content.input).toEqual([said('user', 'Rain?')]);
    expect(content.output).toEqual([said('user', 'Rain?'), { role: 'assistant', parts: [CALL] }]);
    const step = draftOf({ ...chain, 'output.value': JSON.stringify([{ graph: null, update: { messages: [ai] }, goto: [] }]) });
    expect(step.content.output).toEqual([{ role: 'assistant', parts: [CALL] }]);
    const plain = { 'input.value': '{"output":"3","rows":[]}', 'output.value': '{"result":{"rows":[1]}}' };
    const { input, output } = draftOf({ ...chain, ...plain }).content;
    expect([input, output]).toEqual([plain['input.value'], plain['output.value']]);
  });

  it('of a tool by LangChain is what it answered, and the call it answers', () => {
    const answer = { type: 'tool', data: { content: 'sunny', type: 'tool', name: 'weather', tool_call_id: 'c1' } };
    const { event, content } = draftOf({
      'openinference.span.kind': 'TOOL',
      'tool.name': 'weather',
      'output.value': JSON.stringify(answer),
    });
    expect([event.tool_call_id, content.tool_result]).toEqual(['c1', 'sunny']);
    const langsmith = { output: { content: 'sunny', name: 'weather', tool_call_id: 'c1', type: 'tool' } };
    expect(draftOf({ 'langsmith.span.kind': 'tool', 'gen_ai.completion': JSON.stringify(langsmith) }).content.tool_result).toBe(
      'sunny',
    );
    const record = '{"role":"admin","rows":2}';
    expect(draftOf({ 'openinference.span.kind': 'TOOL', 'output.value': record }).content.tool_result).toBe(record);
  });

  it('of Strands is parts without types, in events', () => {
    const text = (content: string) => JSON.stringify([{ text: content }]);
    const asks = draftOf({ 'gen_ai.operation.name': 'chat' }, [
      spanEvent('gen_ai.user.message', { content: text('Rain?') }),
      spanEvent('gen_ai.choice', { finish_reason: 'tool_use', message: JSON.stringify([{ toolUse: { toolUseId: 'c1', name: 'weather', input: { city: 'Oslo' } } }]) }),
    ]); // prettier-ignore
    expect(asks.content.input).toEqual([said('user', 'Rain?')]);
    expect(asks.content.output).toEqual([{ role: 'assistant', parts: [CALL], finish_reason: 'tool_use' }]);
    expect(asks.event.requested_tool_call_ids).toEqual(['c1']);
    const tool = draftOf({ 'gen_ai.operation.name': 'execute_tool' }, [
      spanEvent('gen_ai.tool.message', { role: 'tool', content: '{"city":"Oslo"}', id: 'c1' }),
      spanEvent('gen_ai.choice', { message: text('sunny'), id: 'c1' }),
    ]);
    expect([tool.content.tool_arguments, tool.content.tool_result, tool.event.tool_call_id]).toEqual([
      { city: 'Oslo' },
      'sunny',
      'c1',
    ]);
  });

  it('of MLflow is model, provider and tokens', () => {
    const { event } = draftOf({ 'mlflow.spanType': '"CHAT_MODEL"', 'mlflow.llm.model': '"gpt-4o"', 'mlflow.llm.provider': '"openai"', 'mlflow.chat.tokenUsage': '{"input_tokens": 9, "output_tokens": 4, "total_tokens": 13}' }); // prettier-ignore
    expect(event).toMatchObject({
      kind: 'llm',
      request_model: 'gpt-4o',
      provider: 'openai',
      usage_input_uncached: 9,
      usage_output: 4,
    });
  });

  const TOKENS = { usage_input_uncached: 30, usage_cache_read: 70, usage_output: 15, usage_reasoning: 5 };
  it.each<[string, OtlpAttributes]>([
    ['LangSmith', {
      'langsmith.span.kind': 'llm', 'gen_ai.system': 'openai', 'gen_ai.usage.input_tokens': 100, 'gen_ai.usage.output_tokens': 20,
      'langsmith.metadata.usage_metadata': '{"input_tokens":100,"output_tokens":20,"input_token_details":{"cache_read":70},"output_token_details":{"reasoning":5}}',
    }],
    ['LangSmith’s exporter alone', {
      'langsmith.span.kind': 'llm', 'gen_ai.usage.input_tokens': 100, 'gen_ai.usage.output_tokens': 20,
      'gen_ai.usage.input_token_details': "{'cache_read': 70}", 'gen_ai.usage.output_token_details': "{'reasoning': 5}",
    }],
    ['Langfuse’s wrapper of OpenAI', {
      'langfuse.observation.type': 'generation',
      'langfuse.observation.usage_details': '{"completion_tokens":20,"prompt_tokens":100,"total_tokens":120,"completion_tokens_details":{"reasoning_tokens":5},"prompt_tokens_details":{"cached_tokens":70}}',
    }],
    ['LiteLLM', {
      'llm.request.type': 'completion', 'gen_ai.usage.input_tokens': 100, 'gen_ai.usage.output_tokens': 20,
      'metadata.usage_object': "{'completion_tokens': 20, 'prompt_tokens': 100, 'completion_tokens_details': {'reasoning_tokens': 5, 'audio_tokens': None}, 'prompt_tokens_details': {'cached_tokens': 70}}",
    }],
    ['MLflow', {
      'mlflow.spanType': '"CHAT_MODEL"', 'mlflow.chat.tokenUsage': '{"input_tokens": 100, "output_tokens": 20, "cache_read_input_tokens": 70}',
      'mlflow.spanOutputs': '{"id":"c","choices":[],"usage":{"prompt_tokens":100,"completion_tokens":20,"completion_tokens_details":{"reasoning_tokens":5}}}',
    }],
  ])('of %s are tokens with their cached and reasoning parts', (_, attributes) => expect(draftOf(attributes).event).toMatchObject(TOKENS)); // prettier-ignore

  it('takes parts of tokens from an answer only where it is the one that was counted, and its id', () => {
    const answer =
      '{"id":"r1","usage":{"prompt_tokens":9,"completion_tokens":9,"completion_tokens_details":{"reasoning_tokens":5}}}';
    const { event, content } = draftOf({ ...LLM.openInference, 'output.value': answer, 'llm.token_count.prompt': 100, 'llm.token_count.completion': 20 }); // prettier-ignore
    expect(event).toMatchObject({ usage_output: 20, usage_reasoning: null });
    expect(content.attributes['gen_ai.response.id']).toBe('r1');
  });

  it.each<[string, OtlpAttributes]>([
    ['Pydantic AI', { ...LLM.otel, 'gen_ai.client.operation.time_to_first_chunk': 0.04 }],
    ['Strands', { ...LLM.otel, 'gen_ai.server.time_to_first_token': 40 }],
    ['Langfuse', { 'langfuse.observation.type': 'generation', 'langfuse.observation.completion_start_time': '"1970-01-01T00:00:01.040Z"' }],
  ])('of %s is when the first token came', (_, attributes) =>
    expect(draftOf(attributes).event.time_to_first_token_ms).toBe(40),
  ); // prettier-ignore

  it.each(['strands-agents', 'langchain'])('of %s is no provider, but stays to be read', (name) => {
    const { event, content } = draftOf({ ...LLM.otel, 'gen_ai.system': name });
    expect([event.provider, content.attributes['gen_ai.system']]).toEqual(['', name]);
  });

  it('of LiteLLM is a call of a tool, though its newest form holds no part', () => {
    const { event, content } = draftOf({
      ...LLM.otel,
      'gen_ai.output.messages': '[{"role":"assistant","parts":[],"finish_reason":"tool_calls"}]',
      'gen_ai.completion.0.function_call.name': 'weather',
      'gen_ai.completion.0.function_call.arguments': '{"city":"Oslo"}',
    });
    expect(event.decision_chosen).toBe('weather');
    expect(content.output).toEqual([{ role: 'assistant', parts: [{ type: 'tool_call', name: 'weather', arguments: { city: 'Oslo' } }] }]);
  }); // prettier-ignore

  it('of MLflow is a session, though as JSON', () =>
    expect(draftOf({ 'mlflow.spanType': '"AGENT"', 'session.id': '"s1"' }).event.session_id).toBe('s1'));

  it.each(['First Token Stream Event', 'llm.content.completion.chunk', 'gen_ai.content.completion.chunk', 'mlflow.chunk.item.0'])('as %s is when the first token came; chunks are not kept', (name) => {
    const { event, content } = draftOf(LLM.openInference, [
      { name, timeMs: 1_040, attributes: {} },
      { name, timeMs: 1_200, attributes: {} },
    ]);
    expect(event.time_to_first_token_ms).toBe(40);
    expect('events' in content.attributes).toBe(name.startsWith('First'));
  }); // prettier-ignore
});
