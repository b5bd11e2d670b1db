import { isDeeperThan, isRecord } from '@telltale/kernel';
import { type Conversation, type Ending, keptOf, MAX_STEPS, type Step, type ToolCall } from './conversation';

type Message = Readonly<Record<string, unknown>>;

const MAX_TEXT = 40_000;
const MAX_JSON = 200_000;
const MAX_DEPTH = 32;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** JSON in a text; undefined where it is none, or is too large or deep to be looked into. */
export function jsonIn(text: string): unknown {
  const start = text.trimStart().charAt(0);
  if ((start !== '{' && start !== '[') || text.length > MAX_JSON || isDeeperThan(text, MAX_DEPTH)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export const argsOf = (value: unknown): unknown => (typeof value === 'string' ? (jsonIn(value) ?? value) : value);

const SAYS_ERROR = /^\s*(?:error|exception|traceback|failed|failure)\b/i;
/** Whether the result of a tool says that it failed. */
export function saysError(text: string, value: unknown): boolean {
  if (isRecord(value)) return Boolean(value['error'] ?? value['is_error'] ?? value['isError']);
  return SAYS_ERROR.test(text);
}

const partsOf = (message: Message): readonly Message[] =>
  [message['parts'], message['content']].flatMap((list) => (Array.isArray(list) ? list.filter(isRecord) : []));

/** The text of a message whose content is text or a list of parts. */
export function messageText(message: Message): string {
  const { content } = message;
  const texts = typeof content === 'string' ? [content] : partsOf(message).flatMap((part) => (part['type'] === 'text' ? [textOf(part['text'] ?? part['content'])] : [])); // prettier-ignore
  return texts.join('\n').slice(0, MAX_TEXT);
}

export interface MadeCall {
  readonly id: string;
  readonly tool: string;
  readonly args: unknown;
}

/** Calls that a message makes: of OpenAI's two forms, Anthropic's, and OpenTelemetry's parts. */
export function madeCalls(message: Message): MadeCall[] {
  const listed = Array.isArray(message['tool_calls']) ? message['tool_calls'].filter(isRecord) : [];
  const single = isRecord(message['function_call']) ? [{ function: message['function_call'] } as Message] : [];
  const ofLists = [...single, ...listed].map((call: Message) => {
    const callee = isRecord(call['function']) ? call['function'] : isRecord(call['custom']) ? call['custom'] : call;
    return { id: textOf(call['id']), tool: textOf(callee['name']), args: argsOf(callee['arguments'] ?? callee['input']) };
  });
  const ofParts = partsOf(message).flatMap((part) =>
    part['type'] === 'tool_call' || part['type'] === 'tool_use'
      ? [{ id: textOf(part['id']), tool: textOf(part['name']), args: argsOf(part['arguments'] ?? part['input']) }]
      : [],
  );
  return [...ofLists, ...ofParts];
}

interface ToolResult {
  readonly id: string;
  readonly text: string;
  readonly failed: boolean;
}

const asText = (value: unknown): string =>
  (typeof value === 'string' ? value : isRecord(value) || Array.isArray(value) ? JSON.stringify(value) : '').slice(0, MAX_JSON);

/** What tools answered in a message. */
export function resultsIn(message: Message): ToolResult[] {
  const ofParts = partsOf(message).flatMap((part) =>
    part['type'] === 'tool_result' || part['type'] === 'tool_call_response'
      ? [{ id: textOf(part['tool_use_id'] ?? part['id']), text: resultText(part['content'] ?? part['response'] ?? part['result']), failed: part['is_error'] === true }]
      : [],
  ); // prettier-ignore
  if (ofParts.length > 0) return ofParts;
  if (message['role'] !== 'tool' && message['role'] !== 'function') return [];
  return [{ id: textOf(message['tool_call_id']), text: resultText(message['content']), failed: message['is_error'] === true }];
}

const resultText = (content: unknown): string =>
  Array.isArray(content) && content.some((part) => isRecord(part) && part['type'] === 'text')
    ? messageText({ content })
    : asText(content);

const roleOf = (message: Message): Step['role'] => {
  if (resultsIn(message).length > 0) return 'tool';
  const { role } = message;
  if (role === 'user' || role === 'human') return 'user';
  return role === 'system' || role === 'developer' ? 'system' : 'assistant';
};

/** A call with what the tool answered; without an answer it neither worked nor failed. */
export function callWith(step: number, { tool, args }: MadeCall, answer: { readonly text: string; readonly failed: boolean } | undefined, eventId = ''): ToolCall {
  const text = answer?.text ?? '';
  const value = jsonIn(text);
  const failed = answer !== undefined && (answer.failed || saysError(text, value));
  return { step, tool, args, result: text, value, failed, error: failed ? text.slice(0, 500) : '', eventId };
} // prettier-ignore

/** Messages of a chat as steps: each call with its answer, joined by id, else by order. The index of a step is that of its message. */
export function stepsOf(messages: readonly unknown[]): Step[] {
  const list = messages.slice(0, MAX_STEPS).map((message): Message => (isRecord(message) ? message : {}));
  const answers = list.map(resultsIn);
  const taken = new Set<ToolResult>();
  return list.map((message, index) => {
    const following: ToolResult[] = [];
    for (let next = index + 1; next < list.length && (answers[next] ?? []).length > 0; next++)
      following.push(...(answers[next] ?? []));
    const calls = madeCalls(message).map((call) => {
      const open = following.filter((answer) => !taken.has(answer));
      const answer = open.find(({ id }) => id !== '' && id === call.id) ?? open.find(({ id }) => id === '' || call.id === '');
      if (answer) taken.add(answer);
      return callWith(index, call, answer);
    });
    const role = roleOf(message);
    return { index, role, text: role === 'tool' ? '' : keptOf(role, messageText(message)), calls, error: '', eventId: '' };
  });
}

export const conversationOf = (id: string, messages: readonly unknown[], ending: Ending): Conversation => ({
  id,
  steps: stepsOf(messages),
  ending,
});
