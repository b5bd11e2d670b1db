import { type OtlpValue } from '@telltale/contracts';

/** What a span or log record says in any vocabulary, in words that are not yet ours in full. */
export interface Reading {
  agentName: string;
  /** Name of whatever it is: an agent, a tool or a task. */
  entityName: string;
  provider: string;
  requestModel: string;
  responseModel: string;
  /** All input, cached included. */
  inputTokens: number | null;
  /** Input that is neither read from nor written to a cache, where a producer counts so. */
  plainInputTokens: number | null;
  cacheReadTokens: number | null;
  cacheWriteTokens: number | null;
  /** All output, reasoning included. */
  outputTokens: number | null;
  /** Output without reasoning, where a producer counts so. */
  plainOutputTokens: number | null;
  reasoningTokens: number | null;
  totalTokens: number | null;
  inputTextTokens: number | null;
  inputImageTokens: number | null;
  inputAudioTokens: number | null;
  outputTextTokens: number | null;
  outputImageTokens: number | null;
  outputAudioTokens: number | null;
  /** What the producer believes it cost, US dollars. */
  reportedCost: number | null;
  sessionId: string;
  userId: string;
  systemInstructions: OtlpValue;
  /** Messages in some form; a producer that names them means them. */
  inputMessages: OtlpValue;
  outputMessages: OtlpValue;
  /** The same in the form of an older generation of its vocabulary. */
  olderOutput: OtlpValue;
  /** Any value in and out. */
  input: OtlpValue;
  output: OtlpValue;
  /** Pieces of an answer that stand beside each other instead of in a message. */
  answerText: OtlpValue;
  answerReasoning: OtlpValue;
  answerToolCalls: OtlpValue;
  toolDefinitions: OtlpValue;
  retrievalQuery: OtlpValue;
  documents: OtlpValue;
  /** What was embedded, with its vectors. */
  embedded: OtlpValue;
  toolName: string;
  toolCallId: string;
  toolArguments: OtlpValue;
  toolResult: OtlpValue;
  finishReasons: string[];
  isStreamed: string;
  timeToFirstTokenMs: number | null;
  /** A moment, where a producer says that instead of a time. */
  firstTokenAt: string;
  promptName: string;
  promptVersion: string;
  errorType: string;
  errorMessage: string;
  errorStack: string;
  /** A level such as ERROR, from producers that have one on an operation. */
  level: string;
  scoreName: string;
  scoreValue: number | null;
  scoreLabel: string;
  eventName: string;
  serviceName: string;
  serviceVersion: string;
  environment: string;
  release: string;
  region: string;
  instance: string;
  requestMaxTokens: number | null;
  /** Of producers that report an operation at its end. */
  durationMs: number | null;
  success: string;
  /** 1: the first try. */
  attempt: number | null;
  /** How often a request was sent again. */
  resends: number | null;
  directiveIds: string[];
  fromRing: string;
  samplingWeight: number | null;
  verbosityLevel: string;
}

export type ReadingField = keyof Reading;

export const newReading = (): Reading => ({
  agentName: '',
  entityName: '',
  provider: '',
  requestModel: '',
  responseModel: '',
  inputTokens: null,
  plainInputTokens: null,
  cacheReadTokens: null,
  cacheWriteTokens: null,
  outputTokens: null,
  plainOutputTokens: null,
  reasoningTokens: null,
  totalTokens: null,
  inputTextTokens: null,
  inputImageTokens: null,
  inputAudioTokens: null,
  outputTextTokens: null,
  outputImageTokens: null,
  outputAudioTokens: null,
  reportedCost: null,
  sessionId: '',
  userId: '',
  systemInstructions: null,
  inputMessages: null,
  outputMessages: null,
  olderOutput: null,
  input: null,
  output: null,
  answerText: null,
  answerReasoning: null,
  answerToolCalls: null,
  toolDefinitions: null,
  retrievalQuery: null,
  documents: null,
  embedded: null,
  toolName: '',
  toolCallId: '',
  toolArguments: null,
  toolResult: null,
  finishReasons: [],
  isStreamed: '',
  timeToFirstTokenMs: null,
  firstTokenAt: '',
  promptName: '',
  promptVersion: '',
  errorType: '',
  errorMessage: '',
  errorStack: '',
  level: '',
  scoreName: '',
  scoreValue: null,
  scoreLabel: '',
  eventName: '',
  serviceName: '',
  serviceVersion: '',
  environment: '',
  release: '',
  region: '',
  instance: '',
  requestMaxTokens: null,
  durationMs: null,
  success: '',
  attempt: null,
  resends: null,
  directiveIds: [],
  fromRing: '',
  samplingWeight: null,
  verbosityLevel: '',
});
