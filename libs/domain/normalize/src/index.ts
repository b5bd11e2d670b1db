export * from './draft';
export { normaliseConversation } from './conversation';
export { normaliseLog } from './otlp-log';
export { normaliseNative } from './native-event';
export { normaliseSpan } from './otlp-span';
export { readTime } from './read-time';
export { disjointUsage, type TokenCounts } from './usage';
export { compileVocabulary, type Vocabulary } from './vocabulary';
export { genAiVocabulary } from './genai-vocabulary';
