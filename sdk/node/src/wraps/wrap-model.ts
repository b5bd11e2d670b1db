import { type Client } from '../client';
import { type CallFields, type Usage } from '../event';
import { watch, type Watched } from './observe';
import {
  type Collector, countOf, type Fields, fieldsOf, type Finding, growText, listOf, nonEmpty, present, type Reader, textOf, textsIn,
} from './reading'; // prettier-ignore

/** Counts of the Vercel AI SDK: numbers until version 5, objects from 6 on. */
function usageOf(value: unknown): Usage | undefined {
  const usage = fieldsOf(value);
  const input = fieldsOf(usage['inputTokens']);
  const output = fieldsOf(usage['outputTokens']);
  return nonEmpty(
    present<Usage>({
      input_tokens: countOf(input['total'] ?? usage['inputTokens'] ?? usage['promptTokens']),
      output_tokens: countOf(output['total'] ?? usage['outputTokens'] ?? usage['completionTokens']),
      cache_read_tokens: countOf(input['cacheRead'] ?? usage['cachedInputTokens']),
      cache_write_tokens: countOf(input['cacheWrite']),
      reasoning_tokens: countOf(output['reasoning'] ?? usage['reasoningTokens']),
    }),
  );
}

function finding(body: Fields): Finding {
  const content = listOf(body['content']);
  const reason = textOf(body['finishReason']) ?? textOf(fieldsOf(body['finishReason'])['unified']);
  return {
    fields: present<CallFields>({
      response_model: textOf(fieldsOf(body['response'])['modelId']),
      usage: usageOf(body['usage']),
      finish_reasons: reason === undefined ? undefined : [reason],
      requested_tool_call_ids: textsIn(
        content.filter(({ type }) => type === 'tool-call'),
        'toolCallId',
      ),
    }),
    output: body['content'] ?? body['text'],
  };
}

function collect(): Collector {
  let text = '';
  let reasoning = '';
  let end: Fields = {};
  let response: Fields = {};
  const calls: Fields[] = [];
  return {
    take(piece) {
      const part = fieldsOf(piece);
      if (part['type'] === 'text-delta') text = growText(text, part['delta'] ?? part['textDelta']);
      if (part['type'] === 'reasoning-delta') reasoning = growText(reasoning, part['delta']);
      if (part['type'] === 'tool-call') calls.push(part);
      if (part['type'] === 'response-metadata') response = part;
      if (part['type'] === 'finish') end = part;
    },
    isToken: (piece) => /-delta$|^tool-call$/.test(String(fieldsOf(piece)['type'])),
    finding: () =>
      finding({
        ...end,
        response,
        content: [
          ...(reasoning ? [{ type: 'reasoning', text: reasoning }] : []),
          ...(text ? [{ type: 'text', text }] : []),
          ...calls,
        ],
      }),
  };
}

const readerOf = (model: Fields): Reader => ({
  kind: 'llm',
  request: (options) => ({
    fields: present<CallFields>({
      request_model: textOf(model['modelId']),
      request_max_tokens: countOf(options['maxOutputTokens'] ?? options['maxTokens']),
    }),
    input: options['prompt'],
  }),
  answer: finding,
  collect,
});

/** The stream that a model gave, passed on piece by piece. */
function watchedStream(source: ReadableStream<unknown>, watched: Watched): ReadableStream<unknown> {
  const collector = watched.collect();
  const reader = source.getReader();
  return new ReadableStream<unknown>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) {
          watched.found(() => collector.finding());
          controller.close();
          return;
        }
        const part = fieldsOf(value);
        if (part['type'] === 'error') watched.running.fail(part['error']);
        collector.take(value);
        controller.enqueue(value);
      } catch (error) {
        watched.failed(error);
        controller.error(error);
      }
    },
    async cancel(reason) {
      watched.found(() => collector.finding());
      await reader.cancel(reason);
    },
  });
}

/** A model of the Vercel AI SDK whose calls are recorded, for generateText, streamText and the like. */
export function wrapModelWith<T extends object>(getClient: () => Client, model: T): T {
  const fields = model as unknown as Fields;
  const reader = readerOf(fields);

  async function call(name: string, method: (...args: unknown[]) => unknown, args: unknown[]): Promise<unknown> {
    const provider = (textOf(fields['provider']) ?? 'unknown').split('.', 1)[0] ?? 'unknown';
    const watched = watch(getClient(), provider, reader, args[0]);
    try {
      const answer = await watched.running.run(() => method.apply(model, args));
      const { stream } = fieldsOf(answer);
      if (name === 'doStream' && stream instanceof ReadableStream)
        return { ...fieldsOf(answer), stream: watchedStream(stream, watched) };
      watched.found(() => reader.answer(fieldsOf(answer)));
      return answer;
    } catch (error) {
      watched.failed(error);
      throw error;
    }
  }

  return new Proxy(model, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const method = value as (...args: unknown[]) => unknown;
      if (name === 'doGenerate' || name === 'doStream') return (...args: unknown[]) => call(name, method, args);
      return method.bind(target);
    },
  });
}
