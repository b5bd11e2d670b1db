import { type OtlpLogRecord, type OtlpSpan } from '@telltale/contracts';
import { type EventDraft } from './draft';
import { normalizeLog } from './otlp-log';
import { normalizeSpan } from './otlp-span';

const head = {
  resource: { 'service.name': 'bot', 'service.version': '1.2', 'deployment.environment.name': 'prod', 'host.name': 'h' },
  scope: { name: 'lib', version: '3', attributes: {} },
};
const arrival = { tenant: 'acme', receivedAt: 5_000 };
const span = (of: Partial<OtlpSpan>): OtlpSpan => ({
  traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), parentSpanId: 'c'.repeat(16), traceState: '', name: 'n', kind: 1, startMs: 1_000.5, endMs: 1_250.75,
  attributes: {}, events: [], links: [], status: { code: 0, message: '' }, ...of,
}); // prettier-ignore
const log = (of: Partial<OtlpLogRecord>): OtlpLogRecord => ({
  timeMs: 1_000, observedMs: 2_000, severityNumber: 0, severityText: '', body: 'hello', attributes: {}, traceId: '', spanId: '', eventName: '', ...of,
}); // prettier-ignore
const drafts = (of: Partial<OtlpSpan>): EventDraft[] => {
  const result = normalizeSpan(span(of), head, arrival);
  return result.ok ? result.value : [];
};
const eventOf = (of: Partial<OtlpSpan>) => drafts(of)[0]!.event;
const logOf = (of: Partial<OtlpLogRecord>) => {
  const result = normalizeLog(log(of), head, arrival);
  return result.ok ? result.value[0]! : null;
};

describe('a span', () => {
  it.each([
    ['chat', { 'gen_ai.operation.name': 'chat' }, 'llm'],
    ['text_completion', { 'gen_ai.operation.name': 'text_completion' }, 'llm'],
    ['generate_content', { 'gen_ai.operation.name': 'generate_content' }, 'llm'],
    ['embeddings', { 'gen_ai.operation.name': 'embeddings' }, 'embedding'],
    ['retrieval', { 'gen_ai.operation.name': 'retrieval' }, 'retrieval'],
    ['execute_tool', { 'gen_ai.operation.name': 'execute_tool' }, 'tool'],
    ['execute_tool over MCP', { 'gen_ai.operation.name': 'execute_tool', 'mcp.method.name': 'tools/call' }, 'tool'],
    ['invoke_agent', { 'gen_ai.operation.name': 'invoke_agent' }, 'agent'],
    ['create_agent', { 'gen_ai.operation.name': 'create_agent' }, 'agent'],
    ['plan', { 'gen_ai.operation.name': 'plan' }, 'agent'],
    ['invoke_workflow', { 'gen_ai.operation.name': 'invoke_workflow' }, 'chain'],
    ['an MCP method', { 'mcp.method.name': 'prompts/get' }, 'mcp'],
    ['a tool name', { 'gen_ai.tool.name': 'search' }, 'tool'],
    ['a tool call id', { 'gen_ai.tool.call.id': 'c1' }, 'tool'],
    ['an operation nobody knows', { 'gen_ai.operation.name': 'levitate' }, 'chain'],
    [
      'an operation nobody knows that used a model',
      { 'gen_ai.operation.name': 'levitate', 'gen_ai.request.model': 'm', 'gen_ai.usage.output_tokens': 1 },
      'llm',
    ],
    ['nothing', {}, 'chain'],
  ])('with %s has its kind', (_, attributes, kind) => {
    expect(eventOf({ attributes }).kind).toBe(kind);
  });
  it('at the root is a turn, unless it says what it is', () => {
    expect(eventOf({ parentSpanId: '' }).kind).toBe('turn');
    expect(eventOf({ parentSpanId: '', attributes: { 'gen_ai.operation.name': 'invoke_agent' } }).kind).toBe('agent');
  });

  it('says all that the conventions know', () => {
    const [draft] = drafts({
      name: 'chat m',
      status: { code: 1, message: '' },
      attributes: {
        'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.request.model': 'm', 'gen_ai.response.model': 'm-1', 'gen_ai.conversation.id': 'conv',
        'gen_ai.usage.input_tokens': 100, 'gen_ai.usage.cache_read.input_tokens': '30', 'gen_ai.usage.cache_creation.input_tokens': 20, 'gen_ai.usage.output_tokens': 50, 'gen_ai.usage.reasoning.output_tokens': 10,
        'gen_ai.response.finish_reasons': ['tool_call'], 'gen_ai.response.time_to_first_chunk': 0.25, 'gen_ai.prompt.name': 'p', 'gen_ai.prompt.version': '4', 'user.id': 'u',
        'gen_ai.system_instructions': '[{"type":"text","content":"be kind"}]',
        'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content: 'hi' }] }],
        'gen_ai.output.messages': '[{"role":"assistant","parts":[{"type":"tool_call","name":"search","id":"1"},{"type":"hologram"}]}]',
        'gen_ai.request.temperature': 0.5,
      },
    }); // prettier-ignore
    expect(draft!.event).toMatchObject({
      kind: 'llm', name: 'chat m', status: 'ok', duration_ms: 250.25, provider: 'anthropic', request_model: 'm', response_model: 'm-1', session_id: 'conv', user_id: 'u',
      usage_input_uncached: 50, usage_cache_read: 30, usage_cache_write: 20, usage_output: 40, usage_reasoning: 10, finish_reasons: ['tool_call'], time_to_first_token_ms: 250,
      prompt_name: 'p', prompt_version: '4', service_name: 'bot', service_version: '1.2', deployment_environment: 'prod', decision_chosen: 'search',
    }); // prettier-ignore
    expect(draft!.at).toBe(1_000);
    expect(draft!.content.input).toEqual([
      { role: 'system', parts: [{ type: 'text', content: 'be kind' }] },
      { role: 'user', parts: [{ type: 'text', content: 'hi' }] },
    ]);
    expect(draft!.content.attributes).toEqual({
      'resource.host.name': 'h',
      'gen_ai.request.temperature': 0.5,
      'gen_ai.operation.name': 'chat',
      'otel.scope.name': 'lib',
      'otel.scope.version': '3',
    });
  });

  it('takes the newer name where both are there, and keeps the older as an attribute', () => {
    for (const attributes of [
      { 'gen_ai.usage.cache_write.input_tokens': 7, 'gen_ai.usage.cache_creation.input_tokens': 5 },
      { 'gen_ai.usage.cache_creation.input_tokens': 5, 'gen_ai.usage.cache_write.input_tokens': 7 },
    ]) {
      const [draft] = drafts({ attributes: { 'gen_ai.operation.name': 'chat', ...attributes } });
      expect(draft!.event.usage_cache_write).toBe(7);
      expect(draft!.content.attributes).toMatchObject({ 'gen_ai.usage.cache_creation.input_tokens': 5 });
    }
  });
  it('keeps as an attribute what has not the form of its field', () => {
    const [draft] = drafts({ attributes: { 'gen_ai.usage.input_tokens': 'many' } });
    expect(draft!.event.usage_input_uncached).toBeNull();
    expect(draft!.content.attributes).toMatchObject({ 'gen_ai.usage.input_tokens': 'many' });
  });

  it.each([
    ['its status', { status: { code: 2, message: 'broke' } }, { status: 'error', error_message: 'broke' }],
    ['error.type', { attributes: { 'error.type': 'timeout' } }, { status: 'error', error_type: 'timeout' }],
    [
      'an exception',
      {
        events: [
          {
            name: 'exception',
            timeMs: 1,
            attributes: { 'exception.type': 'E', 'exception.message': 'm', 'exception.stacktrace': 's' },
          },
        ],
      },
      { status: 'error', error_type: 'E', error_message: 'm', error_stack: 's' },
    ],
    [
      'no error but a caught exception',
      { status: { code: 1, message: '' }, events: [{ name: 'exception', timeMs: 1, attributes: { 'exception.type': 'E' } }] },
      { status: 'ok', error_type: 'E' },
    ],
  ])('tells a failure by %s', (_, of, expected) => {
    expect(eventOf(of)).toMatchObject(expected);
  });

  it('gives a judgement inside it an event of its own', () => {
    const [, judgement] = drafts({
      attributes: { 'gen_ai.conversation.id': 'conv' },
      events: [
        {
          name: 'gen_ai.evaluation.result',
          timeMs: 1_200,
          attributes: {
            'gen_ai.evaluation.name': 'tone',
            'gen_ai.evaluation.score.value': 0.5,
            'gen_ai.evaluation.score.label': 'fair',
          },
        },
      ],
    });
    expect(judgement!.event).toMatchObject({
      kind: 'evaluator',
      score_name: 'tone',
      score_value: 0.5,
      score_label: 'fair',
      parent_span_id: 'b'.repeat(16),
      session_id: 'conv',
    });
    expect(judgement!.event.id).not.toBe(eventOf({}).id);
  });

  it('has the same id whatever else it says', () => {
    expect(eventOf({ name: 'x' }).id).toBe(eventOf({ name: 'y' }).id);
  });
});

describe('a log record', () => {
  it.each([
    [1, '', 'trace'], [8, '', 'debug'], [9, '', 'info'], [13, '', 'warn'], [20, '', 'error'], [21, '', 'fatal'],
    [0, 'WARNING', 'warn'], [0, 'Critical', 'fatal'], [0, '', 'info'], [0, 'constructor', 'info'],
  ])('of severity %i %j is %s', (severityNumber, severityText, severity) => {
    expect(logOf({ severityNumber, severityText })!.event.severity).toBe(severity);
  }); // prettier-ignore
  it('keeps its body and its place', () => {
    const { event, content, at } = logOf({ body: { a: 1 }, traceId: 't', spanId: 's' })!;
    expect(event).toMatchObject({ kind: 'log', trace_id: 't', span_id: 's', service_name: 'bot' });
    expect(content.body).toEqual({ a: 1 });
    expect(at).toBe(1_000);
  });
  it('without a time has that of its collection, or of its arrival', () => {
    expect(logOf({ timeMs: 0 })!.at).toBe(2_000);
    expect(logOf({ timeMs: 0, observedMs: 0 })!.at).toBe(5_000);
  });
  it('is a judgement when its event name says so', () => {
    const attributes = { 'gen_ai.evaluation.name': 'tone', 'gen_ai.evaluation.score.value': 1 };
    expect(logOf({ eventName: 'gen_ai.evaluation.result', attributes })!.event).toMatchObject({
      kind: 'evaluator',
      score_name: 'tone',
      score_value: 1,
    });
    expect(logOf({ attributes: { ...attributes, 'event.name': 'gen_ai.evaluation.result' } })!.event.kind).toBe('evaluator');
  });
  it('has an id of its content, time and place', () => {
    expect(logOf({})!.event.id).toBe(logOf({})!.event.id);
    for (const other of [{ body: 'x' }, { timeMs: 3 }, { spanId: 's' }, { severityNumber: 9 }])
      expect(logOf(other)!.event.id).not.toBe(logOf({})!.event.id);
  });
});

describe('where and how a span was produced', () => {
  it.each<[string, OtlpSpan['attributes'], object]>([
    ['the region and instance of its resource', { 'cloud.region': 'eu-west-1', 'service.instance.id': 'pod-1' }, { region: 'eu-west-1', instance: 'pod-1' }],
    ['the tokens it asked for', { 'gen_ai.request.max_tokens': 500 }, { request_max_tokens: 500 }],
    ['how often it was sent again', { 'http.request.resend_count': 2 }, { attempt: 3 }],
    ['which attempt it was, in the words of our SDKs', { 'telltale.attempt': 1, 'http.request.resend_count': 5 }, { attempt: 1 }],
    ['nothing of attempts', {}, { attempt: null, request_max_tokens: null, from_ring: false, directive_ids: [] }],
    ['the directives in force, and that it was held back', { 'telltale.directive_ids': ['d1', 'd2'], 'telltale.from_ring': true }, { directive_ids: ['d1', 'd2'], from_ring: true }],
  ])('says %s', (_, attributes, expected) => expect(eventOf({ attributes })).toMatchObject(expected)); // prettier-ignore
});
