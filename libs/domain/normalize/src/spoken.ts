import { findMessages } from './messages/find-messages';
import { type Message, type Part } from './messages/message';

/** What a model reads or writes, taken apart into texts whose tokens can be counted. */
export interface Spoken {
  readonly texts: readonly string[];
  /** What it thought; not in `texts`. */
  readonly thoughts: readonly string[];
  /** Who speaks, one a message. */
  readonly roles: readonly string[];
  /** Of those who have one. */
  readonly names: readonly string[];
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

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length > 0 && a.length === b.length && a.every((text, i) => text === b[i]);

function spokenBy(messages: readonly Message[]): Spoken {
  const parts = messages.flatMap((message) => message.parts);
  const thoughts = parts.flatMap((part) => (part.type === 'reasoning' && 'content' in part ? [part.content] : []));
  return {
    texts: parts.flatMap(textsOf).map(plain).filter(Boolean),
    thoughts: thoughts.map(plain).filter(Boolean),
    roles: messages.map(({ role }) => role),
    names: messages.flatMap(({ name }) => name ?? []),
  };
}

/**
 * The texts in a call's input (`user`) or output (`assistant`), of whatever form: messages without their JSON, anything else as its JSON.
 * Some producers list the `answer` behind the messages it answers; it is not read then.
 */
export function spokenIn(content: unknown, role: 'user' | 'assistant', answer?: Spoken): Spoken {
  const messages = findMessages(content, role);
  const last = messages?.at(-1);
  if (messages && answer && last?.role === 'assistant' && isSame(spokenBy([last]).texts, answer.texts))
    return spokenBy(messages.slice(0, -1));
  if (messages) return spokenBy(messages);
  const text = plain(content);
  return { texts: text === '' ? [] : [text], thoughts: [], roles: text === '' ? [] : [role], names: [] };
}
