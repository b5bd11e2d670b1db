import { type OtlpAttributes, type OtlpLogRecord } from '@telltale/contracts';
import { arrival } from './conventions.fixture';
import { type EventDraft } from './draft';
import { normalizeLog } from './otlp-log';

const END = 1_700_000_010_000;
const AGENTS = {
  claude: ['claude-code', 'com.anthropic.claude_code.events'],
  codex: ['codex_cli_rs', 'codex_otel.log_only'],
  gemini: ['gemini-cli', 'gemini-cli'],
  nobody: ['shop', 'winston'],
} as const;

function draftOf(
  of: keyof typeof AGENTS,
  name: string,
  attributes: OtlpAttributes,
  record: Partial<OtlpLogRecord> = {},
): EventDraft {
  const [service, scope] = AGENTS[of];
  const head = { resource: { 'service.name': service }, scope: { name: scope, version: '', attributes: {} } };
  const whole: OtlpLogRecord = {
    timeMs: END, observedMs: END, severityNumber: 9, severityText: '', body: '', traceId: '', spanId: '', eventName: '',
    attributes: { 'event.name': name, ...attributes }, ...record,
  }; // prettier-ignore
  const result = normalizeLog(whole, head, arrival);
  if (!result.ok || !result.value[0]) throw new Error('a record without an event');
  return result.value[0];
}

describe('a call of a model that a coding agent logs', () => {
  it.each<[string, Parameters<typeof draftOf>, Partial<EventDraft['event']>]>([
    ['Claude Code', ['claude', 'api_request', { model: 'claude-sonnet-4-5', input_tokens: 20, output_tokens: 300, cache_read_tokens: 10_000, cache_creation_tokens: 500, cost_usd: 0.012, duration_ms: 2_300, 'session.id': 's1', 'user.id': 'device', 'user.account_uuid': 'ann' }],
      { provider: 'anthropic', request_model: 'claude-sonnet-4-5', usage_input_uncached: 20, usage_cache_read: 10_000, usage_cache_write: 500, usage_output: 300, duration_ms: 2_300, session_id: 's1', user_id: 'ann', agent_name: 'claude-code' }],
    ['Claude Code, numbers as texts', ['claude', 'claude_code.api_request', { model: 'm', input_tokens: '20', output_tokens: '300', cache_read_tokens: '0', duration_ms: '2300' }],
      { usage_input_uncached: 20, usage_cache_read: 0, usage_output: 300, duration_ms: 2_300 }],
    ['Codex, whose input holds what the cache served and output the reasoning', ['codex', 'codex.sse_event', { 'event.kind': 'response.completed', model: 'gpt-5-codex', input_token_count: '1200', output_token_count: '50', cached_token_count: 1_000, reasoning_token_count: 20, tool_token_count: '1250', 'conversation.id': 'c1', 'user.account_id': 'acc' }, { eventName: 'event otel/src/events/session_telemetry.rs:7' }],
      { provider: 'openai', request_model: 'gpt-5-codex', usage_input_uncached: 200, usage_cache_read: 1_000, usage_output: 30, usage_reasoning: 20, duration_ms: null, session_id: 'c1', user_id: 'acc', agent_name: 'codex' }],
    ['Gemini CLI, whose thoughts are beside the output', ['gemini', 'gemini_cli.api_response', { model: 'gemini-2.5-pro', status_code: 200, duration_ms: 900, input_token_count: 1_200, output_token_count: 50, cached_content_token_count: 1_000, thoughts_token_count: 20, total_token_count: 1_270, 'session.id': 'g1', finish_reasons: ['STOP'] }],
      { provider: 'gcp.gemini', request_model: 'gemini-2.5-pro', usage_input_uncached: 200, usage_cache_read: 1_000, usage_output: 50, usage_reasoning: 20, duration_ms: 900, session_id: 'g1', finish_reasons: ['STOP'], error_type: '' }],
    ['Gemini CLI on Vertex AI', ['gemini', 'gemini_cli.api_response', { model: 'gemini-2.5-pro', auth_type: 'vertex-ai' }], { provider: 'gcp.vertex_ai' }],
  ])('%s', (_, record, expected) => {
    const draft = draftOf(...record);
    expect(draft.event).toMatchObject({ kind: 'llm', status: 'ok', severity: '', name: `chat ${draft.event.request_model}`, ...expected });
    expect(draft.at).toBe(END - (draft.event.duration_ms ?? 0));
  }); // prettier-ignore

  it('keeps the cost that the agent believes it had beside its own', () => {
    const { event, content } = draftOf('claude', 'api_request', { model: 'm', cost_usd: '0.5' });
    expect([event.cost_nano_usd, content.attributes['telltale.reported_cost_usd']]).toEqual([null, 0.5]);
  });

  it.each<[string, Parameters<typeof draftOf>, Partial<EventDraft['event']>]>([
    ['Claude Code', ['claude', 'api_error', { model: 'm', error: 'Overloaded', status_code: '529', attempt: '2', duration_ms: 1_000 }], { error_message: 'Overloaded', error_type: '529', attempt: 2, duration_ms: 1_000 }],
    ['Codex: a request', ['codex', 'codex.api_request', { model: 'm', 'error.message': 'no route', 'http.response.status_code': 502, duration_ms: '80' }], { error_message: 'no route', error_type: '502', duration_ms: 80 }],
    ['Codex: a stream', ['codex', 'codex.sse_event', { 'event.kind': 'response.failed', model: 'm', 'error.message': 'rate limit' }], { error_message: 'rate limit' }],
    ['Gemini CLI', ['gemini', 'gemini_cli.api_error', { model: 'm', error: 'quota', error_type: 'ApiError', status_code: 429 }], { error_message: 'quota', error_type: 'ApiError' }],
    ['an error of which nothing is said', ['claude', 'api_error', {}], { error_message: '', error_type: '' }],
  ])('is one that failed: %s', (_, record, expected) => {
    expect(draftOf(...record).event).toMatchObject({ kind: 'llm', status: 'error', usage_output: null, ...expected });
  }); // prettier-ignore

  it.each<[string, OtlpAttributes, Partial<EventDraft['event']>]>([
    ['negative', { input_tokens: -1, output_tokens: '-5', duration_ms: -2, cost_usd: -1 }, { usage_input_uncached: null, usage_output: null, duration_ms: null }],
    ['huge', { input_tokens: 1e300, output_tokens: '99999999999999999999', duration_ms: 1e15 }, { usage_input_uncached: null, usage_output: null, duration_ms: null }],
    ['no numbers', { input_tokens: 'many', output_tokens: [1], duration_ms: { a: 1 }, cost_usd: 'NaN' }, { usage_input_uncached: null, usage_output: null, duration_ms: null }],
    ['not there', {}, { usage_input_uncached: null, duration_ms: null, request_model: '', session_id: '', trace_id: '' }],
  ])('has no numbers where they are %s', (_, attributes, expected) => {
    const draft = draftOf('claude', 'api_request', attributes);
    expect(draft.event).toMatchObject({ kind: 'llm', ...expected });
    expect(draft.at).toBe(END);
    expect(draft.content.attributes['telltale.reported_cost_usd']).toBeUndefined();
  }); // prettier-ignore
});

describe('a call of a tool that a coding agent logs', () => {
  it.each<[string, Parameters<typeof draftOf>, Partial<EventDraft['event']>, unknown, unknown]>([
    ['Claude Code', ['claude', 'tool_result', { tool_name: 'Bash', tool_use_id: 'toolu_1', success: 'false', duration_ms: 120, error: 'command failed', tool_parameters: '{"bash_command":"ls"}' }],
      { name: 'Bash', tool_name: 'Bash', tool_call_id: 'toolu_1', status: 'error', error_message: 'command failed', duration_ms: 120 }, { bash_command: 'ls' }, ''],
    ['Codex', ['codex', 'codex.tool_result', { tool_name: 'shell', call_id: 'call_1', success: 'true', duration_ms: '12', arguments: '{"cmd":"ls"}', output: 'a b' }],
      { tool_name: 'shell', tool_call_id: 'call_1', status: 'ok', duration_ms: 12 }, { cmd: 'ls' }, 'a b'],
    ['Gemini CLI', ['gemini', 'gemini_cli.tool_call', { function_name: 'read_file', function_args: '{"p":1}', success: true, duration_ms: 5 }],
      { tool_name: 'read_file', status: 'ok', duration_ms: 5 }, { p: 1 }, ''],
    ['one that says not how it ended', ['claude', 'tool_result', { success: 'maybe' }], { name: 'tool', tool_name: '', status: 'unset' }, '', ''],
  ])('%s', (_, record, expected, args, result) => {
    const { event, content } = draftOf(...record);
    expect(event).toMatchObject({ kind: 'tool', ...expected });
    expect([content.tool_arguments, content.tool_result]).toEqual([args, result]);
  }); // prettier-ignore
});

describe('a prompt that a coding agent logs', () => {
  it('is the turn, and all that has its id is in it', () => {
    const ids = { 'session.id': 's1', 'prompt.id': 'p1' };
    const prompt = draftOf('claude', 'user_prompt', { ...ids, prompt: 'fix the failing test' });
    const call = draftOf('claude', 'api_request', { ...ids, model: 'm' });
    const log = draftOf('claude', 'tool_decision', { ...ids, decision: 'accept' });
    expect([prompt.event.kind, prompt.event.parent_span_id, prompt.content.input]).toEqual(['turn', '', 'fix the failing test']);
    expect(prompt.event.trace_id).toMatch(/^[\da-f]{32}$/);
    expect([call.event.trace_id, call.event.parent_span_id]).toEqual([prompt.event.trace_id, prompt.event.span_id]);
    expect(log.event).toMatchObject({ kind: 'log', trace_id: prompt.event.trace_id, session_id: 's1', prompt_name: '' });
    const other = draftOf('claude', 'api_request', { ...ids, 'prompt.id': 'p2' });
    expect(other.event.trace_id).not.toBe(prompt.event.trace_id);
    const gemini = { 'session.id': 'g1', prompt_id: 'g1########0' };
    expect(draftOf('gemini', 'gemini_cli.user_prompt', gemini).event.trace_id).toBe(draftOf('gemini', 'gemini_cli.tool_call', gemini).event.trace_id); // prettier-ignore
  });

  it('is in the trace that it names, beneath the span that it names', () => {
    const place = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
    const { event } = draftOf('claude', 'user_prompt', { 'prompt.id': 'p1' }, place);
    expect([event.trace_id, event.parent_span_id]).toEqual([place.traceId, place.spanId]);
  });

  it.each(['<REDACTED>', '[REDACTED]'])('has no words where the agent hides them: %s', (prompt) => {
    const { content } = draftOf('codex', 'codex.user_prompt', { prompt });
    expect([content.input, content.attributes['telltale.content']]).toEqual(['', 'hidden by the producer']);
  });
});

describe('what stays a log line', () => {
  it.each<[string, ...Parameters<typeof draftOf>]>([
    ['a record of a service that is no agent', 'nobody', 'api_request', { model: 'm', input_tokens: 5 }],
    ['a full name from one', 'nobody', 'codex.tool_result', { tool_name: 'shell' }],
    ['a name that no table has', 'claude', 'api_dream', { model: 'm' }],
    ['a name of another agent', 'claude', 'codex.tool_result', { tool_name: 'shell' }],
    ['a name of an object', 'claude', 'constructor', {}],
    ['a decision about a tool', 'codex', 'codex.tool_decision', { tool_name: 'shell', decision: 'approved' }],
    ['a request of Codex that went well, for its answer is the call', 'codex', 'codex.api_request', { model: 'm', 'http.response.status_code': 200 }],
    ['the end of a stream without its tokens', 'codex', 'codex.sse_event', { 'event.kind': 'response.completed', duration_ms: '3' }],
    ['a piece of a stream', 'codex', 'codex.sse_event', { 'event.kind': 'response.output_item.done', 'error.message': 'cannot parse' }],
    ['a request of Gemini CLI', 'gemini', 'gemini_cli.api_request', { model: 'm', request_text: 'hi' }],
  ])('%s', (_, ...record) => {
    const { event } = draftOf(...record);
    expect([event.kind, event.name, event.usage_input_uncached]).toEqual(['log', record[1], null]);
  }); // prettier-ignore
});
