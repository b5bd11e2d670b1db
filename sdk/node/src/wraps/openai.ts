import { type CallFields, type Usage } from '../event';
import {
  type Collector, countOf, type Fields, fieldsOf, type Finding, growText, listOf, nonEmpty, present, type Reader, textOf, textsIn,
} from './reading'; // prettier-ignore

function usageOf(value: unknown): Usage | undefined {
  const usage = fieldsOf(value);
  const input = fieldsOf(usage['prompt_tokens_details'] ?? usage['input_tokens_details']);
  const output = fieldsOf(usage['completion_tokens_details'] ?? usage['output_tokens_details']);
  return nonEmpty(
    present<Usage>({
      input_tokens: countOf(usage['prompt_tokens'] ?? usage['input_tokens']),
      output_tokens: countOf(usage['completion_tokens'] ?? usage['output_tokens']),
      cache_read_tokens: countOf(input['cached_tokens']),
      input_audio_tokens: countOf(input['audio_tokens']),
      reasoning_tokens: countOf(output['reasoning_tokens']),
      output_audio_tokens: countOf(output['audio_tokens']),
    }),
  );
}

const commonOf = (body: Fields): CallFields =>
  present<CallFields>({
    response_model: textOf(body['model']),
    usage: usageOf(body['usage']),
    service_tier: textOf(body['service_tier']),
  });

function chatFinding(body: Fields): Finding {
  const choices = listOf(body['choices']);
  const messages = choices.map((choice) => fieldsOf(choice['message']));
  const calls = messages.flatMap((message) => listOf(message['tool_calls']));
  return {
    fields: {
      ...commonOf(body),
      ...present<CallFields>({
        finish_reasons: textsIn(choices, 'finish_reason'),
        requested_tool_call_ids: textsIn(calls, 'id'),
      }),
    },
    output: messages.length === 1 ? messages[0] : messages,
  };
}

interface StreamedChoice {
  role: string;
  content: string;
  refusal: string;
  finish: unknown;
  readonly calls: Map<number, { id: string; name: string; arguments: string }>;
}

/** Chunks of a chat completion become the completion that they are pieces of. */
function collectChat(): Collector {
  const choices = new Map<number, StreamedChoice>();
  let last: Record<string, unknown> = {};

  function takeChoice(piece: Fields): void {
    const index = countOf(piece['index']) ?? 0;
    let choice = choices.get(index);
    if (choice === undefined) {
      choice = { role: 'assistant', content: '', refusal: '', finish: undefined, calls: new Map() };
      choices.set(index, choice);
    }
    const delta = fieldsOf(piece['delta']);
    choice.content = growText(choice.content, delta['content']);
    choice.refusal = growText(choice.refusal, delta['refusal']);
    choice.finish = piece['finish_reason'] ?? choice.finish;
    for (const part of listOf(delta['tool_calls'])) {
      const at = countOf(part['index']) ?? 0;
      const call = choice.calls.get(at) ?? { id: '', name: '', arguments: '' };
      const called = fieldsOf(part['function']);
      call.id = textOf(part['id']) ?? call.id;
      call.name = growText(call.name, called['name']);
      call.arguments = growText(call.arguments, called['arguments']);
      choice.calls.set(at, call);
    }
  }

  const messageOf = ({ role, content, refusal, calls }: StreamedChoice): Fields => ({
    role,
    content: content === '' ? null : content,
    ...(refusal ? { refusal } : {}),
    ...(calls.size > 0
      ? { tool_calls: [...calls.values()].map(({ id, ...called }) => ({ id, type: 'function', function: called })) }
      : {}),
  });

  return {
    take(piece) {
      const chunk = fieldsOf(piece);
      // The usage comes in a chunk of its own.
      last = { ...last, ...present<Record<string, unknown>>({ model: chunk['model'], service_tier: chunk['service_tier'] ?? undefined, usage: chunk['usage'] ?? undefined }) }; // prettier-ignore
      for (const choice of listOf(chunk['choices'])) takeChoice(choice);
    },
    isToken: (piece) =>
      listOf(fieldsOf(piece)['choices']).some((choice) => {
        const { content, refusal, tool_calls: calls } = fieldsOf(choice['delta']);
        return textOf(content) !== undefined || textOf(refusal) !== undefined || listOf(calls).length > 0;
      }),
    finding: () =>
      chatFinding({
        ...last,
        choices: [...choices.values()].map((choice) => ({ message: messageOf(choice), finish_reason: choice.finish })),
      }),
  };
}

export const openAiChat: Reader = {
  kind: 'llm',
  request: (body) => ({
    fields: present<CallFields>({
      request_model: textOf(body['model']),
      request_max_tokens: countOf(body['max_completion_tokens'] ?? body['max_tokens']),
    }),
    input: body['messages'],
  }),
  answer: chatFinding,
  collect: collectChat,
};

function responseFinding(body: Fields): Finding {
  const output = listOf(body['output']);
  const calls = output.filter((item) => item['type'] === 'function_call');
  const reason = textOf(fieldsOf(body['incomplete_details'])['reason']) ?? textOf(body['status']);
  return {
    fields: {
      ...commonOf(body),
      ...present<CallFields>({
        requested_tool_call_ids: textsIn(calls, 'call_id'),
        finish_reasons: reason === undefined ? undefined : [reason],
      }),
    },
    output: body['output'],
  };
}

function collectResponse(): Collector {
  let whole: Fields = {};
  let text = '';
  return {
    take(piece) {
      const event = fieldsOf(piece);
      if (event['response'] !== undefined) whole = fieldsOf(event['response']);
      if (event['type'] === 'response.output_text.delta') text = growText(text, event['delta']);
    },
    isToken: (piece) => textOf(fieldsOf(piece)['type'])?.endsWith('.delta') === true,
    finding() {
      const found = responseFinding(whole);
      // Where it was given up before its end, what came until then.
      return listOf(found.output).length > 0 || text === '' ? found : { ...found, output: text };
    },
  };
}

export const openAiResponses: Reader = {
  kind: 'llm',
  request: (body) => ({
    fields: present<CallFields>({
      request_model: textOf(body['model']),
      request_max_tokens: countOf(body['max_output_tokens']),
    }),
    input: body['instructions'] === undefined ? body['input'] : { instructions: body['instructions'], input: body['input'] },
  }),
  answer: responseFinding,
  collect: collectResponse,
};

export const openAiEmbeddings: Reader = {
  kind: 'embedding',
  request: (body) => ({ fields: present<CallFields>({ request_model: textOf(body['model']) }), input: body['input'] }),
  // Vectors are not kept.
  answer: (body) => ({ fields: commonOf(body) }),
  collect: () => ({ take: () => undefined, isToken: () => false, finding: () => ({ fields: {} }) }),
};
