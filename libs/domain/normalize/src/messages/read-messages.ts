import { isRecord } from '@telltale/kernel';
import { parseJson } from '../parse-json';
import { type Message, type Part } from './message';
import { isUntypedPart, partOf, toolCallOf, toolResponse } from './parts';

type Fields = Readonly<Record<string, unknown>>;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const present = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

const ROLES: Readonly<Record<string, string>> = {
  system: 'system', developer: 'system', user: 'user', human: 'user', assistant: 'assistant', ai: 'assistant', model: 'assistant',
  tool: 'tool', function: 'tool', systemmessage: 'system', humanmessage: 'user', aimessage: 'assistant', aimessagechunk: 'assistant',
  toolmessage: 'tool', chatmessage: 'user', usermessage: 'user', assistantmessage: 'assistant',
  'gen_ai.system.message': 'system', 'gen_ai.user.message': 'user', 'gen_ai.assistant.message': 'assistant', 'gen_ai.tool.message': 'tool',
  'gen_ai.choice': 'assistant', 'system-prompt': 'system', 'user-prompt': 'user',
}; // prettier-ignore

/** LangChain's serialized form names the class in a list. */
const classOf = (message: Fields): string => {
  const path = Array.isArray(message['id']) && message['lc'] !== undefined ? (message['id'] as unknown[]) : [];
  return textOf(path.at(-1));
};

/** The role a message says it has; '' when it says none. A word nobody knows is a role too. */
function roleOf(message: Fields): string {
  const said = textOf(message['role']);
  if (said) return Object.hasOwn(ROLES, said.toLowerCase()) ? (ROLES[said.toLowerCase()] ?? said) : said;
  for (const word of [message['event.name'], message['type'], classOf(message), message['part_kind']]) {
    const name = textOf(word).toLowerCase();
    if (Object.hasOwn(ROLES, name)) return ROLES[name] ?? '';
  }
  return '';
}

/** Whether a value says itself whose message it is. */
export const hasRole = (value: Fields): boolean => roleOf(value) !== '';

/** Messages inside messages: OpenInference's, a choice's, LangChain's, Gemini's candidates. */
function unwrap(message: Fields, levels = 3): Fields {
  if (levels === 0) return message;
  const outer = { ...(message['finish_reason'] ? { finish_reason: message['finish_reason'] } : {}) };
  if (isRecord(message['message'])) return { role: roleOf(message), ...outer, ...unwrap(message['message'], levels - 1) };
  if (isRecord(message['kwargs']) && (message['lc'] !== undefined || message['id'] !== undefined))
    return { role: roleOf(message), ...message['kwargs'] };
  if (isRecord(message['data']) && typeof message['type'] === 'string') return { role: roleOf(message), ...message['data'] };
  if (isRecord(message['content']) && ('parts' in message['content'] || 'role' in message['content']))
    return { ...outer, ...message['content'] };
  return message;
}

function contentParts(content: unknown): Part[] {
  if (!present(content)) return [];
  if (Array.isArray(content)) return content.map(partOf);
  if (typeof content !== 'string') return [partOf(content)];
  const parsed = content.startsWith('[{') ? parseJson(content) : content;
  return Array.isArray(parsed) &&
    parsed.every((part) => isRecord(part) && (typeof part['type'] === 'string' || isUntypedPart(part)))
    ? parsed.map(partOf)
    : [{ type: 'text', content }];
}

function partsOf(message: Fields, role: string): Part[] {
  const said = [message['parts'], message['content'], message['contents'], message['text']].find(present);
  const callId =
    textOf(message['tool_call_id']) || textOf(message['toolCallId']) || (role === 'tool' ? textOf(message['id']) : '');
  const content = contentParts(said);
  const answers = content.some(({ type }) => type === 'tool_call_response');
  if (role === 'tool' && !answers) return [toolResponse(callId, said ?? message['response'] ?? '')];
  const reasoning = textOf(message['reasoning_content']) || textOf(message['reasoning']);
  const listed = Array.isArray(message['tool_calls']) ? (message['tool_calls'] as unknown[]) : [];
  const calls = [...(message['function_call'] ? [message['function_call']] : []), ...listed].flatMap((call): Part[] => {
    const part = toolCallOf(call);
    return part ? [part] : [];
  });
  const known = new Set(content.flatMap((part) => (part.type === 'tool_call' && 'id' in part ? [part.id] : [])));
  return [
    ...(reasoning ? [{ type: 'reasoning', content: reasoning } as const] : []),
    ...content,
    ...calls.filter((call) => !('id' in call) || !known.has(call.id)),
  ];
}

/** Items of OpenAI's Responses API that are messages without a role. */
const ITEM_ROLES: ReadonlyMap<string, string> = new Map([
  ['function_call', 'assistant'],
  ['reasoning', 'assistant'],
  ['function_call_output', 'tool'],
]);

/** One message in any form; null when the value is none. */
export function messageOf(value: unknown, fallbackRole = ''): Message | null {
  if (!isRecord(value)) return null;
  const item = ITEM_ROLES.get(textOf(value['type']));
  if (item && !value['role']) return { role: item, parts: [partOf(value)] };
  const message = unwrap(value);
  const role = roleOf(message) || roleOf(value) || (hasWords(message) ? fallbackRole : '');
  if (!role) return null;
  const finish = textOf(message['finish_reason']) || textOf(message['finishReason']) || textOf(value['finishReason']);
  const name = textOf(message['name']);
  return { role, parts: partsOf(message, role), ...(name ? { name } : {}), ...(finish ? { finish_reason: finish } : {}) };
}

const hasWords = (message: Fields): boolean =>
  ['content', 'parts', 'contents', 'text', 'tool_calls', 'function_call'].some((name) => present(message[name]));

/** A list of messages in any form, or the JSON of one; null when some of it is no message. */
export function messageList(value: unknown, fallbackRole = ''): Message[] | null {
  const list = parseJson(value);
  if (!Array.isArray(list) || list.length === 0) return null;
  const items = list.length === 1 && Array.isArray(list[0]) ? (list[0] as unknown[]) : (list as unknown[]);
  const messages: Message[] = [];
  for (const one of items) {
    const message = messageOf(parseJson(one), fallbackRole);
    if (!message) return null;
    messages.push(message);
  }
  return messages.length > 0 ? messages : null;
}
