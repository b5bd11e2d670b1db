import { type Vocabulary } from '../vocabulary';

const usage = (...names: readonly string[]) => names.map((name) => [`langfuse.usage.${name}`, 'count'] as const);

/** Langfuse's SDKs: attributes of an OTel span. Its usage buckets share no token, unless their total says otherwise. */
export const LANGFUSE: Vocabulary = {
  name: 'langfuse',
  kinds: {
    'langfuse.observation.type': {
      generation: 'llm',
      embedding: 'embedding',
      tool: 'tool',
      agent: 'agent',
      chain: 'chain',
      retriever: 'retrieval',
      evaluator: 'evaluator',
      guardrail: 'guardrail',
      span: 'chain',
    },
  },
  fields: {
    requestModel: ['langfuse.observation.model.name'],
    plainInputTokens: usage('input', 'prompt_tokens', 'input_tokens'),
    cacheReadTokens: usage(
      'input_cached_tokens',
      'cache_read_input_tokens',
      'input_cache_read',
      'input_cached',
      'prompt_details.cache_read',
      'prompt_tokens_details.cached_tokens',
      'input_tokens_details.cached_tokens',
    ),
    cacheWriteTokens: usage('cache_creation_input_tokens', 'input_cache_creation', 'input_cache_write'),
    plainOutputTokens: usage('output', 'completion_tokens', 'output_tokens'),
    reasoningTokens: usage(
      'output_reasoning_tokens',
      'output_reasoning',
      'reasoning_tokens',
      'completion_details.reasoning',
      'completion_tokens_details.reasoning_tokens',
      'output_tokens_details.reasoning_tokens',
    ),
    totalTokens: usage('total', 'total_tokens'),
    inputAudioTokens: usage('input_audio_tokens', 'input_audio', 'prompt_details.audio'),
    outputAudioTokens: usage('output_audio_tokens', 'output_audio', 'completion_details.audio'),
    reportedCost: [['langfuse.cost.total', 'amount']],
    sessionId: ['langfuse.session.id'],
    userId: ['langfuse.user.id'],
    input: [
      ['langfuse.observation.input', 'any'],
      ['langfuse.trace.input', 'any'],
    ],
    output: [
      ['langfuse.observation.output', 'any'],
      ['langfuse.trace.output', 'any'],
    ],
    promptName: ['langfuse.observation.prompt.name'],
    promptVersion: ['langfuse.observation.prompt.version'],
    errorMessage: ['langfuse.observation.status_message'],
    firstTokenAt: [['langfuse.observation.completion_start_time', 'quoted']],
    level: ['langfuse.observation.level'],
    environment: ['langfuse.environment'],
    release: ['langfuse.release'],
  },
  spread: {
    'langfuse.observation.usage_details': 'langfuse.usage',
    // Its wrapper of OpenAI's client keeps the client's form.
    'langfuse.usage.prompt_tokens_details': 'langfuse.usage.prompt_tokens_details',
    'langfuse.usage.completion_tokens_details': 'langfuse.usage.completion_tokens_details',
    'langfuse.usage.input_tokens_details': 'langfuse.usage.input_tokens_details',
    'langfuse.usage.output_tokens_details': 'langfuse.usage.output_tokens_details',
    'langfuse.observation.cost_details': 'langfuse.cost',
    'langfuse.observation.model.parameters': 'gen_ai.request',
  },
};

/** LangSmith's exporter and SDKs. */
export const LANGSMITH: Vocabulary = {
  name: 'langsmith',
  kinds: {
    'langsmith.span.kind': {
      llm: 'llm',
      chain: 'chain',
      tool: 'tool',
      retriever: 'retrieval',
      embedding: 'embedding',
      prompt: 'chain',
      parser: 'chain',
    },
  },
  fields: {
    provider: ['langsmith.metadata.ls_provider'],
    requestModel: ['langsmith.metadata.ls_model_name', 'langsmith.metadata.model'],
    inputTokens: [['langsmith.usage.input_tokens', 'count']],
    cacheReadTokens: [['langsmith.usage.input_token_details.cache_read', 'count']],
    cacheWriteTokens: [['langsmith.usage.input_token_details.cache_creation', 'count']],
    inputAudioTokens: [['langsmith.usage.input_token_details.audio', 'count']],
    outputTokens: [['langsmith.usage.output_tokens', 'count']],
    reasoningTokens: [['langsmith.usage.output_token_details.reasoning', 'count']],
    outputAudioTokens: [['langsmith.usage.output_token_details.audio', 'count']],
    totalTokens: [['langsmith.usage.total_tokens', 'count']],
    sessionId: ['langsmith.metadata.session_id', 'langsmith.metadata.thread_id', 'langsmith.metadata.conversation_id'],
    userId: ['langsmith.metadata.user_id'],
  },
  spread: {
    'langsmith.metadata.usage_metadata': 'langsmith.usage',
    'langsmith.usage.input_token_details': 'langsmith.usage.input_token_details',
    'langsmith.usage.output_token_details': 'langsmith.usage.output_token_details',
    'gen_ai.usage.input_token_details': 'langsmith.usage.input_token_details',
    'gen_ai.usage.output_token_details': 'langsmith.usage.output_token_details',
  },
};
