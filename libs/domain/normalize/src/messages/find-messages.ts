import { isRecord } from '@telltale/kernel';
import { parseJson } from '../parse-json';
import { type Message } from './message';
import { partOf, toolCallOf } from './parts';
import { hasRole, messageList, messageOf } from './read-messages';

/** Where requests, answers and states of frameworks keep their messages, the most telling name first. */
const HOLDERS = [
  'messages', 'contents', 'choices', 'candidates', 'generations', 'input', 'output', 'prompt', 'inputs', 'outputs', 'kwargs', 'response',
  'chat_history', 'items', 'content', 'text',
] as const; // prettier-ignore
const SYSTEM = ['system', 'instructions', 'system_instruction', 'systemInstruction', 'system_prompt'] as const;
const MAX_LEVELS = 5;

function systemOf(holder: Readonly<Record<string, unknown>>): Message[] {
  const config = isRecord(holder['config']) ? holder['config'] : {};
  for (const name of SYSTEM) {
    const said = holder[name] ?? config[name];
    if (said === undefined || said === null || said === '') continue;
    const parts =
      isRecord(said) && Array.isArray(said['parts'])
        ? (said['parts'] as unknown[])
        : Array.isArray(said)
          ? (said as unknown[])
          : [said];
    return [{ role: 'system', parts: parts.map(partOf) }];
  }
  return [];
}

const KNOWN_PARTS: ReadonlySet<string> = new Set(['text', 'reasoning', 'tool_call', 'tool_call_response']);

/** Parts that stand alone, as of one message: the tool calls or the content of an answer. */
function loneParts(list: readonly unknown[], role: string): Message[] | null {
  if (list.length === 0 || !list.every((one) => isRecord(one) && !hasRole(one))) return null;
  const parts = list.map((one) => toolCallOf(one) ?? partOf(one));
  return parts.every(({ type }) => KNOWN_PARTS.has(type)) ? [{ role, parts }] : null;
}

function find(value: unknown, role: string, levels: number): Message[] | null {
  if (levels === 0) return null;
  const plain = parseJson(value);
  if (Array.isArray(plain)) {
    const messages = loneParts(plain, role) ?? messageList(plain, role);
    if (messages) return messages;
    // Texts, as completions and prompts come; lists of lists, as batches do.
    if (plain.length > 0 && plain.every((one) => typeof one === 'string'))
      return plain.map((content: string) => ({ role, parts: [partOf(content)] }));
    return plain.length === 1 ? find(plain[0], role, levels - 1) : null;
  }
  if (!isRecord(plain)) return null;
  for (const name of HOLDERS) {
    const inner = plain[name];
    if (inner === undefined || inner === null) continue;
    if (typeof inner === 'string' && name !== 'prompt' && name !== 'input' && name !== 'output') continue;
    // A message has content itself.
    if (name === 'content' || name === 'text') break;
    const messages =
      typeof inner === 'string' && parseJson(inner) === inner
        ? [{ role, parts: [partOf(inner)] }]
        : find(inner, role, levels - 1);
    if (messages) return role === 'user' ? [...systemOf(plain), ...messages] : messages;
  }
  const message = messageOf(plain, role);
  return message ? [message] : null;
}

/** Where steps of a graph keep the state they were given or changed. */
const STATES = ['update', 'output', 'outputs', 'input', 'inputs', 'state', 'values', 'result'] as const;

/**
 * Messages in the state of a graph or chain: `{messages: […]}`, also inside what a step says it changes, as LangGraph's commands do. Null for
 * any other value: what is no model's may have a field called `output` for anything.
 */
export function stateMessages(value: unknown, levels = MAX_LEVELS): Message[] | null {
  const plain = parseJson(value);
  if (levels === 0) return null;
  if (Array.isArray(plain)) return plain.length === 1 ? stateMessages(plain[0], levels - 1) : null;
  if (!isRecord(plain)) return null;
  const messages = messageList(plain['messages']);
  if (messages) return messages;
  for (const name of STATES) {
    const inner = plain[name] === undefined ? null : stateMessages(plain[name], levels - 1);
    if (inner) return inner;
  }
  return null;
}

const SPEAKER = /^(system|developer|user|assistant|tool): /gm;

/** A conversation written down as `user: …` and `assistant: …`, as OpenLIT does; null when the text does not begin so. */
function transcript(text: string): Message[] | null {
  const speakers = [...text.matchAll(SPEAKER)];
  if (speakers[0]?.index !== 0 || speakers.length < 2) return null;
  return speakers.map(({ 0: head, 1: role = '', index }, nth) => {
    const said = text.slice(index + head.length, speakers[nth + 1]?.index ?? text.length).trimEnd();
    return messageOf({ role, content: said }) ?? { role, parts: [partOf(said)] };
  });
}

/**
 * The messages in whatever a call of a model was given or gave: a list, one message, a request or answer of a provider's API, plain text.
 * Null when there are none to be found.
 */
export function findMessages(value: unknown, role: 'user' | 'assistant'): Message[] | null {
  if (value === null || value === undefined || value === '') return null;
  const plain = parseJson(value);
  if (typeof plain === 'string') return transcript(plain) ?? [{ role, parts: [{ type: 'text', content: plain }] }];
  return find(plain, role, MAX_LEVELS);
}
