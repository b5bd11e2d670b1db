import { compileVocabulary, type Vocabulary } from './vocabulary';

/**
 * GenAI semantic conventions as they are now: generations 2 (1.37-1.41) and 3 (their own repository).
 * https://github.com/open-telemetry/semantic-conventions-genai
 */
export const GENAI: Vocabulary = {
  name: 'otel-genai',
  kinds: {
    chat: 'llm',
    text_completion: 'llm',
    generate_content: 'llm',
    embeddings: 'embedding',
    retrieval: 'retrieval',
    execute_tool: 'tool',
    invoke_agent: 'agent',
    create_agent: 'agent',
    plan: 'agent',
    invoke_workflow: 'chain',
  },
  fields: {
    operation: ['gen_ai.operation.name'],
    mcpMethod: ['mcp.method.name'],
    agentName: ['gen_ai.agent.name'],
    provider: ['gen_ai.provider.name'],
    requestModel: ['gen_ai.request.model'],
    responseModel: ['gen_ai.response.model'],
    inputTokens: [['gen_ai.usage.input_tokens', 'count']],
    cacheReadTokens: [['gen_ai.usage.cache_read.input_tokens', 'count']],
    cacheWriteTokens: [
      ['gen_ai.usage.cache_write.input_tokens', 'count'],
      ['gen_ai.usage.cache_creation.input_tokens', 'count'],
    ],
    outputTokens: [['gen_ai.usage.output_tokens', 'count']],
    reasoningTokens: [['gen_ai.usage.reasoning.output_tokens', 'count']],
    sessionId: ['gen_ai.conversation.id', 'session.id'],
    userId: ['user.id', 'enduser.id'],
    systemInstructions: [['gen_ai.system_instructions', 'any']],
    input: [
      ['gen_ai.input.messages', 'any'],
      ['gen_ai.retrieval.query.text', 'any'],
    ],
    output: [
      ['gen_ai.output.messages', 'any'],
      ['gen_ai.retrieval.documents', 'any'],
    ],
    toolName: ['gen_ai.tool.name'],
    toolCallId: ['gen_ai.tool.call.id'],
    toolArguments: [['gen_ai.tool.call.arguments', 'any']],
    toolResult: [['gen_ai.tool.call.result', 'any']],
    finishReasons: [['gen_ai.response.finish_reasons', 'texts']],
    timeToFirstTokenMs: [['gen_ai.response.time_to_first_chunk', 'seconds']],
    promptName: ['gen_ai.prompt.name'],
    promptVersion: ['gen_ai.prompt.version'],
    errorType: ['error.type', 'exception.type'],
    errorMessage: ['exception.message', 'error.message'],
    errorStack: ['exception.stacktrace'],
    scoreName: ['gen_ai.evaluation.name'],
    scoreValue: [['gen_ai.evaluation.score.value', 'number']],
    scoreLabel: ['gen_ai.evaluation.score.label'],
    eventName: ['event.name'],
    serviceName: ['service.name'],
    serviceVersion: ['service.version'],
    environment: ['deployment.environment.name', 'deployment.environment'],
    samplingWeight: [['telltale.sampling_weight', 'amount']],
    verbosityLevel: ['telltale.verbosity_level'],
  },
};

export const genAiVocabulary = compileVocabulary(GENAI);
