import { type EventKind } from '@telltale/contracts';
import { failure, hashId, isRecord, success } from '@telltale/kernel';
import { type ChatMessage, contentText, isToolError, pairResults, toolCallsOf } from './chat-messages';
import { type Arrival, type EventDraft, newDraft, type Normalized, type ValidationError, safeKey } from './draft';
import { readTime } from './read-time';

const STEP_MS = 1_000;
const OWN_FIELDS: ReadonlySet<string> = new Set([
  'id',
  'service_name',
  'model',
  'provider',
  'user_id',
  'ts',
  'reward',
  'messages',
  'traj',
]);
const TEXT_FIELDS = ['id', 'service_name', 'model', 'provider', 'user_id'] as const;

const refuse = (error: string, reason: ValidationError['reason'] = 'invalid_field'): Normalized => failure({ reason, error });
const said = (item: Record<string, unknown>, field: string): string => (typeof item[field] === 'string' ? item[field] : '');

function problemOf(item: Record<string, unknown>): string | null {
  for (const field of TEXT_FIELDS)
    if (item[field] !== undefined && typeof item[field] !== 'string') return `${field} must be text`;
  const { reward } = item as { reward?: unknown };
  if (reward !== undefined && !(typeof reward === 'number' && Number.isFinite(reward))) return 'reward must be a number';
  for (const field of ['messages', 'traj'])
    if (item[field] !== undefined && !Array.isArray(item[field])) return `${field} must be a list of messages`;
  const messages = (item['messages'] ?? item['traj']) as unknown[] | undefined;
  if (messages === undefined) return 'messages is missing: send the list of {role, content}';
  const bad = messages.findIndex((message) => !isRecord(message) || typeof message['role'] !== 'string');
  return bad < 0 ? null : `messages[${bad}].role must be text: each message is an object with a role`;
}

interface Conversation {
  readonly sessionId: string;
  readonly messages: readonly ChatMessage[];
  /** First message's time; message k stands k seconds after it. */
  readonly start: number;
  /** Span id of the event at a position. */
  readonly spanOf: (position: string) => string;
  readonly make: (kind: EventKind, position: string, at: number, durationMs: number) => EventDraft;
}

/** Turn `index` begins at message `from` (a user's) and ends before message `to`; turn 0 is what was said before any user spoke. */
interface Turn {
  readonly index: number;
  readonly from: number;
  readonly to: number;
}

function turnsOf(messages: readonly ChatMessage[]): Turn[] {
  const starts = messages.flatMap(({ role }, at) => (role === 'user' ? [at] : []));
  const turns: Turn[] = starts.map((from, index) => ({ index: index + 1, from, to: starts[index + 1] ?? messages.length }));
  return [{ index: 0, from: 0, to: starts[0] ?? messages.length }, ...turns];
}

function toolEvents(
  conversation: Conversation,
  turn: Turn,
  pairs: ReturnType<typeof pairResults>,
  inTurn: (draft: EventDraft) => EventDraft,
): EventDraft[] {
  const { messages, start, make } = conversation;
  const events: EventDraft[] = [];
  const add = (
    position: string,
    result: number | undefined,
    at: number,
    name: string,
    id: string,
    args: unknown,
    asker: string,
  ): void => {
    const answer = result === undefined ? undefined : messages[result];
    const draft = inTurn(make('tool', position, start + at * STEP_MS, result === undefined ? 0 : (result - at) * STEP_MS));
    const { event, content } = draft;
    event.name = event.tool_name = name || (answer ? said(answer, 'name') : '') || 'tool';
    event.tool_call_id = id;
    event.requested_by_span_id = asker;
    content.tool_arguments = args;
    if (answer) {
      const text = contentText(answer['content']);
      content.tool_result = text;
      event.status = isToolError(answer['content']) || answer['is_error'] === true ? 'error' : 'ok';
      if (event.status === 'error') {
        event.error_type = 'tool_error';
        event.error_message = text.slice(0, 500);
      }
    } else event.duration_ms = null;
    events.push(draft);
  };
  for (let at = turn.from; at < turn.to; at++) {
    const message = messages[at];
    if (!message) continue;
    toolCallsOf(message).forEach((call, index) =>
      add(
        `tool:${at}:${index}`,
        pairs.ofCall.get(`${at}:${index}`),
        at,
        call.name,
        call.id,
        call.arguments,
        conversation.spanOf(`llm:${at}`),
      ),
    );
    if (pairs.orphans.has(at)) add(`tool:${at}`, at, at, '', said(message, 'tool_call_id'), '', '');
  }
  return events;
}

function turnEvents(
  conversation: Conversation,
  turn: Turn,
  pairs: ReturnType<typeof pairResults>,
  tools: readonly unknown[],
): EventDraft[] {
  const { messages, sessionId, start, make } = conversation;
  const traceId = hashId(32, 'turn', sessionId, turn.index);
  const turnSpan = turn.index > 0 ? hashId(16, traceId) : '';
  const inTurn = (draft: EventDraft): EventDraft => {
    draft.event.trace_id = traceId;
    draft.event.span_id = hashId(16, draft.event.id);
    draft.event.parent_span_id = turnSpan;
    return draft;
  };
  const events: EventDraft[] = [];
  let answer = '';
  // What was said before anybody asked, such as the instructions, was given to the first call of the first turn.
  let heard = turn.index === 1 && !messages.slice(0, turn.from).some(({ role }) => role === 'assistant') ? 0 : turn.from;
  for (let at = turn.from; at < turn.to; at++) {
    const message = messages[at];
    if (message?.role !== 'assistant') continue;
    const draft = inTurn(make('llm', `llm:${at}`, start + Math.max(0, at - 1) * STEP_MS, at > 0 ? STEP_MS : 0));
    const asked = toolCallsOf(message);
    const calls = asked.map(({ name }) => name);
    draft.event.requested_tool_call_ids = asked.flatMap(({ id }) => (id ? [id] : []));
    draft.event.name = draft.event.request_model ? `chat ${draft.event.request_model}` : 'chat';
    draft.event.status = 'ok';
    draft.event.decision_options = [
      ...new Set(tools.flatMap((tool) => (isRecord(tool) && isRecord(tool['function']) ? [said(tool['function'], 'name')] : []))),
    ];
    draft.event.decision_chosen = calls.join(', ');
    draft.event.finish_reasons = [calls.length > 0 ? 'tool_calls' : 'stop'];
    draft.content.input = messages.slice(heard, at);
    draft.content.output = [message];
    draft.heard = { messages, until: at };
    draft.tools = tools;
    heard = at + 1;
    answer = contentText(message['content']) || answer;
    events.push(draft);
  }
  events.push(...toolEvents(conversation, turn, pairs, inTurn));
  if (turn.index === 0) return events;
  const draft = make('turn', `turn:${turn.index}`, start + turn.from * STEP_MS, (turn.to - 1 - turn.from) * STEP_MS);
  draft.event.name = 'turn';
  draft.event.status = 'ok';
  draft.event.trace_id = traceId;
  draft.event.span_id = turnSpan;
  draft.content.input = contentText(messages[turn.from]?.['content']);
  draft.content.output = answer;
  draft.content.attributes['telltale.turn_number'] = turn.index;
  return [draft, ...events];
}

/** When a conversation begins and ends, by the times that are made for it; NaN when its `ts` is no time. */
export function conversationSpan(
  item: Readonly<Record<string, unknown>>,
  receivedAt: number,
): { readonly start: number; readonly end: number } {
  const start = item['ts'] === undefined ? receivedAt : readTime(item['ts']);
  const messages = item['messages'] ?? item['traj'];
  return { start, end: start + Math.max(0, (Array.isArray(messages) ? messages.length : 0) - 1) * STEP_MS };
}

/**
 * One conversation in OpenAI chat form: its session, a turn per user message, an llm event per assistant message, a tool event per
 * call joined with its result, and an evaluator event for its reward. The form has no times, so they are made: a second a message.
 */
export function normalizeConversation(item: unknown, { tenant, receivedAt }: Arrival): Normalized {
  if (!isRecord(item)) return refuse('the conversation must be a JSON object with messages');
  const problem = problemOf(item);
  if (problem) return refuse(problem);
  const { start, end } = conversationSpan(item, receivedAt);
  if (Number.isNaN(start))
    return refuse('ts is no time: send ISO 8601 or Unix time in s, ms, us or ns, or leave it out', 'bad_timestamp');
  const messages = (item['messages'] ?? item['traj']) as ChatMessage[];
  const sessionId = said(item, 'id') || hashId(24, tenant, JSON.stringify([item['task_id'], item['trial'], messages]));
  const make: Conversation['make'] = (kind, position, at, durationMs) => {
    const draft = newDraft(tenant, kind, 'openai-chat', at);
    const { event } = draft;
    event.id = hashId(32, tenant, sessionId, position);
    event.session_id = sessionId;
    event.duration_ms = durationMs;
    event.service_name = said(item, 'service_name') || 'imported';
    event.user_id = said(item, 'user_id');
    if (kind === 'llm') {
      event.provider = said(item, 'provider');
      event.request_model = said(item, 'model');
    }
    draft.content.attributes['telltale.time'] = 'synthetic';
    return draft;
  };
  const spanOf = (position: string): string => hashId(16, hashId(32, tenant, sessionId, position));
  const conversation: Conversation = { sessionId, messages, start, spanOf, make };
  const length = end - start;
  const session = make('session', 'session', start, length);
  session.event.name = 'session';
  session.event.status = 'ok';
  for (const key of Object.keys(item)) if (!OWN_FIELDS.has(key)) session.content.attributes[safeKey(key)] = item[key];
  const events = [session];
  const pairs = pairResults(messages);
  const tools = Array.isArray(item['tools']) ? (item['tools'] as unknown[]) : [];
  for (const turn of turnsOf(messages)) events.push(...turnEvents(conversation, turn, pairs, tools));
  if (typeof item['reward'] === 'number') {
    const score = make('evaluator', 'reward', start + length, 0);
    score.event.name = score.event.score_name = 'reward';
    score.event.status = 'ok';
    score.event.duration_ms = null;
    score.event.score_value = item['reward'];
    score.event.score_label = item['reward'] < 1 ? 'fail' : 'pass';
    events.push(score);
  }
  return success(events);
}
