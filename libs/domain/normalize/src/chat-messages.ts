import { isDeeperThan, isRecord } from '@telltale/kernel';

export type ChatMessage = Record<string, unknown> & { readonly role: string };

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: unknown;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Content is text, or a list of parts of which some are text. */
export function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (content === null || content === undefined) return '';
  if (!Array.isArray(content)) return JSON.stringify(content);
  return content
    .map((part: unknown) =>
      typeof part === 'string' ? part : isRecord(part) && typeof part['text'] === 'string' ? part['text'] : JSON.stringify(part),
    )
    .join('\n');
}

/** Calls an assistant message makes, in either form OpenAI has had. */
export function toolCallsOf(message: ChatMessage): ToolCall[] {
  const listed = Array.isArray(message['tool_calls']) ? (message['tool_calls'] as unknown[]) : [];
  const calls = isRecord(message['function_call']) ? [{ function: message['function_call'] }, ...listed] : listed;
  return calls.filter(isRecord).map((call) => {
    const callee = isRecord(call['function']) ? call['function'] : isRecord(call['custom']) ? call['custom'] : {};
    return { id: textOf(call['id']), name: textOf(callee['name']), arguments: callee['arguments'] ?? callee['input'] ?? '' };
  });
}

export const isToolResult = ({ role }: ChatMessage): boolean => role === 'tool' || role === 'function';

const SAYS_ERROR = /^\s*error/i;
const MAX_DEPTH = 64;

/** A result that begins with the word, or is an object that says so. */
export function isToolError(content: unknown): boolean {
  if (typeof content === 'string') {
    if (SAYS_ERROR.test(content)) return true;
    if (!content.trimStart().startsWith('{') || isDeeperThan(content, MAX_DEPTH)) return false;
    try {
      return isToolError(JSON.parse(content) as unknown);
    } catch {
      return false;
    }
  }
  if (Array.isArray(content)) return SAYS_ERROR.test(contentText(content));
  return isRecord(content) && Boolean(content['error'] || content['is_error'] || content['isError']);
}

/** Which message answers each call. Ids repeat inside one conversation, so a call only looks at the results that follow it. */
export function pairResults(messages: readonly ChatMessage[]): {
  readonly ofCall: ReadonlyMap<string, number>;
  readonly orphans: ReadonlySet<number>;
} {
  const ofCall = new Map<string, number>();
  const orphans = new Set<number>();
  messages.forEach((message, at) => {
    if (isToolResult(message)) orphans.add(at);
  });
  messages.forEach((message, at) => {
    const calls = toolCallsOf(message);
    if (calls.length === 0) return;
    const open: number[] = [];
    for (let next = at + 1; next < messages.length; next++) {
      const one = messages[next];
      if (!one || !isToolResult(one)) break;
      open.push(next);
    }
    calls.forEach(({ id }, index) => {
      const byId = id ? open.findIndex((next) => messages[next]?.['tool_call_id'] === id) : -1;
      const place = byId >= 0 ? byId : open.findIndex((next) => typeof messages[next]?.['tool_call_id'] !== 'string');
      const found = place >= 0 ? open.splice(place, 1)[0] : undefined;
      if (found === undefined) return;
      ofCall.set(`${at}:${index}`, found);
      orphans.delete(found);
    });
  });
  return { ofCall, orphans };
}
