import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import {
  ANTHROPIC,
  type Asked,
  GEMINI,
  type ModelApi,
  OPENAI_CHAT,
  OPENAI_EMBEDDINGS,
  OPENAI_RESPONSES,
  type Said,
} from './model-answers';

const APIS = [OPENAI_CHAT, OPENAI_RESPONSES, OPENAI_EMBEDDINGS, ANTHROPIC, GEMINI];
/** Between the pieces of a streamed answer, so that its first word comes later than the call and earlier than the answer. */
const PAUSE_MS = 15;
/** What each provider answers under when it is asked for a model by its short name. */
const DATED: Readonly<Record<string, string>> = { 'gpt-4o-mini': 'gpt-4o-mini-2024-07-18' };

/** Asked for this model, every provider says that there is none. */
const UNKNOWN_MODEL = 'no-such-model';
const NO_SUCH_MODEL = JSON.stringify({
  type: 'error',
  error: { type: 'not_found_error', code: 'model_not_found', message: `there is no model ${UNKNOWN_MODEL}` },
});

export const ANSWER = 'It rains in Oslo.';

const readAll = async (chunks: AsyncIterable<Uint8Array>): Promise<string> => {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all).toString();
};

const modelIn = ({ body, path }: Asked): string => {
  const asked = typeof body['model'] === 'string' ? body['model'] : (/models\/([^:]+):/.exec(path)?.[1] ?? '');
  return DATED[asked] ?? asked;
};

async function stream(response: ServerResponse, api: ModelApi, said: Said, asked: Asked): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const { event, data } of api.pieces(said, asked)) {
    await after(PAUSE_MS);
    const line = data === '[DONE]' ? data : JSON.stringify(data);
    response.write(`${event ? `event: ${event}\n` : ''}data: ${line}\n\n`);
  }
  response.end();
}

async function answer(path: string, text: string, response: ServerResponse): Promise<void> {
  const api = APIS.find(({ speaks }) => speaks.test(path));
  if (!api) return void response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":{"message":"no such API"}}');
  const body = JSON.parse(text) as Record<string, unknown>;
  const asked: Asked = { body, path, isStreamed: api.isStreamed({ body, path, isStreamed: false }) };
  if (modelIn(asked) === UNKNOWN_MODEL) return void response.writeHead(404, { 'content-type': 'application/json' }).end(NO_SUCH_MODEL);
  const callId = asked.isStreamed ? 'call_weather_2' : 'call_weather_1';
  const isTold = api.isTold(asked) || body['tools'] === undefined;
  const said: Said = { callId: isTold ? null : callId, text: isTold ? ANSWER : null, model: modelIn(asked) };
  if (asked.isStreamed) return stream(response, api, said, asked);
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(api.whole(said, asked)));
} // prettier-ignore

/**
 * A model that speaks OpenAI's chat completions, Responses and embeddings, Anthropic's messages and Gemini's generateContent, whole and streamed:
 * it asks for the weather until it has it, if it has a tool for that, then it answers.
 */
export async function startFakeModel(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://model').pathname;
    void readAll(request)
      .then((text) => answer(path, text, response))
      .catch((error: unknown) => response.writeHead(400).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
