import { newTestSdk, type SentEvent, type TestSdk } from '../gateway.fixture';
import { wrapAnthropicWith, wrapOpenAIWith } from './wrap-clients';
import { wrapModelWith } from './wrap-model';

let sdk: TestSdk;
beforeEach(async () => {
  sdk = await newTestSdk({ control: false });
});
afterEach(() => sdk.close());

/** The promise of the real clients: it reads the answer only when it is asked for it. */
class TestApiPromise<T> extends Promise<T> {
  private parsed: Promise<T> | undefined;
  constructor(
    private readonly response: Promise<unknown>,
    private readonly read: () => Promise<T>,
  ) {
    super((resolve) => resolve(null as T));
  }
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }
  _thenUnwrap<U>(transform: (data: T) => U): TestApiPromise<U> {
    return new TestApiPromise(this.response, async () => transform(await this.read()));
  }
  asResponse(): Promise<unknown> {
    return this.response;
  }
  async withResponse(): Promise<{ data: T; response: unknown }> {
    const [data, response] = await Promise.all([this.parse(), this.asResponse()]);
    return { data, response };
  }
  parse(): Promise<T> {
    return (this.parsed ??= this.response.then(() => this.read()));
  }
  override then: Promise<T>['then'] = (done, failed) => this.parse().then(done, failed);
}

/** The stream of the real clients. */
class TestStream {
  constructor(private iterator: () => AsyncIterator<unknown>) {}
  [Symbol.asyncIterator](): AsyncIterator<unknown> {
    return this.iterator();
  }
}
const streamOf = (...chunks: unknown[]): TestStream =>
  new TestStream(async function* () {
    for (const chunk of chunks) {
      await Promise.resolve();
      if (chunk instanceof Error) throw chunk;
      yield chunk;
    }
  });

/** Reads a stream, to its end or as many pieces as are wanted. */
async function drain(stream: unknown, most = Infinity): Promise<unknown[]> {
  const seen: unknown[] = [];
  for await (const piece of stream as AsyncIterable<unknown>) if (seen.push(piece) >= most) break;
  return seen;
}

const answer = <T>(data: T): TestApiPromise<T> => new TestApiPromise(Promise.resolve('response'), () => Promise.resolve(data));
const refusal = (error: Error): TestApiPromise<never> =>
  new TestApiPromise<never>(Promise.reject(error), () => Promise.reject(error));

type Create = (body: object) => TestApiPromise<unknown>;
const openAi = (create: Create, responses: Create = create) =>
  wrapOpenAIWith(() => sdk.client, { chat: { completions: { create } }, responses: { create: responses } });
const anthropic = (create: Create) => wrapAnthropicWith(() => sdk.client, { messages: { create } });
const only = async (): Promise<SentEvent | undefined> => (await sdk.sent()).find(({ kind }) => kind === 'llm');

const COMPLETION = {
  model: 'gpt-5-1',
  choices: [{ message: { role: 'assistant', content: null, tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }] }, finish_reason: 'tool_calls' }],
  usage: { prompt_tokens: 9, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 4 }, completion_tokens_details: { reasoning_tokens: 2 } },
}; // prettier-ignore
const REQUEST = { model: 'gpt-5', messages: [{ role: 'user', content: 'hi' }], max_tokens: 7 };

describe('OpenAI', () => {
  it('a completion is recorded with its usage, messages and calls of tools', async () => {
    expect(await openAi(() => answer(COMPLETION)).chat.completions.create(REQUEST)).toBe(COMPLETION);
    expect(await only()).toMatchObject({
      kind: 'llm', name: 'chat gpt-5', provider: 'openai', status: 'ok', request_model: 'gpt-5', response_model: 'gpt-5-1', request_max_tokens: 7,
      usage: { input_tokens: 9, output_tokens: 5, cache_read_tokens: 4, reasoning_tokens: 2 }, finish_reasons: ['tool_calls'], requested_tool_call_ids: ['c1'],
      input: REQUEST.messages, output: COMPLETION.choices[0]?.message,
    }); // prettier-ignore
  });

  it('a stream is recorded as the completion that it is pieces of, with its first token', async () => {
    const chunks = [
      { model: 'gpt-5-1', choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] },
      { model: 'gpt-5-1', choices: [{ index: 0, delta: { content: 'Hel' } }] },
      { model: 'gpt-5-1', choices: [{ index: 0, delta: { content: 'lo', tool_calls: [{ index: 0, id: 'c1', function: { name: 'f', arguments: '{"a"' } }] } }] },
      { model: 'gpt-5-1', choices: [{ index: 0, delta: { tool_calls: [{ index: 0, function: { arguments: ':1}' } }] }, finish_reason: 'tool_calls' }] },
      { model: 'gpt-5-1', choices: [], usage: { prompt_tokens: 3, completion_tokens: 4 } },
    ]; // prettier-ignore
    const stream = (await openAi(() => answer(streamOf(...chunks))).chat.completions.create(REQUEST)) as TestStream;
    const seen: unknown[] = [];
    for await (const chunk of stream) seen.push(chunk);
    expect(seen).toEqual(chunks);
    const event = await only();
    expect(event).toMatchObject({
      usage: { input_tokens: 3, output_tokens: 4 }, finish_reasons: ['tool_calls'], requested_tool_call_ids: ['c1'],
      output: { role: 'assistant', content: 'Hello', tool_calls: [{ id: 'c1', function: { name: 'f', arguments: '{"a":1}' } }] },
    }); // prettier-ignore
    expect(event?.time_to_first_token_ms).toBeGreaterThan(0);
    expect(event?.time_to_first_token_ms).toBeLessThanOrEqual(event?.duration_ms ?? 0);
  });

  it('a stream that nobody wants more of, or that breaks, is recorded as far as it came', async () => {
    const chunk = { choices: [{ index: 0, delta: { content: 'Hel' } }] };
    const client = openAi(() => answer(streamOf(chunk, new Error('cut'))));
    await drain(await client.chat.completions.create(REQUEST), 1);
    await expect(drain(await client.chat.completions.create(REQUEST))).rejects.toThrow('cut');
    expect((await sdk.sent()).map(({ status, output, error }) => [status, output, error?.message])).toEqual([
      ['ok', { role: 'assistant', content: 'Hel' }, undefined],
      ['error', { role: 'assistant', content: 'Hel' }, 'cut'],
    ]);
  });

  it('a refused call fails with the error of the client, which sees it too', async () => {
    const error = new RangeError('429');
    await expect(openAi(() => refusal(error)).chat.completions.create(REQUEST)).rejects.toBe(error);
    expect(await only()).toMatchObject({ status: 'error', error: { type: 'RangeError', message: '429' } });
  });

  it('a call keeps what its promise offers', async () => {
    const client = openAi(() => answer(COMPLETION));
    expect(await client.chat.completions.create(REQUEST).withResponse()).toEqual({ data: COMPLETION, response: 'response' });
    expect(await client.chat.completions.create(REQUEST).asResponse()).toBe('response');
    expect(await client.chat.completions.create(REQUEST)._thenUnwrap(() => 'parsed')).toBe('parsed');
    const usages = (await sdk.sent()).map(({ usage }) => usage?.output_tokens);
    expect(usages).toEqual([5, undefined, 5]);
  });

  it('a response is recorded, streamed or not', async () => {
    const response = { model: 'gpt-5-1', status: 'completed', output: [{ type: 'function_call', call_id: 'k1' }], usage: { input_tokens: 4, output_tokens: 6, output_tokens_details: { reasoning_tokens: 1 } } }; // prettier-ignore
    const events = [{ type: 'response.created', response: {} }, { type: 'response.output_text.delta', delta: 'H' }, { type: 'response.completed', response }]; // prettier-ignore
    const create: Create = (body) => answer('stream' in body ? streamOf(...events) : response);
    const client = openAi(create);
    await client.responses.create({ model: 'gpt-5', input: 'hi', instructions: 'be kind' });
    await drain(await client.responses.create({ model: 'gpt-5', input: 'hi', stream: true }));
    const [plain, streamed] = await sdk.sent();
    const found = { usage: { input_tokens: 4, output_tokens: 6, reasoning_tokens: 1 }, requested_tool_call_ids: ['k1'], finish_reasons: ['completed'], output: response.output }; // prettier-ignore
    expect(plain).toMatchObject({ ...found, input: { instructions: 'be kind', input: 'hi' } });
    expect(streamed).toMatchObject({ ...found, input: 'hi' });
  });

  it('is wrapped once, however often, and where a method is missing left as it is', async () => {
    const client = wrapOpenAIWith(
      () => sdk.client,
      openAi(() => answer(COMPLETION)),
    );
    await client.chat.completions.create(REQUEST);
    expect(await sdk.sent()).toHaveLength(1);
    const other = { chat: {} };
    expect(wrapOpenAIWith(() => sdk.client, other)).toBe(other);
  });

  it('works the same, whatever it is given and answers', async () => {
    const odd = openAi((body) => answer(body === null ? null : 7));
    expect(await odd.chat.completions.create(null as unknown as object)).toBeNull();
    expect(await odd.chat.completions.create([])).toBe(7);
    expect((await sdk.sent()).map(({ status }) => status)).toEqual(['ok', 'ok']);
  });
});

describe('Anthropic', () => {
  const usage = { input_tokens: 5, cache_read_input_tokens: 10, cache_creation_input_tokens: 4, cache_creation: { ephemeral_1h_input_tokens: 3 } }; // prettier-ignore
  const content = [{ type: 'text', text: 'Hi' }, { type: 'tool_use', id: 't1', name: 'f', input: { a: 1 } }]; // prettier-ignore
  const expected = {
    provider: 'anthropic', response_model: 'claude-1', finish_reasons: ['tool_use'], requested_tool_call_ids: ['t1'], output: { role: 'assistant', content },
    usage: { input_tokens: 19, cache_read_tokens: 10, cache_write_tokens: 1, cache_write_1h_tokens: 3, output_tokens: 7 },
  }; // prettier-ignore

  it('a message is recorded with its usage, cached input included', async () => {
    const message = { model: 'claude-1', content, stop_reason: 'tool_use', usage: { ...usage, output_tokens: 7 } };
    await anthropic(() => answer(message)).messages.create({ model: 'claude', system: 'be kind', messages: [], max_tokens: 9 });
    expect(await only()).toMatchObject({ ...expected, request_max_tokens: 9, input: { system: 'be kind', messages: [] } });
  });

  it('a stream is recorded as the message that it is pieces of', async () => {
    const events = [
      {
        type: 'message_start',
        message: { model: 'claude-1', content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } },
      },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hi' } },
      { type: 'content_block_start', index: 1, content_block: { type: 'tool_use', id: 't1', name: 'f', input: {} } },
      { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{"a"' } },
      { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: ':1}' } },
      { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 7, input_tokens: null } },
      { type: 'message_stop' },
    ];
    const stream = await anthropic(() => answer(streamOf(...events))).messages.create({ model: 'claude', messages: [] });
    await drain(stream);
    const event = await only();
    expect(event).toMatchObject(expected);
    expect(event?.time_to_first_token_ms).toBeGreaterThan(0);
  });
});

describe('a model of the Vercel AI SDK', () => {
  const usages = [
    ['6', { inputTokens: { total: 5, cacheRead: 2 }, outputTokens: { total: 7, reasoning: 3 } }],
    ['5', { inputTokens: 5, cachedInputTokens: 2, outputTokens: 7, reasoningTokens: 3 }],
  ] as const;
  const expected = { kind: 'llm', name: 'chat m', provider: 'openai', response_model: 'm-1', usage: { input_tokens: 5, output_tokens: 7, cache_read_tokens: 2, reasoning_tokens: 3 }, requested_tool_call_ids: ['c1'], finish_reasons: ['tool-calls'] }; // prettier-ignore
  const call = { type: 'tool-call', toolCallId: 'c1', toolName: 'f', input: '{}' };

  it.each(usages)('is recorded in version %s, whole and streamed', async (_, usage) => {
    const parts = [{ type: 'response-metadata', modelId: 'm-1' }, { type: 'text-delta', id: '1', delta: 'Yo' }, call, { type: 'finish', finishReason: 'tool-calls', usage }]; // prettier-ignore
    class Model {
      readonly #secret = 'kept';
      readonly asked: object[] = [];
      readonly modelId = 'm';
      readonly provider = 'openai.chat';
      secret = (): string => this.#secret;
      doGenerate(options: object) {
        this.asked.push(options);
        const content = [{ type: 'text', text: 'Yo' }, call];
        return Promise.resolve({ content, finishReason: { unified: 'tool-calls' }, usage, response: { modelId: 'm-1' } });
      }
      doStream(options: object) {
        this.asked.push(options);
        const stream = new ReadableStream({ start: (to) => { for (const part of parts) to.enqueue(part); to.close(); } }); // prettier-ignore
        return Promise.resolve({ stream, request: 1 });
      }
    }
    const model = wrapModelWith(() => sdk.client, new Model());
    await model.doGenerate({ prompt: 'hi', maxOutputTokens: 3 });
    const { stream, request } = await model.doStream({ prompt: 'hi' });
    const seen: unknown[] = [];
    for await (const part of stream) seen.push(part);
    expect([seen, request, model.secret()]).toEqual([parts, 1, 'kept']);
    const [whole, streamed] = await sdk.sent();
    expect(whole).toMatchObject({
      ...expected,
      request_max_tokens: 3,
      input: 'hi',
      output: [{ type: 'text', text: 'Yo' }, call],
    });
    expect(streamed).toMatchObject({ ...expected, output: [{ type: 'text', text: 'Yo' }, call] });
  });

  it('fails as it fails', async () => {
    const model = wrapModelWith(() => sdk.client, { modelId: 'm', doGenerate: () => Promise.reject(new Error('no')) });
    await expect(model.doGenerate()).rejects.toThrow('no');
    expect(await only()).toMatchObject({ status: 'error', provider: 'unknown', error: { message: 'no' } });
  });
});
