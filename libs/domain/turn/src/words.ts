type Said = readonly { readonly role?: unknown; readonly parts?: unknown; readonly content?: unknown }[];

function parse(text: string): Said | null {
  try {
    return JSON.parse(text) as Said;
  } catch {
    // Not a list of messages, or not from there.
    return null;
  }
}

/**
 * The text of the last message of a role in a list of messages, as JSON; the whole when it holds none. A conversation is long and its last
 * message is wanted: it is looked for from the end, and the whole is only read when what looked like a message lay inside another.
 */
export function lastWords(messages: string, role: 'user' | 'assistant'): string {
  if (!messages.startsWith('[')) return messages;
  const from = messages.lastIndexOf(`{"role":"${role}"`);
  return (from > 0 ? wordsIn(parse(`[${messages.slice(from)}`), role) : '') || wordsIn(parse(messages), role) || messages;
}

/** The texts of the last message of a role that has any: what a tool answers stands under the user's, too. */
function wordsIn(list: Said | null, role: string): string {
  if (!Array.isArray(list)) return '';
  for (const message of [...(list as Said)].reverse()) {
    const texts = message?.role === role ? textsIn(message.parts ?? message.content) : [];
    if (texts.length > 0) return texts.join('\n');
  }
  return '';
}

/** The texts in the content of a message: a text itself, or a list of parts. */
function textsIn(content: unknown): string[] {
  if (typeof content === 'string') return [content];
  if (!Array.isArray(content)) return [];
  return (content as readonly { type?: unknown; content?: unknown; text?: unknown }[]).flatMap((part) => {
    const text = part?.content ?? part?.text;
    return part?.type === 'text' && typeof text === 'string' ? [text] : [];
  });
}

const USER_MESSAGE = '{"role":"user"';

/** How many messages of the user a list of messages, as JSON, holds; 0 for anything else. */
export function userMessagesIn(messages: string): number {
  if (!messages.startsWith('[')) return 0;
  let found = 0;
  for (let at = messages.indexOf(USER_MESSAGE); at >= 0; at = messages.indexOf(USER_MESSAGE, at + 1)) found++;
  return found;
}

/** The beginning of a text, at most `max` UTF-16 units, never ending in half of a surrogate pair. */
export function beginningOf(text: string, max: number): string {
  if (text.length <= max) return text;
  const cut = text.slice(0, max);
  const last = cut.charCodeAt(max - 1);
  return last >= 0xd800 && last <= 0xdbff ? cut.slice(0, -1) : cut;
}
