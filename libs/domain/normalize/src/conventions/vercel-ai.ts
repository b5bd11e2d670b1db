import { type Vocabulary } from '../vocabulary';

/** Spans of scope `ai`. The outer one of a call (`ai.generateText`) repeats what its inner ones (`….doGenerate`) say. */
export const VERCEL_AI: Vocabulary = {
  name: 'vercel-ai',
  kinds: {
    'ai.operationId': {
      'ai.generatetext': 'agent',
      'ai.streamtext': 'agent',
      'ai.generateobject': 'chain',
      'ai.streamobject': 'chain',
      'ai.embed': 'chain',
      'ai.embedmany': 'chain',
      'ai.rerank': 'chain',
      'ai.generatetext.dogenerate': 'llm',
      'ai.streamtext.dostream': 'llm',
      'ai.generateobject.dogenerate': 'llm',
      'ai.streamobject.dostream': 'llm',
      'ai.embed.doembed': 'embedding',
      'ai.embedmany.doembed': 'embedding',
      'ai.rerank.dorerank': 'rerank',
      'ai.toolcall': 'tool',
    },
  },
  fields: {
    agentName: ['ai.telemetry.functionId'],
    provider: ['ai.model.provider'],
    requestModel: ['ai.model.id'],
    responseModel: ['ai.response.model'],
    inputTokens: [
      ['ai.usage.inputTokens', 'count'],
      ['ai.usage.promptTokens', 'count'],
      ['ai.usage.tokens', 'count'],
    ],
    cacheReadTokens: [
      ['ai.usage.inputTokenDetails.cacheReadTokens', 'count'],
      ['ai.usage.cachedInputTokens', 'count'],
    ],
    cacheWriteTokens: [['ai.usage.inputTokenDetails.cacheWriteTokens', 'count']],
    outputTokens: [
      ['ai.usage.outputTokens', 'count'],
      ['ai.usage.completionTokens', 'count'],
    ],
    reasoningTokens: [
      ['ai.usage.outputTokenDetails.reasoningTokens', 'count'],
      ['ai.usage.reasoningTokens', 'count'],
    ],
    totalTokens: [['ai.usage.totalTokens', 'count']],
    sessionId: [
      'ai.telemetry.metadata.sessionId',
      'ai.telemetry.metadata.conversationId',
      'ai.telemetry.metadata.threadId',
      'ai.telemetry.metadata.chatId',
    ],
    userId: ['ai.telemetry.metadata.userId'],
    inputMessages: [
      ['ai.prompt.messages', 'any'],
      ['ai.prompt', 'any'],
    ],
    input: [
      ['ai.value', 'any'],
      ['ai.values', 'any'],
    ],
    output: [['ai.response.object', 'any']],
    answerText: [['ai.response.text', 'any']],
    answerReasoning: [['ai.response.reasoning', 'any']],
    answerToolCalls: [['ai.response.toolCalls', 'any']],
    toolDefinitions: [['ai.prompt.tools', 'any']],
    toolName: ['ai.toolCall.name'],
    toolCallId: ['ai.toolCall.id'],
    toolArguments: [['ai.toolCall.args', 'any']],
    toolResult: [['ai.toolCall.result', 'any']],
    finishReasons: [['ai.response.finishReason', 'texts']],
    timeToFirstTokenMs: [['ai.response.msToFirstChunk', 'amount']],
  },
  // Vectors: a thousand numbers nobody can ask about.
  unwanted: ['ai.embedding', 'ai.embeddings'],
};
