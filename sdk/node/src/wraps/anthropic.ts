import { type CallFields, type Usage } from '../event';
import {
  type Collector, countOf, type Fields, fieldsOf, type Finding, growText, listOf, nonEmpty, present, type Reader, textOf, textsIn,
} from './reading'; // prettier-ignore

/** Anthropic counts what a cache gave or took beside `input_tokens`; an event counts it within. */
function usageOf(value: unknown): Usage | undefined {
  const usage = fieldsOf(value);
  const own = countOf(usage['input_tokens']);
  const read = countOf(usage['cache_read_input_tokens']);
  const written = countOf(usage['cache_creation_input_tokens']);
  const forAnHour = countOf(fieldsOf(usage['cache_creation'])['ephemeral_1h_input_tokens']);
  return nonEmpty(
    present<Usage>({
      input_tokens: own === undefined ? undefined : own + (read ?? 0) + (written ?? 0),
      cache_read_tokens: read,
      cache_write_tokens: written === undefined ? undefined : Math.max(0, written - (forAnHour ?? 0)),
      cache_write_1h_tokens: forAnHour,
      output_tokens: countOf(usage['output_tokens']),
    }),
  );
}

function messageFinding(body: Fields): Finding {
  const content = listOf(body['content']);
  const stop = textOf(body['stop_reason']);
  return {
    fields: present<CallFields>({
      response_model: textOf(body['model']),
      usage: usageOf(body['usage']),
      service_tier: textOf(fieldsOf(body['usage'])['service_tier']),
      finish_reasons: stop === undefined ? undefined : [stop],
      requested_tool_call_ids: textsIn(
        content.filter(({ type }) => type === 'tool_use'),
        'id',
      ),
    }),
    output: { role: 'assistant', content: body['content'] },
  };
}

/** Events of a stream become the message that they are pieces of. */
function collectMessage(): Collector {
  let message: Record<string, unknown> = {};
  const blocks = new Map<number, Record<string, unknown>>();

  function takeDelta(block: Record<string, unknown>, delta: Fields): void {
    if (delta['type'] === 'text_delta') block['text'] = growText(String(block['text'] ?? ''), delta['text']);
    if (delta['type'] === 'thinking_delta') block['thinking'] = growText(String(block['thinking'] ?? ''), delta['thinking']);
    if (delta['type'] === 'input_json_delta') block['input'] = growText(typeof block['input'] === 'string' ? block['input'] : '', delta['partial_json']); // prettier-ignore
  }

  return {
    take(piece) {
      const event = fieldsOf(piece);
      const index = countOf(event['index']) ?? 0;
      if (event['type'] === 'message_start') message = { ...fieldsOf(event['message']) };
      if (event['type'] === 'content_block_start') blocks.set(index, { ...fieldsOf(event['content_block']) });
      if (event['type'] === 'content_block_delta') takeDelta(blocks.get(index) ?? {}, fieldsOf(event['delta']));
      if (event['type'] === 'message_delta') {
        const usage = Object.fromEntries(Object.entries(fieldsOf(event['usage'])).filter(([, count]) => count !== null));
        message = { ...message, ...fieldsOf(event['delta']), usage: { ...fieldsOf(message['usage']), ...usage } };
      }
    },
    isToken: (piece) => fieldsOf(piece)['type'] === 'content_block_delta',
    finding: () => messageFinding({ ...message, content: [...blocks.values()].map(parsedInput) }),
  };
}

/** The input of a tool comes as pieces of JSON. */
function parsedInput(block: Fields): Fields {
  if (block['type'] !== 'tool_use' || typeof block['input'] !== 'string') return block;
  try {
    return { ...block, input: JSON.parse(block['input']) as unknown };
  } catch {
    return block;
  }
}

export const anthropicMessages: Reader = {
  kind: 'llm',
  request: (body) => ({
    fields: present<CallFields>({ request_model: textOf(body['model']), request_max_tokens: countOf(body['max_tokens']) }),
    input: body['system'] === undefined ? body['messages'] : { system: body['system'], messages: body['messages'] },
  }),
  answer: messageFinding,
  collect: collectMessage,
};
