/** What a scripted model says: the call of a tool, or an answer; with tokens whose counts are found nowhere else. */
export interface Said {
  readonly callId: string | null;
  readonly text: string | null;
  readonly model: string;
}
export interface Asked {
  readonly body: Readonly<Record<string, unknown>>;
  readonly isStreamed: boolean;
  readonly path: string;
}
/** One API of a provider: what it answers as a whole, and what it sends piece by piece. */
export interface ModelApi {
  readonly speaks: RegExp;
  /** Whether the last thing said is a tool's answer. */
  isTold(asked: Asked): boolean;
  isStreamed(asked: Asked): boolean;
  whole(said: Said, asked: Asked): object;
  /** The pieces; the first of them holds no word yet. */
  pieces(said: Said, asked: Asked): readonly { readonly event?: string; readonly data: object | '[DONE]' }[];
}

export const TOKENS = { input: 1371, cached: 1024, output: 211, reasoning: 83 } as const;
export const CITY = { city: 'Oslo' } as const;
const ARGUMENTS = JSON.stringify(CITY);
const CREATED = 1_764_000_000;

const listOf = (value: unknown): readonly Record<string, unknown>[] =>
  Array.isArray(value) ? (value as Record<string, unknown>[]) : [];

const CHAT_USAGE = {
  prompt_tokens: TOKENS.input,
  completion_tokens: TOKENS.output,
  total_tokens: TOKENS.input + TOKENS.output,
  prompt_tokens_details: { cached_tokens: TOKENS.cached },
  completion_tokens_details: { reasoning_tokens: TOKENS.reasoning },
};
export const OPENAI_CHAT: ModelApi = {
  speaks: /\/chat\/completions$/,
  isTold: ({ body }) => listOf(body['messages']).at(-1)?.['role'] === 'tool',
  isStreamed: ({ body }) => body['stream'] === true,
  whole: ({ callId, text, model }) => ({
    id: callId ? 'chatcmpl-1' : 'chatcmpl-2',
    object: 'chat.completion',
    created: CREATED,
    model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: text,
          ...(callId && { tool_calls: [{ id: callId, type: 'function', function: { name: 'weather', arguments: ARGUMENTS } }] }),
        },
        finish_reason: callId ? 'tool_calls' : 'stop',
        logprobs: null,
      },
    ],
    usage: CHAT_USAGE,
  }),
  pieces: ({ callId, text, model }, { body }) => {
    const head = { id: callId ? 'chatcmpl-3' : 'chatcmpl-4', object: 'chat.completion.chunk', created: CREATED, model };
    const piece = (delta: object, finish_reason: string | null = null) => ({
      data: { ...head, choices: [{ index: 0, delta, finish_reason }] },
    });
    const call = (fields: object) => piece({ tool_calls: [{ index: 0, ...fields }] });
    const wantsUsage = (body['stream_options'] as { include_usage?: boolean } | undefined)?.include_usage === true;
    return [
      piece({ role: 'assistant', content: callId ? null : '' }),
      ...(callId
        ? [call({ id: callId, type: 'function', function: { name: 'weather', arguments: '' } }), call({ function: { arguments: ARGUMENTS } })]
        : (text ?? '').split(/(?= )/).map((content) => piece({ content }))),
      piece({}, callId ? 'tool_calls' : 'stop'),
      ...(wantsUsage ? [{ data: { ...head, choices: [], usage: CHAT_USAGE } }] : []),
      { data: '[DONE]' as const },
    ];
  }, // prettier-ignore
};

/** Vectors of any text; nothing is streamed. */
export const OPENAI_EMBEDDINGS: ModelApi = {
  speaks: /\/embeddings$/,
  isTold: () => false,
  isStreamed: () => false,
  whole: ({ model }) => ({
    object: 'list',
    model,
    data: [{ object: 'embedding', index: 0, embedding: [0.25, -0.5] }],
    usage: { prompt_tokens: TOKENS.input, total_tokens: TOKENS.input },
  }),
  pieces: () => [],
};

const responseOf = ({ callId, text, model }: Said) => ({
  id: callId ? 'resp_1' : 'resp_2',
  object: 'response',
  created_at: CREATED,
  status: 'completed',
  model,
  output: callId
    ? [{ type: 'function_call', id: 'fc_1', call_id: callId, name: 'weather', arguments: ARGUMENTS, status: 'completed' }]
    : [{ type: 'message', id: 'msg_1', role: 'assistant', status: 'completed', content: [{ type: 'output_text', text, annotations: [] }] }],
  parallel_tool_calls: true,
  tool_choice: 'auto',
  tools: [],
  usage: {
    input_tokens: TOKENS.input,
    input_tokens_details: { cached_tokens: TOKENS.cached },
    output_tokens: TOKENS.output,
    output_tokens_details: { reasoning_tokens: TOKENS.reasoning },
    total_tokens: TOKENS.input + TOKENS.output,
  },
}); // prettier-ignore
export const OPENAI_RESPONSES: ModelApi = {
  speaks: /\/responses$/,
  isTold: ({ body }) => listOf(body['input']).at(-1)?.['type'] === 'function_call_output',
  isStreamed: ({ body }) => body['stream'] === true,
  whole: responseOf,
  pieces: (said) => {
    const response = responseOf(said);
    const [item] = response.output;
    const empty = { ...response, status: 'in_progress', output: [], usage: null };
    const place = { output_index: 0, item_id: item?.id };
    const words = said.callId
      ? [{ type: 'response.function_call_arguments.delta', ...place, delta: ARGUMENTS }]
      : [{ type: 'response.output_text.delta', ...place, content_index: 0, delta: said.text, logprobs: [] }];
    const started = said.callId ? { ...item, arguments: '', status: 'in_progress' } : { ...item, content: [], status: 'in_progress' };
    const events = [
      { type: 'response.created', response: empty },
      { type: 'response.output_item.added', output_index: 0, item: started },
      ...words,
      { type: 'response.output_item.done', output_index: 0, item },
      { type: 'response.completed', response },
    ];
    return events.map((data, sequence_number) => ({ event: data.type, data: { ...data, sequence_number } }));
  }, // prettier-ignore
};

const ANTHROPIC_USAGE = {
  input_tokens: TOKENS.input - TOKENS.cached,
  cache_read_input_tokens: TOKENS.cached,
  cache_creation_input_tokens: 0,
  output_tokens: TOKENS.output,
};
const anthropicBlock = ({ callId, text }: Said) =>
  callId ? { type: 'tool_use', id: callId, name: 'weather', input: CITY } : { type: 'text', text };
const anthropicMessage = (said: Said) => ({
  id: said.callId ? 'msg_1' : 'msg_2',
  type: 'message',
  role: 'assistant',
  model: said.model,
  content: [anthropicBlock(said)] as object[],
  stop_reason: (said.callId ? 'tool_use' : 'end_turn') as string | null,
  stop_sequence: null,
  usage: ANTHROPIC_USAGE,
});
export const ANTHROPIC: ModelApi = {
  speaks: /\/v1\/messages$/,
  isTold: ({ body }) => listOf(listOf(body['messages']).at(-1)?.['content']).some((part) => part['type'] === 'tool_result'),
  isStreamed: ({ body }) => body['stream'] === true,
  whole: anthropicMessage,
  pieces: (said) => {
    const message = anthropicMessage(said);
    const empty = { ...message, content: [], stop_reason: null, usage: { ...ANTHROPIC_USAGE, output_tokens: 1 } };
    const block = said.callId ? { ...anthropicBlock(said), input: {} } : { type: 'text', text: '' };
    const delta = said.callId ? { type: 'input_json_delta', partial_json: ARGUMENTS } : { type: 'text_delta', text: said.text };
    const events = [
      { type: 'message_start', message: empty },
      { type: 'content_block_start', index: 0, content_block: block },
      { type: 'content_block_delta', index: 0, delta },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: message.stop_reason, stop_sequence: null }, usage: { output_tokens: TOKENS.output } },
      { type: 'message_stop' },
    ];
    return events.map((data) => ({ event: data.type, data }));
  }, // prettier-ignore
};

const GEMINI_USAGE = {
  promptTokenCount: TOKENS.input,
  cachedContentTokenCount: TOKENS.cached,
  candidatesTokenCount: TOKENS.output - TOKENS.reasoning,
  thoughtsTokenCount: TOKENS.reasoning,
  totalTokenCount: TOKENS.input + TOKENS.output,
};
const geminiAnswer = ({ callId, text, model }: Said, isLast = true) => ({
  candidates: [
    {
      index: 0,
      content: { role: 'model', parts: [callId ? { functionCall: { id: callId, name: 'weather', args: CITY } } : { text }] },
      ...(isLast && { finishReason: 'STOP' }),
    },
  ],
  ...(isLast && { usageMetadata: GEMINI_USAGE }),
  modelVersion: model,
  responseId: callId ? 'gemini-1' : 'gemini-2',
});
export const GEMINI: ModelApi = {
  speaks: /:(?:generateContent|streamGenerateContent)$/,
  isTold: ({ body }) => listOf(listOf(body['contents']).at(-1)?.['parts']).some((part) => 'functionResponse' in part),
  isStreamed: ({ path }) => path.endsWith(':streamGenerateContent'),
  whole: (said) => geminiAnswer(said),
  pieces: (said) =>
    said.text === null
      ? [{ data: geminiAnswer(said) }]
      : [
          { data: geminiAnswer({ ...said, text: 'It rains' }, false) },
          { data: geminiAnswer({ ...said, text: said.text.replace('It rains', '') }) },
        ],
};
