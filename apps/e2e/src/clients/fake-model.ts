import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';

const TOOL_CALL = { id: 'call_weather_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } };
const USAGE = {
  prompt_tokens: 100,
  completion_tokens: 20,
  total_tokens: 120,
  prompt_tokens_details: { cached_tokens: 40 },
  completion_tokens_details: { reasoning_tokens: 5 },
};

const readAll = async (chunks: AsyncIterable<Uint8Array>): Promise<string> => {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all).toString();
};

/** A model that speaks OpenAI's chat completions: it asks for the weather until it has it, then it answers. */
export async function startFakeModel(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    void readAll(request).then((text) => {
      const { messages } = JSON.parse(text) as { messages: { role: string }[] };
      const isTold = messages.some(({ role }) => role === 'tool');
      const message = isTold
        ? { role: 'assistant', content: 'It rains in Oslo.' }
        : { role: 'assistant', content: null, tool_calls: [TOOL_CALL] };
      const body = {
        id: isTold ? 'chatcmpl-2' : 'chatcmpl-1',
        object: 'chat.completion',
        created: 1_764_000_000,
        model: 'gpt-4o-mini-2024-07-18',
        choices: [{ index: 0, message, finish_reason: isTold ? 'stop' : 'tool_calls', logprobs: null }],
        usage: USAGE,
      };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
