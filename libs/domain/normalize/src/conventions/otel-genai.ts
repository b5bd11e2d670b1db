import { type Vocabulary } from '../vocabulary';

/** Cache aliases that gateways and SDKs have written over the years, after the names of the conventions. */
const CACHE_READ = [
  'gen_ai.usage.cache_read.input_tokens',
  'gen_ai.usage.cache_read_input_tokens',
  'gen_ai.usage.cache_read_tokens',
  'gen_ai.usage.details.cache_read_tokens',
  'gen_ai.usage.details.cache_read_input_tokens',
  'gen_ai.usage.prompt_details.cache_read',
  'gen_ai.usage.prompt_tokens_details.cached_tokens',
  'gen_ai.usage.input_tokens.cached',
  'gen_ai.usage.input_cached_tokens',
  'gen_ai.usage.cached_tokens',
  'gen_ai.usage.details.cached_tokens',
  'gen_ai.usage.cached_input_tokens',
] as const;
const CACHE_WRITE = [
  'gen_ai.usage.cache_write.input_tokens',
  'gen_ai.usage.cache_creation.input_tokens',
  'gen_ai.usage.cache_creation_input_tokens',
  'gen_ai.usage.cache_write_input_tokens',
  'gen_ai.usage.cache_write_tokens',
  'gen_ai.usage.details.cache_write_tokens',
  'gen_ai.usage.details.cache_creation_input_tokens',
  'gen_ai.usage.prompt_details.cache_write',
  'gen_ai.usage.input_cache_creation',
  'gen_ai.usage.input_tokens.cache_write', // Sentry
] as const;
const REASONING = [
  'gen_ai.usage.reasoning.output_tokens',
  'gen_ai.usage.reasoning_tokens',
  'gen_ai.usage.output_tokens.reasoning',
  'gen_ai.usage.details.reasoning_tokens',
  'gen_ai.usage.details.thoughts_tokens',
  'gen_ai.usage.completion_details.reasoning',
  'gen_ai.usage.completion_tokens_details.reasoning_tokens',
] as const;

const counts = (names: readonly string[]) => names.map((name) => [name, 'count'] as const);

/**
 * GenAI semantic conventions in four generations, newest first: G3 (their own repository), G2 (1.37-1.41), G1 (1.28-1.36),
 * G0 (to 1.27). https://github.com/open-telemetry/semantic-conventions-genai
 */
export const OTEL_GENAI: Vocabulary = {
  name: 'otel-genai',
  kinds: {
    'gen_ai.operation.name': {
      chat: 'llm',
      text_completion: 'llm',
      completion: 'llm',
      generate_content: 'llm',
      fetch_response: 'llm',
      embeddings: 'embedding',
      embedding: 'embedding',
      retrieval: 'retrieval',
      rerank: 'rerank',
      execute_tool: 'tool',
      invoke_agent: 'agent',
      create_agent: 'agent',
      plan: 'agent',
      agent_step: 'agent',
      invoke_workflow: 'chain',
    },
  },
  fields: {
    agentName: ['gen_ai.agent.name', 'gen_ai.workflow.name', 'gen_ai.agent.id'],
    provider: ['gen_ai.provider.name', 'gen_ai.system'],
    requestModel: ['gen_ai.request.model'],
    requestMaxTokens: counts(['gen_ai.request.max_tokens']),
    responseModel: ['gen_ai.response.model'],
    inputTokens: counts(['gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens']),
    cacheReadTokens: counts(CACHE_READ),
    cacheWriteTokens: counts(CACHE_WRITE),
    outputTokens: counts(['gen_ai.usage.output_tokens', 'gen_ai.usage.completion_tokens']),
    reasoningTokens: counts(REASONING),
    totalTokens: counts(['gen_ai.usage.total_tokens']),
    inputTextTokens: counts(['gen_ai.usage.text.input_tokens']),
    inputImageTokens: counts(['gen_ai.usage.image.input_tokens']),
    inputAudioTokens: counts(['gen_ai.usage.audio.input_tokens']),
    outputTextTokens: counts(['gen_ai.usage.text.output_tokens']),
    outputImageTokens: counts(['gen_ai.usage.image.output_tokens']),
    outputAudioTokens: counts(['gen_ai.usage.audio.output_tokens']),
    sessionId: ['gen_ai.conversation.id'],
    userId: ['user.id', 'enduser.id'],
    systemInstructions: [['gen_ai.system_instructions', 'any']],
    inputMessages: [
      ['gen_ai.input.messages', 'any'],
      ['gen_ai.prompt', 'any'],
    ],
    outputMessages: [
      ['gen_ai.output.messages', 'any'],
      ['gen_ai.completion', 'any'],
    ],
    olderOutput: [['gen_ai.completion', 'any']],
    toolDefinitions: [
      ['gen_ai.tool.definitions', 'any'],
      ['gen_ai.request.tools', 'any'],
    ],
    retrievalQuery: [['gen_ai.retrieval.query.text', 'any']],
    documents: [['gen_ai.retrieval.documents', 'any']],
    toolName: ['gen_ai.tool.name'],
    toolCallId: ['gen_ai.tool.call.id'],
    toolArguments: [['gen_ai.tool.call.arguments', 'any']],
    toolResult: [['gen_ai.tool.call.result', 'any']],
    finishReasons: [
      ['gen_ai.response.finish_reasons', 'texts'],
      ['gen_ai.response.finish_reason', 'texts'],
    ],
    isStreamed: ['gen_ai.request.stream'],
    timeToFirstTokenMs: [
      ['gen_ai.response.time_to_first_chunk', 'seconds'],
      ['gen_ai.client.operation.time_to_first_chunk', 'seconds'],
    ],
    promptName: ['gen_ai.prompt.name'],
    promptVersion: ['gen_ai.prompt.version'],
    scoreName: ['gen_ai.evaluation.name'],
    scoreValue: [['gen_ai.evaluation.score.value', 'number']],
    scoreLabel: ['gen_ai.evaluation.score.label'],
  },
  rename: {
    'gen_ai.openai.request.seed': 'gen_ai.request.seed',
    'gen_ai.openai.request.response_format': 'gen_ai.output.type',
    'gen_ai.openai.request.service_tier': 'openai.request.service_tier',
    'gen_ai.openai.response.service_tier': 'openai.response.service_tier',
    'gen_ai.openai.response.system_fingerprint': 'openai.response.system_fingerprint',
  },
  // G0 and OpenLLMetry flatten messages.
  lists: ['gen_ai.prompt', 'gen_ai.completion', 'gen_ai.input.messages', 'gen_ai.output.messages'],
};

/** What any span or record says of itself, whatever its vocabulary. */
export const COMMON: Vocabulary = {
  name: 'common',
  fields: {
    // MLflow writes every value as its JSON.
    sessionId: [['session.id', 'quoted']],
    errorType: ['error.type', 'exception.type'],
    errorMessage: ['exception.message', 'error.message'],
    errorStack: ['exception.stacktrace'],
    eventName: ['event.name'],
    serviceName: ['service.name'],
    serviceVersion: ['service.version'],
    environment: ['deployment.environment.name', 'deployment.environment'],
    region: ['cloud.region'],
    instance: ['service.instance.id'],
    attempt: counts(['telltale.attempt']),
    resends: counts(['http.request.resend_count']),
    directiveIds: [['telltale.directive_ids', 'texts']],
    fromRing: ['telltale.from_ring'],
    samplingWeight: [['telltale.sampling_weight', 'amount']],
    verbosityLevel: ['telltale.verbosity_level'],
  },
};

/** Model Context Protocol spans. */
export const MCP: Vocabulary = {
  name: 'mcp',
  kinds: { 'mcp.method.name': { 'tools/call': 'tool', '*': 'mcp' } },
  fields: {
    promptName: ['gen_ai.prompt.name'],
    toolArguments: [['mcp.request.argument', 'any']],
    toolResult: [['mcp.response.value', 'any']],
  },
};
