import { type EventKind } from '@telltale/contracts';
import { type Vocabulary } from '../vocabulary';

const VECTOR_STORES = ['pinecone', 'chroma', 'chromadb', 'qdrant', 'weaviate', 'milvus', 'lancedb', 'marqo'];
const retrievals: Record<string, EventKind> = Object.fromEntries(VECTOR_STORES.map((store) => [store, 'retrieval']));

/** Traceloop's own names, beside and before those of the conventions. https://github.com/traceloop/openllmetry */
export const OPENLLMETRY: Vocabulary = {
  name: 'openllmetry',
  kinds: {
    'llm.request.type': { chat: 'llm', completion: 'llm', embedding: 'embedding', rerank: 'rerank' },
    'traceloop.span.kind': { workflow: 'chain', task: 'chain', agent: 'agent', tool: 'tool' },
    'db.system': retrievals,
    'db.operation': { vector_db_retrieve: 'retrieval' },
  },
  fields: {
    agentName: ['traceloop.agent.name'],
    entityName: ['traceloop.entity.name'],
    requestModel: ['llm.request.model'],
    responseModel: ['llm.response.model'],
    inputTokens: [['llm.usage.prompt_tokens', 'count']],
    outputTokens: [['llm.usage.completion_tokens', 'count']],
    cacheReadTokens: [['llm.usage.cache_read_input_tokens', 'count']],
    cacheWriteTokens: [['llm.usage.cache_creation_input_tokens', 'count']],
    reasoningTokens: [['llm.usage.reasoning_tokens', 'count']],
    totalTokens: [['llm.usage.total_tokens', 'count']],
    sessionId: [
      'traceloop.association.properties.session_id',
      'traceloop.association.properties.conversation_id',
      'traceloop.association.properties.thread_id',
      'traceloop.association.properties.chat_id',
    ],
    userId: ['traceloop.association.properties.user_id', 'gen_ai.user', 'llm.user'],
    inputMessages: [['llm.prompts', 'any']],
    outputMessages: [['llm.completions', 'any']],
    input: [['traceloop.entity.input', 'any']],
    output: [['traceloop.entity.output', 'any']],
    toolDefinitions: [['llm.request.functions', 'any']],
    finishReasons: [
      ['gen_ai.response.stop_reason', 'texts'],
      ['llm.response.finish_reason', 'texts'],
      ['llm.response.stop_reason', 'texts'],
    ],
    isStreamed: ['gen_ai.is_streaming', 'llm.is_streaming'],
    promptName: ['traceloop.prompt.key'],
    promptVersion: ['traceloop.prompt.version'],
  },
  lists: ['llm.request.functions', 'llm.prompts', 'llm.completions'],
  rename: {
    'llm.top_k': 'gen_ai.request.top_k',
    'llm.frequency_penalty': 'gen_ai.request.frequency_penalty',
    'llm.presence_penalty': 'gen_ai.request.presence_penalty',
    'llm.chat.stop_sequences': 'gen_ai.request.stop_sequences',
  },
  // Request headers, keys included.
  unwanted: ['gen_ai.headers', 'llm.headers'],
};
