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

  it.each(['First Token Stream Event', 'llm.content.completion.chunk'])('as %s is when the first token came; chunks are not kept', (name) => {
    const { event, content } = draftOf(LLM.openInference, [
      { name, timeMs: 1_040, attributes: {} },
      { name, timeMs: 1_200, attributes: {} },
    ]);
    expect(event.time_to_first_token_ms).toBe(40);
    expect('events' in content.attributes).toBe(name.startsWith('First'));
  }); // prettier-ignore
});
