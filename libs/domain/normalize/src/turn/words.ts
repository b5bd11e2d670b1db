type Said = readonly { readonly role?: unknown; readonly parts?: unknown }[];

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
  const list = (from > 0 ? parse(`[${messages.slice(from)}`) : null) ?? parse(messages);
  const last = Array.isArray(list) ? (list as Said).filter((message) => message?.role === role).at(-1) : undefined;
  if (!last || !Array.isArray(last.parts)) return messages;
  const texts = (last.parts as readonly { type?: unknown; content?: unknown }[]).flatMap((part) =>
    part?.type === 'text' && typeof part.content === 'string' ? [part.content] : [],
  );
  return texts.length > 0 ? texts.join('\n') : messages;
}
