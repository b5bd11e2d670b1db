// An agent of one turn through the wraps of the Node SDK: it asks a model, which asks for the weather, and answers.
// Arguments: the client, and how it asks (whole, streamed, failing). Addresses and keys come from the variables that the clients read.
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import Anthropic from '@anthropic-ai/sdk';
import { init, shutdown, toolCall, turn, wrapAnthropic, wrapModel, wrapOpenAI } from '@telltale/sdk';
import { generateText, stepCountIs, streamText, tool } from 'ai';
import OpenAI from 'openai';
import { z } from 'zod';

const [, , name, how] = process.argv;
const isStreamed = how === 'streamed';
const OPENAI_MODEL = how === 'failing' ? 'no-such-model' : 'gpt-4o-mini';
const ANTHROPIC_MODEL = how === 'failing' ? 'no-such-model' : 'claude-sonnet-4-5';
const QUESTION = 'What is the weather in Oslo?';
const PARAMETERS = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const DESCRIPTION = 'The weather in a city.';

const weather = (call_id, args) =>
  toolCall({ name: 'weather', call_id, arguments: args }, async ({ city } = args) => JSON.stringify({ sky: 'rain', city }));

async function all(stream) {
  const pieces = [];
  for await (const piece of stream) pieces.push(piece);
  return pieces;
}

async function openaiChat() {
  const client = wrapOpenAI(new OpenAI());
  const messages = [{ role: 'user', content: QUESTION }];
  const tools = [{ type: 'function', function: { name: 'weather', description: DESCRIPTION, parameters: PARAMETERS } }];
  for (;;) {
    const request = { model: OPENAI_MODEL, messages, tools };
    let message;
    if (isStreamed) {
      const chunks = await all(
        await client.chat.completions.create({ ...request, stream: true, stream_options: { include_usage: true } }),
      );
      const deltas = chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta));
      const [first, ...rest] = deltas.flatMap(({ tool_calls: calls = [] }) => calls);
      message = { role: 'assistant', content: deltas.map(({ content }) => content ?? '').join('') };
      if (first)
        message.tool_calls = [
          {
            id: first.id,
            type: 'function',
            function: { name: 'weather', arguments: rest.map((part) => part.function.arguments).join('') },
          },
        ];
    } else message = (await client.chat.completions.create(request)).choices[0].message;
    messages.push(message);
    if (!message.tool_calls) return message.content;
    for (const { id, function: called } of message.tool_calls)
      messages.push({ role: 'tool', tool_call_id: id, content: await weather(id, JSON.parse(called.arguments)) });
  }
}

async function openaiResponses() {
  const client = wrapOpenAI(new OpenAI());
  const input = [{ role: 'user', content: QUESTION }];
  const tools = [{ type: 'function', name: 'weather', description: DESCRIPTION, parameters: PARAMETERS, strict: true }];
  for (;;) {
    const request = { model: OPENAI_MODEL, input, tools };
    const response = isStreamed
      ? (await all(await client.responses.create({ ...request, stream: true }))).at(-1).response
      : await client.responses.create(request);
    input.push(...response.output);
    const [item] = response.output;
    if (item.type !== 'function_call') return item.content[0].text;
    input.push({
      type: 'function_call_output',
      call_id: item.call_id,
      output: await weather(item.call_id, JSON.parse(item.arguments)),
    });
  }
}

async function anthropic() {
  const client = wrapAnthropic(new Anthropic());
  const messages = [{ role: 'user', content: QUESTION }];
  const tools = [{ name: 'weather', description: DESCRIPTION, input_schema: PARAMETERS }];
  for (;;) {
    const request = { model: ANTHROPIC_MODEL, max_tokens: 100, messages, tools };
    const { content } = isStreamed ? await client.messages.stream(request).finalMessage() : await client.messages.create(request);
    messages.push({ role: 'assistant', content });
    const [block] = content;
    if (block.type !== 'tool_use') return block.text;
    messages.push({
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: block.id, content: await weather(block.id, block.input) }],
    });
  }
}

async function vercel(model) {
  const execute = (args, { toolCallId }) => weather(toolCallId, args);
  const tools = { weather: tool({ description: DESCRIPTION, inputSchema: z.object({ city: z.string() }), execute }) };
  const request = { model: wrapModel(model), prompt: QUESTION, tools, stopWhen: stepCountIs(3) };
  if (!isStreamed) return (await generateText(request)).text;
  const stream = streamText(request);
  return (await all(stream.textStream)).join('');
}

const CLIENTS = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  anthropic,
  'vercel-openai-chat': () => vercel(createOpenAI().chat(OPENAI_MODEL)),
  'vercel-openai-responses': () => vercel(createOpenAI().responses(OPENAI_MODEL)),
  'vercel-anthropic': () => vercel(createAnthropic()(ANTHROPIC_MODEL)),
};

init({ service: `${name}-${how}` });
try {
  console.log(await turn({ name: 'answer', session_id: 'ses-1', input: QUESTION }, CLIENTS[name]));
} catch (error) {
  console.log(`failed: ${error.name}`);
}
await shutdown(5_000);
