/** A message of a conversation, as the page shows it. */
export interface Message {
  readonly role: string;
  readonly text: string;
  /** Names of the tools that it asks for. */
  readonly calls: readonly string[];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The text of a message's content: a text, or parts of which some are texts. */
function contentOf({ content, parts, text }: Record<string, unknown>): string {
  const value = content ?? parts ?? text;
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return value === undefined || value === null ? '' : JSON.stringify(value);
  return value
    .map((part) => (isObject(part) ? textOf(part['text'] ?? part['content']) : textOf(part)))
    .filter((part) => part !== '')
    .join('\n');
}

function callsOf({ tool_calls: calls, parts, content }: Record<string, unknown>): string[] {
  const all = [calls, parts, content].filter(Array.isArray).flat().filter(isObject);
  return all.flatMap((call) => {
    const called = isObject(call['function'])
      ? call['function']['name']
      : call['type'] === 'tool_call' || call['type'] === 'tool_use'
        ? call['name']
        : undefined;
    return typeof called === 'string' ? [called] : [];
  });
}

/** The messages in what an operation was given or gave: a list of messages as JSON, or any other text as one. */
export function messagesIn(text: string): Message[] {
  if (text === '') return [];
  const value = parse(text);
  const list = Array.isArray(value) ? value : [value];
  if (!list.every((one) => isObject(one) && typeof one['role'] === 'string'))
    return [
      {
        role: '',
        text: typeof value === 'string' ? value : JSON.stringify(value, null, 2),
        calls: [],
      },
    ];
  return list.filter(isObject).map((one) => ({
    role: textOf(one['role']),
    text: contentOf(one),
    calls: callsOf(one),
  }));
}
