import { type EventKind, type OtlpAttributes, type OtlpLogRecord } from '@telltale/contracts';
import { type GroupHead } from '../otlp-reading';
import { compileVocabulary, type CompiledVocabulary, type Vocabulary } from '../vocabulary';
import { COMMON, OTEL_GENAI } from './otel-genai';

/** What a log record of a coding agent is. `failed`: the call ended in an error. */
export interface AgentRecord {
  readonly kind: EventKind & ('llm' | 'tool' | 'turn');
  readonly failed?: true;
}
/** Some names stand for several things: the attributes say which, or that it is an ordinary log line (null). */
type RecordRule = AgentRecord | ((attributes: OtlpAttributes) => AgentRecord | null);

/** A coding agent that reports each prompt, call of a model and call of a tool as a log record, at its end. */
export interface CodingAgent {
  readonly name: string;
  readonly scopes: RegExp;
  readonly services: RegExp;
  /** What its models are served by, unless a record says it. */
  readonly provider: string;
  /** Attribute with the id that all records of one prompt share; '' where it has none. */
  readonly promptId: string;
  readonly sessionId: string;
  /** By event name. */
  readonly records: ReadonlyMap<string, RecordRule>;
  readonly vocabulary: Vocabulary;
}

const LLM: AgentRecord = { kind: 'llm' };
const FAILED_LLM: AgentRecord = { kind: 'llm', failed: true };
const TOOL: AgentRecord = { kind: 'tool' };
const PROMPT: AgentRecord = { kind: 'turn' };
const has = (attributes: OtlpAttributes, name: string): boolean => (attributes[name] ?? '') !== '';

/** https://code.claude.com/docs/en/monitoring-usage (events). `input_tokens` are beside what a cache served, as in Anthropic's API. */
const CLAUDE_CODE: CodingAgent = {
  name: 'claude-code',
  scopes: /^com\.anthropic\.claude_code(?:\.|$)/,
  services: /^claude-code$/,
  provider: 'anthropic',
  promptId: 'prompt.id',
  sessionId: 'session.id',
  // `event.name` comes without the prefix that the documentation names events with; the body has it.
  records: new Map(
    Object.entries({ api_request: LLM, api_error: FAILED_LLM, tool_result: TOOL, user_prompt: PROMPT }).flatMap(([name, of]) => [
      [name, of],
      [`claude_code.${name}`, of],
    ]),
  ),
  vocabulary: {
    name: 'claude-code',
    fields: {
      requestModel: ['model'],
      plainInputTokens: [['input_tokens', 'count']],
      cacheReadTokens: [['cache_read_tokens', 'count']],
      cacheWriteTokens: [['cache_creation_tokens', 'count']],
      outputTokens: [['output_tokens', 'count']],
      reportedCost: [['cost_usd', 'amount']],
      sessionId: ['session.id'],
      userId: ['user.account_uuid', 'user.account_id', 'user.email', 'user.id'],
      input: [['prompt', 'any']],
      toolName: ['tool_name'],
      toolCallId: ['tool_use_id'],
      toolArguments: [
        ['tool_input', 'any'],
        ['tool_parameters', 'any'],
      ],
      attempt: [['attempt', 'count']],
      durationMs: [['duration_ms', 'amount']],
      success: ['success'],
      errorType: ['error_type'],
      errorMessage: ['error'],
    },
  },
};

const ENDS_OF_STREAM: ReadonlySet<unknown> = new Set([
  undefined,
  null,
  'response.completed',
  'response.failed',
  'response.incomplete',
]);

/**
 * https://github.com/openai/codex/blob/main/docs/config.md (otel) and codex-rs/otel/src/events. An answer is reported by its request
 * (`codex.api_request`, `codex.websocket_request`), by each event of its stream, and once more with its tokens: that one is the call.
 * A request or stream that failed has no such record.
 */
const CODEX: CodingAgent = {
  name: 'codex',
  scopes: /^codex_otel(?:\.|$)/,
  services: /^codex(?:[-_ ]|$)/i,
  provider: 'openai',
  promptId: '',
  sessionId: 'conversation.id',
  records: new Map<string, RecordRule>([
    [
      'codex.sse_event',
      (attributes) => {
        if (!ENDS_OF_STREAM.has(attributes['event.kind'])) return null;
        if (has(attributes, 'error.message')) return FAILED_LLM;
        return attributes['event.kind'] === 'response.completed' && has(attributes, 'input_token_count') ? LLM : null;
      },
    ],
    ['codex.api_request', (attributes) => (has(attributes, 'error.message') ? FAILED_LLM : null)],
    ['codex.websocket_request', (attributes) => (has(attributes, 'error.message') ? FAILED_LLM : null)],
    ['codex.tool_result', TOOL],
    ['codex.user_prompt', PROMPT],
  ]),
  vocabulary: {
    name: 'codex',
    fields: {
      requestModel: ['model'],
      inputTokens: [['input_token_count', 'count']],
      cacheReadTokens: [['cached_token_count', 'count']],
      outputTokens: [['output_token_count', 'count']],
      reasoningTokens: [['reasoning_token_count', 'count']],
      sessionId: ['conversation.id'],
      userId: ['user.account_id', 'user.email'],
      input: [['prompt', 'any']],
      toolName: ['tool_name'],
      toolCallId: ['call_id'],
      toolArguments: [['arguments', 'any']],
      toolResult: [['output', 'any']],
      attempt: [['attempt', 'count']],
      durationMs: [['duration_ms', 'amount']],
      success: ['success'],
      errorMessage: ['error.message'],
    },
  },
};

/** https://github.com/google-gemini/gemini-cli/blob/main/docs/cli/telemetry.md (logs). Thoughts are beside the output. */
const GEMINI_CLI: CodingAgent = {
  name: 'gemini-cli',
  scopes: /^gemini-cli$/,
  services: /^gemini-cli$/,
  provider: 'gcp.gemini',
  promptId: 'prompt_id',
  sessionId: 'session.id',
  records: new Map<string, RecordRule>([
    ['gemini_cli.api_response', LLM],
    ['gemini_cli.api_error', FAILED_LLM],
    ['gemini_cli.tool_call', TOOL],
    ['gemini_cli.user_prompt', PROMPT],
  ]),
  vocabulary: {
    name: 'gemini-cli',
    fields: {
      requestModel: ['model'],
      inputTokens: [['input_token_count', 'count']],
      cacheReadTokens: [['cached_content_token_count', 'count']],
      plainOutputTokens: [['output_token_count', 'count']],
      reasoningTokens: [['thoughts_token_count', 'count']],
      totalTokens: [['total_token_count', 'count']],
      sessionId: ['session.id'],
      userId: ['user.email', 'installation.id'],
      input: [['prompt', 'any']],
      output: [['response_text', 'any']],
      finishReasons: [['finish_reasons', 'texts']],
      toolName: ['function_name'],
      toolArguments: [['function_args', 'any']],
      durationMs: [['duration_ms', 'amount']],
      success: ['success'],
      errorType: ['error_type'],
      errorMessage: ['error', 'error.message'],
    },
  },
};

export const CODING_AGENTS: readonly CodingAgent[] = [CLAUDE_CODE, CODEX, GEMINI_CLI];

interface Compiled {
  /** Of what `records` names. */
  readonly records: CompiledVocabulary;
  /** Of its other log records, which say whose they are. */
  readonly logs: CompiledVocabulary;
}
const compiled = new Map<CodingAgent, Compiled>(
  CODING_AGENTS.map((agent) => {
    const { sessionId = [], userId = [] } = agent.vocabulary.fields;
    return [
      agent,
      {
        records: compileVocabulary(agent.vocabulary, COMMON),
        logs: compileVocabulary({ name: agent.name, fields: { sessionId, userId } }, OTEL_GENAI, COMMON),
      },
    ];
  }),
);
/** How the records of an agent are read: by its own words, which mean other things elsewhere. */
export const vocabulariesOf = (agent: CodingAgent): Compiled => compiled.get(agent) as Compiled;

/** The coding agent that a group of log records is of, by its instrumentation scope or its service. */
export function codingAgentOf({ resource, scope }: GroupHead): CodingAgent | undefined {
  const service = resource['service.name'];
  return CODING_AGENTS.find(
    ({ scopes, services }) => scopes.test(scope.name) || (typeof service === 'string' && services.test(service)),
  );
}

/** What a record of an agent is; null for an ordinary log line. Rust's exporter puts a place in the source where the name should be. */
export function agentRecordOf(agent: CodingAgent, { attributes, eventName, body }: OtlpLogRecord): AgentRecord | null {
  const name = [attributes['event.name'], eventName, body].find(
    (said): said is string => typeof said === 'string' && agent.records.has(said),
  );
  const rule = name === undefined ? undefined : agent.records.get(name);
  return typeof rule === 'function' ? rule(attributes) : (rule ?? null);
}
