import { isRecord } from '@telltale/kernel';
import { createHmac } from 'node:crypto';

const HASH_CHARS = 16;
/** Longer conversations are continued, too, but not recognized by their messages. */
const MAX_CHARS = 1_048_576;

/** A request of the user and the last words of the assistant before the next one; '' where it said none. */
type Exchange = readonly [request: string, answer: string];

/** The text of a message: of its parts those that are text, as calls and results of tools are kept by some producers only. */
function textOf({ parts, content }: Readonly<Record<string, unknown>>): string {
  const said = parts ?? content;
  if (typeof said === 'string') return said.trim();
  if (!Array.isArray(said)) return '';
  return (said as readonly unknown[])
    .flatMap((part) =>
      isRecord(part) && part['type'] === 'text' && typeof part['content'] === 'string' ? [part['content']] : [],
    )
    .join('\n')
    .trim();
}

/** The exchanges in a list of messages; words of the assistant before the first request are a greeting, and part of none. */
function exchangesIn(messages: readonly unknown[]): Exchange[] {
  const exchanges: [string, string][] = [];
  for (const message of messages) {
    const role = isRecord(message) ? message['role'] : '';
    if (role !== 'user' && role !== 'assistant') continue;
    const text = textOf(message as Readonly<Record<string, unknown>>);
    const current = exchanges.at(-1);
    if (text === '') continue;
    if (role === 'user') exchanges.push([text, '']);
    else if (current) current[1] = text;
  }
  return exchanges;
}

function answerOf(output: unknown): string {
  if (typeof output === 'string') return output.trim();
  if (!Array.isArray(output)) return '';
  const texts = (output as readonly unknown[]).flatMap((message) => (isRecord(message) && textOf(message)) || []);
  return texts.at(-1) ?? '';
}

const withoutUnanswered = (exchanges: readonly Exchange[]): readonly Exchange[] =>
  exchanges.slice(0, exchanges.findLastIndex(([, answer]) => answer !== '') + 1);

/**
 * What a call of a model says of the conversation that it is in, by which the turns of a conversation find each other: hashes of its first
 * request, of all exchanges before its last request ('' where there are none), and of these with the answer of this call. The last of one
 * turn is the second of the next, for the next is given the whole conversation. Instructions to the model, calls of tools and their results
 * are left out: they differ from turn to turn, or are not kept. Empty for what is no list of messages.
 *
 * Keyed, so that nobody without the tenant's key can tell what was said by trying, and taken of the text as it came: what is masked in it can
 * depend on what stands around it.
 */
export function conversationHashes(input: unknown, output: unknown, key: Uint8Array): string[] {
  if (!Array.isArray(input)) return [];
  const exchanges = exchangesIn(input as readonly unknown[]);
  const last = exchanges.at(-1);
  if (!last || exchanges.reduce((chars, [request, answer]) => chars + request.length + answer.length, 0) > MAX_CHARS) return [];
  const hashOf = (...said: readonly unknown[]): string =>
    createHmac('sha256', key).update(JSON.stringify(said)).digest('hex').slice(0, HASH_CHARS);
  const before = withoutUnanswered(exchanges.slice(0, -1));
  const answered = withoutUnanswered([...exchanges.slice(0, -1), [last[0], answerOf(output) || last[1]]]);
  const hashOfHistory = (history: readonly Exchange[]): string => (history.length > 0 ? hashOf('history', history) : '');
  return [hashOf('first request', exchanges[0]?.[0]), hashOfHistory(before), hashOfHistory(answered)];
}
