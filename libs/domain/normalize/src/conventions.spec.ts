import { type EventRecord, type OtlpAttributes, type OtlpSpanEvent } from '@telltale/contracts';
import { draftOf, draftsOf, eventOf, LLM, spanEvent } from './conventions.fixture';

// What every row of the comparison of vocabularies says, row by row: canonical meaning ← how each producer writes it.

type Case = readonly [vocabulary: string, attributes: OtlpAttributes, expected: unknown, events?: OtlpSpanEvent[]];

const row = (
  title: string,
  read: (attributes: OtlpAttributes, events: OtlpSpanEvent[]) => unknown,
  cases: readonly Case[],
): void => {
  describe(title, () => {
    it.each(cases.map(([vocabulary, ...of]) => ({ vocabulary, of })))(
      'in $vocabulary',
      ({ of: [attributes, expected, events] }) => {
        expect(read(attributes, events ?? [])).toEqual(expected);
      },
    );
  });
};
const kind = (attributes: OtlpAttributes): unknown => eventOf(attributes).kind;
const field =
  (name: keyof EventRecord, base: OtlpAttributes = {}) =>
  (attributes: OtlpAttributes, events: OtlpSpanEvent[]): unknown =>
    eventOf({ ...base, ...attributes }, events)[name];
const llm = (name: keyof EventRecord) => field(name, LLM.otel);
const content =
  (of: 'input' | 'output' | 'tool_arguments' | 'tool_result') => (attributes: OtlpAttributes, events: OtlpSpanEvent[]) =>
    draftOf(attributes, events).content[of];
const attribute = (name: string) => (attributes: OtlpAttributes, events: OtlpSpanEvent[]) =>
  draftOf(attributes, events).content.attributes[name];

row('row 1: a call of a model', kind, [
  ['OTel, chat', { 'gen_ai.operation.name': 'chat' }, 'llm'],
  ['OTel, text_completion', { 'gen_ai.operation.name': 'text_completion' }, 'llm'],
  ['OTel, generate_content', { 'gen_ai.operation.name': 'generate_content' }, 'llm'],
  ['OTel G0 without an operation', { 'gen_ai.request.model': 'm', 'gen_ai.usage.completion_tokens': 1 }, 'llm'],
  ['OpenInference', { 'openinference.span.kind': 'LLM' }, 'llm'],
  ['OpenLLMetry, chat', { 'llm.request.type': 'chat' }, 'llm'],
  ['OpenLLMetry, completion', { 'llm.request.type': 'completion' }, 'llm'],
  ['Vercel', { 'ai.operationId': 'ai.streamText.doStream' }, 'llm'],
  ['Langfuse', { 'langfuse.observation.type': 'generation' }, 'llm'],
  ['LangSmith', { 'langsmith.span.kind': 'llm' }, 'llm'],
]);
row('row 2: an embedding', kind, [
  ['OTel', { 'gen_ai.operation.name': 'embeddings' }, 'embedding'],
  ['OpenInference', { 'openinference.span.kind': 'EMBEDDING' }, 'embedding'],
  ['OpenLLMetry', { 'llm.request.type': 'embedding' }, 'embedding'],
  ['Vercel', { 'ai.operationId': 'ai.embed.doEmbed' }, 'embedding'],
]);
row('row 3: a retrieval', kind, [
  ['OTel', { 'gen_ai.operation.name': 'retrieval' }, 'retrieval'],
  ['OpenInference', { 'openinference.span.kind': 'RETRIEVER' }, 'retrieval'],
  ['OpenLLMetry, a vector store', { 'db.system': 'pinecone' }, 'retrieval'],
  ['OpenLLMetry, any store', { 'db.system': 'mine', 'db.operation': 'vector_db_retrieve' }, 'retrieval'],
  ['a database that is no vector store', { 'db.system': 'mysql' }, 'chain'],
]);
row('row 4: a rerank', kind, [
  ['OpenInference', { 'openinference.span.kind': 'RERANKER' }, 'rerank'],
  ['OpenLLMetry', { 'llm.request.type': 'rerank' }, 'rerank'],
]);
row('row 5: a tool', kind, [
  ['OTel', { 'gen_ai.operation.name': 'execute_tool' }, 'tool'],
  ['OTel, by its name', { 'gen_ai.tool.name': 't' }, 'tool'],
  ['OTel, by its call', { 'gen_ai.tool.call.id': 'c' }, 'tool'],
  ['OpenInference', { 'openinference.span.kind': 'TOOL' }, 'tool'],
  ['OpenLLMetry', { 'traceloop.span.kind': 'tool' }, 'tool'],
  ['Vercel', { 'ai.operationId': 'ai.toolCall' }, 'tool'],
]);
row('row 6: an agent', kind, [
  ['OTel, invoke_agent', { 'gen_ai.operation.name': 'invoke_agent' }, 'agent'],
  ['OTel, create_agent', { 'gen_ai.operation.name': 'create_agent' }, 'agent'],
  ['OTel, plan', { 'gen_ai.operation.name': 'plan' }, 'agent'],
  ['OpenInference', { 'openinference.span.kind': 'AGENT' }, 'agent'],
  ['OpenLLMetry', { 'traceloop.span.kind': 'agent' }, 'agent'],
  ['Pydantic AI', { agent_name: 'a', model_name: 'm', 'gen_ai.usage.output_tokens': 3 }, 'agent'],
]);
row('row 7: a chain', kind, [
  ['OTel', { 'gen_ai.operation.name': 'invoke_workflow' }, 'chain'],
  ['OpenInference', { 'openinference.span.kind': 'CHAIN' }, 'chain'],
  ['OpenLLMetry, workflow', { 'traceloop.span.kind': 'workflow' }, 'chain'],
  ['OpenLLMetry, task', { 'traceloop.span.kind': 'task' }, 'chain'],
]);
row('row 8: a guardrail, an evaluator', kind, [
  ['OpenInference, guardrail', { 'openinference.span.kind': 'GUARDRAIL' }, 'guardrail'],
  ['OpenInference, evaluator', { 'openinference.span.kind': 'EVALUATOR' }, 'evaluator'],
]);
row('row 9: a request of the Model Context Protocol', kind, [
  ['MCP', { 'mcp.method.name': 'prompts/get' }, 'mcp'],
  ['MCP, a tool', { 'mcp.method.name': 'tools/call', 'gen_ai.operation.name': 'execute_tool' }, 'tool'],
]);
row('row 10: the provider', field('provider'), [
  ['OTel', { 'gen_ai.provider.name': 'aws.bedrock' }, 'aws.bedrock'],
  ['OTel G0, gemini', { 'gen_ai.system': 'gemini' }, 'gcp.gemini'],
  ['OTel G0, vertex_ai', { 'gen_ai.system': 'vertex_ai' }, 'gcp.vertex_ai'],
  ['OTel G0, az.ai.inference', { 'gen_ai.system': 'az.ai.inference' }, 'azure.ai.inference'],
  ['OTel G0, xai', { 'gen_ai.system': 'xai' }, 'x_ai'],
  ['OTel G0, mistralai', { 'gen_ai.system': 'mistralai' }, 'mistral_ai'],
  ['OpenInference, google', { 'llm.provider': 'google', 'llm.system': 'vertexai' }, 'gcp.gen_ai'],
  ['OpenInference, azure', { 'llm.provider': 'azure' }, 'azure.ai.openai'],
  ['OpenInference, moonshot', { 'llm.provider': 'moonshot' }, 'moonshot_ai'],
  ['OpenInference, by its system', { 'llm.system': 'anthropic' }, 'anthropic'],
  ['OpenLLMetry', { 'gen_ai.system': 'az.ai.openai' }, 'azure.ai.openai'],
  ['Vercel', { 'ai.model.provider': 'openai.responses' }, 'openai'],
  ['a name nobody knows', { 'gen_ai.provider.name': 'my.models' }, 'my.models'],
]);
row('row 11: the model asked for', field('request_model'), [
  ['OTel', { 'gen_ai.request.model': 'm' }, 'm'],
  ['OpenInference', { 'llm.request.model_name': 'm', 'llm.model_name': 'm-1' }, 'm'],
  ['OpenInference, one name', { 'llm.model_name': 'm-1' }, 'm-1'],
  ['Vercel', { 'ai.model.id': 'm' }, 'm'],
]);
row('row 12: the model that answered', field('response_model'), [
  ['OTel', { 'gen_ai.response.model': 'm-1' }, 'm-1'],
  ['OpenInference', { 'llm.response.model_name': 'm-2', 'llm.model_name': 'm-1' }, 'm-2'],
  ['OpenInference, one name', { 'llm.model_name': 'm-1' }, 'm-1'],
  ['Vercel', { 'ai.response.model': 'm-1' }, 'm-1'],
]);
row('row 13: parameters', attribute('gen_ai.request.temperature'), [
  ['OTel', { 'gen_ai.request.temperature': 0.5 }, 0.5],
  ['OpenInference', { 'llm.invocation_parameters': '{"temperature":0.5}' }, 0.5],
  ['Langfuse', { 'langfuse.observation.model.parameters': '{"temperature":0.5}' }, 0.5],
]);
row('row 13: parameters of old names', (attributes) => draftOf(attributes).content.attributes, [
  ['OTel G0', { 'gen_ai.openai.request.seed': 1 }, { 'gen_ai.request.seed': 1 }],
  ['OpenLLMetry', { 'llm.top_k': 3 }, { 'gen_ai.request.top_k': 3 }],
]);
row('row 14: all input', llm('usage_input_uncached'), [
  ['OTel', { 'gen_ai.usage.input_tokens': 9 }, 9],
  ['OTel G0, OpenLLMetry', { 'gen_ai.usage.prompt_tokens': 9 }, 9],
  ['OpenInference', { 'llm.token_count.prompt': 9 }, 9],
  ['Vercel', { 'ai.usage.promptTokens': 9 }, 9],
  ['Langfuse', { 'langfuse.observation.usage_details': '{"input":9,"output":1,"total":10}' }, 9],
]);
row('row 15: input read from a cache', llm('usage_cache_read'), [
  ['OTel', { 'gen_ai.usage.cache_read.input_tokens': 4 }, 4],
  ['OpenInference', { 'llm.token_count.prompt_details.cache_read': 4 }, 4],
  ['OpenLLMetry', { 'gen_ai.usage.cache_read_input_tokens': 4 }, 4],
  ['Vercel', { 'ai.usage.cachedInputTokens': 4 }, 4],
]);
row('row 16: input written to a cache', llm('usage_cache_write'), [
  ['OTel G3', { 'gen_ai.usage.cache_write.input_tokens': 4 }, 4],
  ['OTel G2', { 'gen_ai.usage.cache_creation.input_tokens': 4 }, 4],
  ['OpenInference', { 'llm.token_count.prompt_details.cache_write': 4 }, 4],
  ['OpenLLMetry', { 'gen_ai.usage.cache_creation_input_tokens': 4 }, 4],
]);
row('row 17: all output', llm('usage_output'), [
  ['OTel', { 'gen_ai.usage.output_tokens': 7 }, 7],
  ['OTel G0, OpenLLMetry', { 'gen_ai.usage.completion_tokens': 7 }, 7],
  ['OpenInference', { 'llm.token_count.completion': 7 }, 7],
  ['Vercel', { 'ai.usage.completionTokens': 7 }, 7],
]);
row('row 18: output that is reasoning', llm('usage_reasoning'), [
  ['OTel', { 'gen_ai.usage.reasoning.output_tokens': 2 }, 2],
  ['OpenInference', { 'llm.token_count.completion_details.reasoning': 2 }, 2],
  ['OpenLLMetry', { 'gen_ai.usage.reasoning_tokens': 2 }, 2],
  ['OpenLLMetry, before', { 'llm.usage.reasoning_tokens': 2 }, 2],
]);
row('row 19: the total', attribute('gen_ai.usage.total_tokens'), [
  ['OpenInference', { 'llm.token_count.total': 11 }, 11],
  ['OpenLLMetry', { 'gen_ai.usage.total_tokens': 11 }, 11],
  ['OpenLLMetry, before', { 'llm.usage.total_tokens': 11 }, 11],
]);
row('row 20: tokens by modality', attribute('gen_ai.usage.audio.input_tokens'), [
  ['OTel G3', { 'gen_ai.usage.audio.input_tokens': 3 }, 3],
  ['OpenInference', { 'llm.token_count.prompt_details.audio': 3 }, 3],
]);
row('row 21: the cost as the producer reckons it', attribute('telltale.reported_cost_usd'), [
  ['OpenInference', { 'llm.cost.total': 0.02 }, 0.02],
  ['Langfuse', { 'langfuse.observation.cost_details': '{"total":0.02}' }, 0.02],
  ['OTel, which has none', {}, undefined],
]);
row('row 22: the conversation', field('session_id'), [
  ['OTel', { 'gen_ai.conversation.id': 's', 'session.id': 'browser' }, 's'],
  ['OTel alone', { 'gen_ai.conversation.id': 's' }, 's'],
  ['OpenInference', { 'session.id': 's' }, 's'],
  ['OpenLLMetry', { 'traceloop.association.properties.session_id': 's' }, 's'],
  ['Vercel', { 'ai.telemetry.metadata.sessionId': 's' }, 's'],
  ['Langfuse', { 'langfuse.session.id': 's' }, 's'],
  ['LangSmith', { 'langsmith.metadata.thread_id': 's' }, 's'],
]);
row('row 23: the user', field('user_id'), [
  ['OTel', { 'user.id': 'u' }, 'u'],
  ['OTel, enduser', { 'enduser.id': 'u' }, 'u'],
  ['OpenLLMetry', { 'traceloop.association.properties.user_id': 'u' }, 'u'],
  ['OpenLLMetry, of the request', { 'gen_ai.user': 'u' }, 'u'],
  ['OpenLLMetry, before', { 'llm.user': 'u' }, 'u'],
]);
row('row 24: the agent', field('agent_name'), [
  ['OTel', { 'gen_ai.agent.name': 'planner' }, 'planner'],
  ['OpenInference', { 'agent.name': 'planner' }, 'planner'],
  ['OpenInference, a graph', { 'graph.node.id': 'planner' }, 'planner'],
  ['OpenLLMetry', { 'traceloop.span.kind': 'agent', 'traceloop.entity.name': 'planner' }, 'planner'],
]);

const text = (role: string, said: string) => ({ role, parts: [{ type: 'text', content: said }] });
const g1 = (name: string, attributes: OtlpAttributes) => spanEvent(`gen_ai.${name}`, attributes);

row('row 25: the system prompt', content('input'), [
  ['OTel', { ...LLM.otel, 'gen_ai.system_instructions': '[{"type":"text","content":"be kind"}]' }, [text('system', 'be kind')]],
  ['OTel G1', LLM.otel, [text('system', 'be kind')], [g1('system.message', { content: 'be kind' })]],
  ['OpenInference', { ...LLM.openInference, 'llm.input_messages.0.message.role': 'system', 'llm.input_messages.0.message.content': 'be kind' }, [text('system', 'be kind')]],
  ['OpenLLMetry', { ...LLM.openLlmetry, 'gen_ai.prompt.0.role': 'system', 'gen_ai.prompt.0.content': 'be kind' }, [text('system', 'be kind')]],
]); // prettier-ignore
row('row 26: messages in', content('input'), [
  ['OTel, as JSON', { ...LLM.otel, 'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"hi"}]}]' }, [text('user', 'hi')]],
  ['OTel, structured', { ...LLM.otel, 'gen_ai.input.messages': [text('user', 'hi')] }, [text('user', 'hi')]],
  ['OTel G1', LLM.otel, [text('user', 'hi')], [g1('user.message', { content: 'hi' })]],
  ['OTel G0', { ...LLM.otel, 'gen_ai.prompt': '[{"role":"user","content":"hi"}]' }, [text('user', 'hi')]],
  ['OTel G0, in an event', LLM.otel, [text('user', 'hi')], [g1('content.prompt', { 'gen_ai.prompt': '[{"role":"user","content":"hi"}]' })]],
  ['OpenInference', { ...LLM.openInference, 'llm.input_messages.0.message.role': 'user', 'llm.input_messages.0.message.contents.0.message_content.type': 'text', 'llm.input_messages.0.message.contents.0.message_content.text': 'hi' }, [text('user', 'hi')]],
  ['OpenInference, a value', { ...LLM.openInference, 'input.value': '{"messages":[{"role":"user","content":"hi"}]}' }, [text('user', 'hi')]],
  ['OpenLLMetry', { ...LLM.openLlmetry, 'gen_ai.prompt.0.role': 'user', 'gen_ai.prompt.0.content': 'hi' }, [text('user', 'hi')]],
  ['OpenLLMetry, an entity', { 'traceloop.span.kind': 'task', 'traceloop.entity.input': '{"a":1}' }, '{"a":1}'],
  ['Vercel', { ...LLM.vercel, 'ai.prompt.messages': '[{"role":"user","content":[{"type":"text","text":"hi"}]}]' }, [text('user', 'hi')]],
  ['Langfuse', { 'langfuse.observation.type': 'generation', 'langfuse.observation.input': '[{"role":"user","content":"hi"}]' }, [text('user', 'hi')]],
]); // prettier-ignore
row('row 27: messages out', content('output'), [
  ['OTel', { ...LLM.otel, 'gen_ai.output.messages': '[{"role":"assistant","parts":[{"type":"text","content":"yes"}],"finish_reason":"stop"}]' }, [{ ...text('assistant', 'yes'), finish_reason: 'stop' }]],
  ['OTel G1', LLM.otel, [text('assistant', 'yes')], [g1('choice', { index: 0, message: '{"content":"yes"}' })]],
  ['OTel G0', { ...LLM.otel, 'gen_ai.completion': '[{"role":"assistant","content":"yes"}]' }, [text('assistant', 'yes')]],
  ['OpenInference', { ...LLM.openInference, 'llm.output_messages.0.message.role': 'assistant', 'llm.output_messages.0.message.content': 'yes' }, [text('assistant', 'yes')]],
  ['OpenInference, a value', { ...LLM.openInference, 'output.value': 'yes' }, [text('assistant', 'yes')]],
  ['OpenLLMetry', { ...LLM.openLlmetry, 'gen_ai.completion.0.role': 'assistant', 'gen_ai.completion.0.content': 'yes', 'gen_ai.completion.0.finish_reason': 'stop' }, [{ ...text('assistant', 'yes'), finish_reason: 'stop' }]],
  ['OpenLLMetry, an entity', { 'traceloop.span.kind': 'task', 'traceloop.entity.output': 'done' }, 'done'],
  ['Vercel', { ...LLM.vercel, 'ai.response.text': 'yes' }, [text('assistant', 'yes')]],
]); // prettier-ignore

const CALL = { type: 'tool_call', id: 'c1', name: 'find', arguments: { q: 'x' } };
const asked = (attributes: OtlpAttributes, events: OtlpSpanEvent[]): unknown => {
  const { event, content: said } = draftOf(attributes, events);
  const parts = (said.output as { parts: unknown[] }[])[0]?.parts;
  return [event.decision_chosen, event.requested_tool_call_ids, parts];
};
const CALLED = ['find', ['c1'], [CALL]];
row('row 28: a tool asked for', asked, [
  ['OTel', { ...LLM.otel, 'gen_ai.output.messages': [{ role: 'assistant', parts: [CALL] }] }, CALLED],
  ['OTel G1', LLM.otel, CALLED, [g1('choice', { message: '{"tool_calls":[{"id":"c1","type":"function","function":{"name":"find","arguments":"{\\"q\\":\\"x\\"}"}}]}' })]],
  ['OpenInference', { ...LLM.openInference, 'llm.output_messages.0.message.role': 'assistant', 'llm.output_messages.0.message.tool_calls.0.tool_call.id': 'c1', 'llm.output_messages.0.message.tool_calls.0.tool_call.function.name': 'find', 'llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments': '{"q":"x"}' }, CALLED],
  ['OpenLLMetry', { ...LLM.openLlmetry, 'gen_ai.completion.0.role': 'assistant', 'gen_ai.completion.0.tool_calls.0.id': 'c1', 'gen_ai.completion.0.tool_calls.0.name': 'find', 'gen_ai.completion.0.tool_calls.0.arguments': '{"q":"x"}' }, CALLED],
  ['Vercel', { ...LLM.vercel, 'ai.response.toolCalls': '[{"toolCallId":"c1","toolName":"find","input":"{\\"q\\":\\"x\\"}"}]' }, CALLED],
]); // prettier-ignore
const ANSWERED = [{ role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: 'rain' }] }];
row('row 29: what a tool answered', content('input'), [
  ['OTel, response', { ...LLM.otel, 'gen_ai.input.messages': ANSWERED }, ANSWERED],
  ['OTel, result', { ...LLM.otel, 'gen_ai.input.messages': [{ role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', result: 'rain' }] }] }, ANSWERED],
  ['OTel G1', LLM.otel, ANSWERED, [g1('tool.message', { id: 'c1', content: 'rain' })]],
  ['OpenInference', { ...LLM.openInference, 'llm.input_messages.0.message.role': 'tool', 'llm.input_messages.0.message.tool_call_id': 'c1', 'llm.input_messages.0.message.content': 'rain' }, ANSWERED],
  ['OpenLLMetry', { ...LLM.openLlmetry, 'gen_ai.prompt.0.role': 'tool', 'gen_ai.prompt.0.tool_call_id': 'c1', 'gen_ai.prompt.0.content': 'rain' }, ANSWERED],
]); // prettier-ignore
row('row 30: tools to choose from', field('decision_options', LLM.otel), [
  ['OTel', { 'gen_ai.tool.definitions': '[{"type":"function","name":"find"}]' }, ['find']],
  ['OpenInference', { 'llm.tools.0.tool.json_schema': '{"type":"function","function":{"name":"find"}}' }, ['find']],
  ['OpenLLMetry', { 'llm.request.functions.0.name': 'find', 'llm.request.functions.1.name': 'say' }, ['find', 'say']],
  ['Vercel', { 'ai.prompt.tools': ['{"type":"function","name":"find"}'] }, ['find']],
  ['Gemini', { 'gen_ai.tool.definitions': [{ function_declarations: [{ name: 'find' }] }] }, ['find']],
]);
const executed = (attributes: OtlpAttributes): unknown => {
  const { event, content: said } = draftOf(attributes);
  return [event.kind, event.tool_name, event.tool_call_id, said.tool_arguments, said.tool_result];
};
row('row 31: a tool at work', executed, [
  ['OTel', { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'find', 'gen_ai.tool.call.id': 'c1', 'gen_ai.tool.call.arguments': '{"q":"x"}', 'gen_ai.tool.call.result': 'rain' }, ['tool', 'find', 'c1', { q: 'x' }, 'rain']],
  ['OpenInference', { 'openinference.span.kind': 'TOOL', 'tool.name': 'find', 'tool.id': 'c1', 'input.value': '{"q":"x"}', 'output.value': 'rain' }, ['tool', 'find', 'c1', { q: 'x' }, 'rain']],
  ['OpenLLMetry', { 'traceloop.span.kind': 'tool', 'traceloop.entity.name': 'find', 'traceloop.entity.input': '{"q":"x"}', 'traceloop.entity.output': 'rain' }, ['tool', 'find', '', { q: 'x' }, 'rain']],
  ['Vercel', { 'ai.operationId': 'ai.toolCall', 'ai.toolCall.name': 'find', 'ai.toolCall.id': 'c1', 'ai.toolCall.args': '{"q":"x"}', 'ai.toolCall.result': 'rain' }, ['tool', 'find', 'c1', { q: 'x' }, 'rain']],
]); // prettier-ignore
row('row 32: why it ended', field('finish_reasons'), [
  ['OTel', { 'gen_ai.response.finish_reasons': ['stop'] }, ['stop']],
  ['OpenInference', { 'llm.finish_reason': 'stop' }, ['stop']],
  ['OpenLLMetry', { 'gen_ai.response.finish_reason': 'stop' }, ['stop']],
  ['OpenLLMetry, Anthropic’s', { 'gen_ai.response.stop_reason': 'stop' }, ['stop']],
  ['Vercel', { 'ai.response.finishReason': 'stop' }, ['stop']],
  ['a list as JSON', { 'gen_ai.response.finish_reasons': '["stop"]' }, ['stop']],
]);
const stream = (attributes: OtlpAttributes): unknown => {
  const { event, content: said } = draftOf({ ...LLM.otel, ...attributes });
  return [said.attributes['gen_ai.request.stream'], event.time_to_first_token_ms];
};
row('row 33: streamed, and its first token', stream, [
  ['OTel', { 'gen_ai.request.stream': true, 'gen_ai.response.time_to_first_chunk': 0.25 }, ['true', 250]],
  ['OpenLLMetry', { 'gen_ai.is_streaming': true }, ['true', null]],
  ['OpenLLMetry, before', { 'llm.is_streaming': true }, ['true', null]],
  ['Vercel', { 'ai.response.msToFirstChunk': 250 }, [undefined, 250]],
]);
const retrieved = (attributes: OtlpAttributes, events: OtlpSpanEvent[]): unknown => {
  const { event, content: said } = draftOf(attributes, events);
  return [event.kind, said.input, said.output];
};
row('row 34: a retrieval’s query and documents', retrieved, [
  ['OTel', { 'gen_ai.operation.name': 'retrieval', 'gen_ai.retrieval.query.text': 'x', 'gen_ai.retrieval.documents': '[{"id":"d","score":1}]' }, ['retrieval', 'x', [{ id: 'd', score: 1 }]]],
  ['OpenInference', { 'openinference.span.kind': 'RETRIEVER', 'input.value': 'x', 'retrieval.documents.0.document.id': 'd', 'retrieval.documents.1.document.id': 'e' }, ['retrieval', 'x', [{ document: { id: 'd' } }, { document: { id: 'e' } }]]],
  ['OpenLLMetry', { 'db.system': 'chroma' }, ['retrieval', '', [{ 'db.query.result.id': 'd' }]], [spanEvent('db.query.result', { 'db.query.result.id': 'd' })]],
]); // prettier-ignore

describe('row 35: a score', () => {
  const SCORE = { score_name: 'tone', score_value: 0.5, score_label: 'fair' };
  it('in OTel is an event of its own', () => {
    const attributes = { 'gen_ai.evaluation.name': 'tone', 'gen_ai.evaluation.score.value': 0.5, 'gen_ai.evaluation.score.label': 'fair' };
    expect(draftsOf({ events: [spanEvent('gen_ai.evaluation.result', attributes)] })[1]!.event).toMatchObject({ kind: 'evaluator', ...SCORE });
  }); // prettier-ignore
  it.each(['evaluation', 'annotation'])('in OpenInference is that of the span, as %s', (of) => {
    const attributes = { [`${of}.name`]: 'tone', [`${of}.score`]: 0.5, [`${of}.label`]: 'fair' };
    expect(eventOf({ 'openinference.span.kind': 'EVALUATOR', ...attributes })).toMatchObject({ kind: 'evaluator', ...SCORE });
  });
});

describe('row 36: an error', () => {
  const failed = [spanEvent('exception', { 'exception.type': 'E', 'exception.message': 'm' })];
  it.each([
    ['OTel, its type', { attributes: { 'error.type': 'timeout' } }, { status: 'error', error_type: 'timeout' }],
    ['OTel, its status', { status: { code: 2, message: 'm' } }, { status: 'error', error_message: 'm' }],
    ['OTel G3, an event', { events: [{ ...failed[0]!, name: 'gen_ai.client.operation.exception' }] }, { status: 'error', error_type: 'E' }],
    ['OpenInference, OpenLLMetry', { events: failed }, { status: 'error', error_type: 'E', error_message: 'm' }],
    ['Langfuse', { attributes: { 'langfuse.observation.level': 'ERROR', 'langfuse.observation.status_message': 'm' } }, { status: 'error', error_message: 'm' }],
    ['MCP', { attributes: { 'mcp.method.name': 'tools/call', 'error.type': 'tool_error' } }, { kind: 'tool', status: 'error', error_type: 'tool_error' }],
  ])('in %s', (_, of, expected) => {
    expect(draftsOf(of)[0]!.event).toMatchObject(expected);
  }); // prettier-ignore
});

row('row 37: the prompt’s version', (attributes) => [eventOf(attributes).prompt_name, eventOf(attributes).prompt_version], [
  ['OTel', { 'gen_ai.prompt.name': 'p', 'gen_ai.prompt.version': '4' }, ['p', '4']],
  ['OpenInference', { 'prompt.id': 'p', 'llm.prompt_template.version': '4' }, ['p', '4']],
  ['OpenLLMetry', { 'traceloop.prompt.key': 'p', 'traceloop.prompt.version': 4 }, ['p', '4']],
  ['Langfuse', { 'langfuse.observation.prompt.name': 'p', 'langfuse.observation.prompt.version': 4 }, ['p', '4']],
]);

describe('row 38: content the producer hid', () => {
  it('in OpenInference is no content, and is reported', () => {
    const { event, content: said } = draftOf({
      ...LLM.openInference,
      'input.value': '__REDACTED__',
      'output.value': '__REDACTED__',
      'user.id': '__REDACTED__',
      'llm.token_count.prompt': 3,
    });
    expect(said).toMatchObject({ input: '', output: '', attributes: { 'telltale.content': 'hidden by the producer' } });
    expect(event).toMatchObject({ user_id: '', usage_input_uncached: 3 });
  });
  it('elsewhere is never reported', () => {
    expect(draftOf(LLM.otel).content.attributes).not.toHaveProperty(['telltale.content']);
  });
});
