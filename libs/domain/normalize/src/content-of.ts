import { type EventKind, type OtlpValue } from '@telltale/contracts';
import { findMessages } from './messages/find-messages';
import { requestedToolCalls, type Message, type Part } from './messages/message';
import { partOf, toolCallOf } from './messages/parts';
import { messageList } from './messages/read-messages';
import { parseJson } from './parse-json';
import { type Reading } from './reading';
import { texts } from './texts';
import { toolNamesOf } from './tool-definitions';

export interface Content {
  readonly input: unknown;
  readonly output: unknown;
  readonly toolArguments: unknown;
  readonly toolResult: unknown;
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

/** Messages named as such are read in any form; a plain value only where a model read it, or where it is plainly a list of them. */
function messagesIn(named: OtlpValue, plain: OtlpValue, role: 'user' | 'assistant', kind: EventKind): Message[] | null {
  if (named !== null) {
    const found = findMessages(named, role);
    if (found) return found;
  }
  return isModel(kind) ? findMessages(plain, role) : messageList(plain);
}

/** What went in and came out, in one form for all producers; what has no form we know stays the value it is. */
export function contentOf(reading: Reading, kind: EventKind): Content {
  const toolNames = toolNamesOf(reading.toolDefinitions);
  if (isTool(kind)) {
    const toolArguments = parseJson(reading.toolArguments ?? reading.input ?? reading.inputMessages ?? '');
    const toolResult = reading.toolResult ?? reading.output ?? reading.outputMessages ?? '';
    return { input: '', output: '', toolArguments, toolResult, toolNames, asked: [] };
  }
  const rest = { toolArguments: reading.toolArguments ?? '', toolResult: reading.toolResult ?? '', toolNames };
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
  const output = messagesIn(reading.outputMessages, reading.output, 'assistant', kind);
  const answer = (reading.outputMessages === null ? answerOf(reading) : null) ?? output;
  return {
    ...rest,
    input: input ?? reading.input ?? reading.inputMessages ?? reading.retrievalQuery ?? '',
    output: answer ?? reading.output ?? reading.outputMessages ?? reading.documents ?? reading.answerText ?? '',
    asked: isModel(kind) ? requestedToolCalls((answer ?? []).filter(({ role }) => role === 'assistant')) : [],
  };
}
