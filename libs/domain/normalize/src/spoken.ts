import { findMessages } from './messages/find-messages';
import { type Message, type Part } from './messages/message';

/** What a model reads or writes, taken apart into texts whose tokens can be counted. */
export interface Spoken {
  readonly texts: readonly string[];
  /** What it thought; not in `texts`. */
  readonly thoughts: readonly string[];
  /** Who speaks, one a message. */
  readonly roles: readonly string[];
}

const plain = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);

/** Images, sound and parts that nobody knows have no text: what they cost is not in their characters. */
function textsOf(part: Part): readonly unknown[] {
  const { content, name, arguments: args, response } = part as Readonly<Record<string, unknown>>;
  if (part.type === 'text') return [content];
  if (part.type === 'tool_call') return [name, args];
  return part.type === 'tool_call_response' ? [response] : [];
}

function spokenBy(messages: readonly Message[]): Spoken {
  const parts = messages.flatMap((message) => message.parts);
  const thoughts = parts.flatMap((part) => (part.type === 'reasoning' && 'content' in part ? [part.content] : []));
  return {
    texts: parts.flatMap(textsOf).map(plain).filter(Boolean),
    thoughts: thoughts.map(plain).filter(Boolean),
    roles: messages.map(({ role }) => role),
  };
}

/** The texts in a call's input (`user`) or output (`assistant`), of whatever form: messages without their JSON, anything else as its JSON. */
export function spokenIn(content: unknown, role: 'user' | 'assistant'): Spoken {
  const messages = findMessages(content, role);
  if (messages) return spokenBy(messages);
  const text = plain(content);
  return { texts: text === '' ? [] : [text], thoughts: [], roles: text === '' ? [] : [role] };
}
