import { type EventKind, type OtlpValue } from '@telltale/contracts';
import { isRecord } from '@telltale/kernel';
import { findMessages, stateMessages } from './messages/find-messages';
import { requestedToolCalls, type Message, type Part } from './messages/message';
import { partOf, toolCallOf } from './messages/parts';
import { hasRole, messageList, messageOf } from './messages/read-messages';
import { parseJson } from './parse-json';
import { type Reading } from './reading';
import { texts } from './texts';
import { toolNamesOf } from './tool-definitions';

export interface Content {
  readonly input: unknown;
  readonly output: unknown;
  readonly toolArguments: unknown;
  readonly toolResult: unknown;
  /** Where a message of the tool names the call it answers; '' otherwise. */
  readonly toolCallId: string;
  readonly toolNames: string[];
  readonly asked: ReturnType<typeof requestedToolCalls>;
}

const isSystem = ({ role }: Message): boolean => role === 'system';

/** System instructions are the first message in, unless the messages begin with them. */
function withSystem(instructions: OtlpValue, messages: readonly Message[]): Message[] {
  const plain = parseJson(instructions);
  if (plain === null || plain === '' || messages.some(isSystem)) return [...messages];
  const said = messageList(plain) ?? null;
  if (said) return [...said.map((message) => ({ ...message, role: 'system' })), ...messages];
  return [{ role: 'system', parts: (Array.isArray(plain) ? plain : [plain]).map(partOf) }, ...messages];
}

/** The answer of a producer that tells its pieces one by one. */
function answerOf({ answerText, answerReasoning, answerToolCalls, output }: Reading): Message[] | null {
  const calls = parseJson(answerToolCalls);
  const parts: Part[] = [];
  if (typeof answerReasoning === 'string' && answerReasoning) parts.push({ type: 'reasoning', content: answerReasoning });
  if (typeof answerText === 'string' && answerText) parts.push({ type: 'text', content: answerText });
  for (const call of Array.isArray(calls) ? (calls as unknown[]) : []) parts.push(toolCallOf(call) ?? partOf(call));
  if (parts.length === 0) return null;
  if (output !== null && !answerText && !answerToolCalls) return null;
  return [{ role: 'assistant', parts }];
}

const isModel = (kind: EventKind): boolean => kind === 'llm';
const isTool = (kind: EventKind): boolean => kind === 'tool' || kind === 'mcp';

const hasParts = (messages: readonly Message[]): boolean => messages.some(({ parts }) => parts.length > 0);

/**
 * Messages named as such are read in any form, unless only their roles are there; a plain value only where a model read it, or where it is
 * plainly a list of them or the state of a graph.
 */
function messagesIn(named: OtlpValue, plain: OtlpValue, role: 'user' | 'assistant', kind: EventKind): Message[] | null {
  const found = named === null ? null : findMessages(named, role);
  if (found && hasParts(found)) return found;
  const said = isModel(kind) ? findMessages(plain, role) : (messageList(plain) ?? stateMessages(plain) ?? stateMessages(named));
  return said ?? found;
}

/** The one field of `{output: …}`, in which some put whatever a tool returns. */
function outOf(value: unknown): unknown {
  const plain = parseJson(value);
  return isRecord(plain) && Object.keys(plain).length === 1 ? (plain['output'] ?? plain) : plain;
}

/** What a tool was given or gave, out of the one message that an event of its span holds, or that LangChain returns; and the call it answers. */
function outOfMessage(value: unknown): { readonly value: unknown; readonly callId: string } {
  const whole = outOf(value);
  const [one, ...others] = Array.isArray(whole) ? (whole as unknown[]) : [whole];
  const message = others.length === 0 && isRecord(one) && hasRole(one) ? messageOf(one) : null;
  const [part, ...more]: readonly Readonly<Record<string, unknown>>[] = message?.parts ?? [];
  if (!part || more.length > 0) return { value, callId: '' };
  const said = part['type'] === 'text' ? part['content'] : part['response'];
  return said === undefined ? { value, callId: '' } : { value: parseJson(said), callId: String(part['id'] ?? '') };
}

/** What went in and came out, in one form for all producers; what has no form we know stays the value it is. */
export function contentOf(reading: Reading, kind: EventKind): Content {
  const toolNames = toolNamesOf(reading.toolDefinitions);
  if (isTool(kind)) {
    const given = outOfMessage(reading.toolArguments ?? reading.input ?? reading.inputMessages ?? '');
    const answer = outOfMessage(reading.toolResult ?? reading.output ?? reading.outputMessages ?? '');
    const toolArguments = parseJson(given.value);
    return {
      input: '',
      output: '',
      toolArguments,
      toolResult: answer.value,
      toolCallId: given.callId || answer.callId,
      toolNames,
      asked: [],
    };
  }
  const rest = { toolArguments: reading.toolArguments ?? '', toolResult: reading.toolResult ?? '', toolCallId: '', toolNames };
  if (kind === 'retrieval' || kind === 'rerank') {
    const input = reading.retrievalQuery ?? reading.input ?? reading.inputMessages ?? '';
    const output = parseJson(reading.documents ?? reading.output ?? reading.outputMessages ?? '');
    return { ...rest, input, output, asked: [] };
  }
  if (kind === 'embedding') {
    const embedded = texts(reading.embedded ?? '');
    return {
      ...rest,
      input: embedded === '' ? texts(reading.input ?? reading.inputMessages ?? '') : embedded,
      output: '',
      asked: [],
    };
  }

  const said = messagesIn(reading.inputMessages, reading.input, 'user', kind);
  const input =
    reading.systemInstructions !== null && (said || reading.input === null)
      ? withSystem(reading.systemInstructions, said ?? [])
      : said;
  const newest = messagesIn(reading.outputMessages, reading.output, 'assistant', kind);
  // LiteLLM writes the calls of an answer only in the form of a generation before.
  const output = newest && !hasParts(newest) ? (messagesIn(reading.olderOutput, null, 'assistant', kind) ?? newest) : newest;
  const answer = (reading.outputMessages === null ? answerOf(reading) : null) ?? output;
  return {
    ...rest,
    input: input ?? reading.input ?? reading.inputMessages ?? reading.retrievalQuery ?? '',
    output: answer ?? reading.output ?? reading.outputMessages ?? reading.documents ?? reading.answerText ?? '',
    asked: isModel(kind) ? requestedToolCalls((answer ?? []).filter(({ role }) => role === 'assistant')) : [],
  };
}
