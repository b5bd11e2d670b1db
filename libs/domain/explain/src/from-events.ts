import { isRecord } from '@telltale/kernel';
import { type Conversation, type Ending, keptOf, MAX_STEPS, type Step, type ToolCall } from './conversation';
import { argsOf, callWith, jsonIn, madeCalls, messageText, resultsIn, saysError } from './read-messages';

/** Columns of an event that are looked at. */
export interface StoredEvent {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly ts: string;
  readonly status: string;
  readonly error_type: string;
  readonly error_message: string;
  readonly trace_id: string;
  readonly span_id: string;
  readonly tool_name: string;
  readonly tool_call_id: string;
  readonly requested_by_span_id: string;
  readonly tool_arguments: string;
  readonly tool_result: string;
  readonly input: string;
  readonly output: string;
  readonly severity: string;
  readonly body: string;
  readonly score_label: string;
  readonly score_value: number | null;
}

const CALLED = new Set(['tool', 'mcp', 'retrieval', 'rerank', 'embedding', 'guardrail']);
const BAD = /^(?:fail|failed|failure|bad|negative|incorrect|wrong|no|false|thumbs_down|down|unhelpful|0)$/i;
const GOOD = /^(?:pass|passed|success|good|positive|correct|yes|true|thumbs_up|up|helpful|1)$/i;

/** How scores, labels and feedback judge it: one bad is enough, the numbers count where no word is given. */
export function endingOf(events: readonly Pick<StoredEvent, 'kind' | 'score_label' | 'score_value'>[]): Ending {
  const judged = events.filter(({ kind }) => kind === 'evaluator' || kind === 'feedback');
  const isBad = judged.some(({ score_label: label, score_value: value }) => BAD.test(label) || (label === '' && value !== null && value <= 0)); // prettier-ignore
  if (isBad) return 'failed';
  return judged.some(({ score_label: label, score_value: value }) => GOOD.test(label) || (label === '' && value !== null && value >= 1)) ? 'succeeded' : 'unknown'; // prettier-ignore
}

const messagesIn = (text: string): Readonly<Record<string, unknown>>[] => {
  const json = jsonIn(text);
  return Array.isArray(json) ? json.filter(isRecord) : isRecord(json) ? [json] : [];
};

/** The text of the last message of a role; the whole where it holds no messages. */
export function lastText(text: string, role: string): string {
  const messages = messagesIn(text);
  if (messages.length === 0) return text;
  return messageText(messages.findLast((message) => message['role'] === role && messageText(message) !== '') ?? {});
}

const errorOf = ({ error_message: message, error_type: type, name, status }: StoredEvent): string =>
  status === 'error' ? message || type || `${name} failed` : '';

function callOf(event: StoredEvent, step: number): ToolCall {
  const isTool = event.kind === 'tool' || event.kind === 'mcp';
  const result = event.tool_result || (isTool ? '' : event.output);
  const value = jsonIn(result);
  const failed = event.status === 'error' || saysError(result, value);
  const args = event.tool_arguments || (isTool ? '' : event.input);
  return {
    step,
    tool: event.tool_name || event.name || event.kind,
    args: args === '' ? undefined : argsOf(args),
    result,
    value,
    failed,
    error: failed ? (event.error_message || result || event.error_type).slice(0, 500) : '',
    eventId: event.id,
  };
}

/** In order of time; of those that start together the turn first, then models, then what they called. */
const RANK: Readonly<Record<string, number>> = { turn: 0, agent: 1, chain: 1, llm: 2 };
const inOrder = (a: StoredEvent, b: StoredEvent): number =>
  (a.ts < b.ts ? -1 : a.ts > b.ts ? 1 : 0) || (RANK[a.kind] ?? 3) - (RANK[b.kind] ?? 3) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0); // prettier-ignore

/** Puts the events of one turn down as steps, after those before. */
function addTurn(steps: Step[], events: readonly StoredEvent[]): void {
  const add = (role: Step['role'], text: string, eventId: string, error = '', callsAt: (step: number) => readonly ToolCall[] = () => []): void => {
    const index = steps.length;
    const calls = callsAt(index);
    if (index < MAX_STEPS && (text !== '' || error !== '' || calls.length > 0)) steps.push({ index, role, text: keptOf(role, text), calls, error, eventId });
  };
  const models = events.filter(({ kind }) => kind === 'llm');
  const turn = events.find(({ kind }) => kind === 'turn');
  const first = models[0];
  if (!steps.some(({ role }) => role === 'system') && first)
    for (const message of messagesIn(first.input).filter(({ role }) => role === 'system' || role === 'developer').slice(0, 1)) add('system', messageText(message), first.id);
  const request = lastText(turn?.input || first?.input || '', 'user');
  add('user', request, (turn ?? first)?.id ?? '');

  const called = events.filter(({ kind }) => CALLED.has(kind));
  const taken = new Set<string>();
  const answers = models.flatMap(({ input }) => messagesIn(input).flatMap(resultsIn));
  for (const event of events) {
    if (event.kind === 'llm') {
      const said = messagesIn(event.output);
      const wanted = said.flatMap(madeCalls);
      const own = called.filter(({ id, requested_by_span_id: by, tool_call_id: call }) => !taken.has(id) && ((by !== '' && by === event.span_id) || (call !== '' && wanted.some((one) => one.id === call))));
      for (const { id } of own) taken.add(id);
      const text = said.length === 0 ? event.output : said.map(messageText).filter(Boolean).join('\n');
      const isElsewhere = called.length > 0;
      add('assistant', text, event.id, errorOf(event), (step) =>
        own.length > 0 || isElsewhere ? own.map((one) => callOf(one, step)) : wanted.map((one) => callWith(step, one, answers.find(({ id }) => id !== '' && id === one.id), event.id)),
      );
    } else if (CALLED.has(event.kind) && !taken.has(event.id)) add('assistant', '', event.id, '', (step) => [callOf(event, step)]);
  }
  if (models.length === 0 && turn && turn.output !== '') add('assistant', lastText(turn.output, 'assistant'), turn.id);
  // An error of what contains others is only said where none of those failed.
  const isShown = steps.some(({ error, calls }) => error !== '' || calls.some(({ failed }) => failed));
  if (isShown) return;
  const outer = events.find((event) => ['agent', 'chain', 'turn'].includes(event.kind) && event.status === 'error');
  const line = events.find(({ kind, severity }) => kind === 'log' && (severity === 'error' || severity === 'fatal'));
  if (outer) add('assistant', '', outer.id, errorOf(outer));
  else if (line) add('assistant', '', line.id, line.body || errorOf(line));
} // prettier-ignore

export interface StoredConversation {
  readonly conversation: Conversation;
  /** Index of the first step of each turn, by trace. */
  readonly starts: ReadonlyMap<string, number>;
}

/** A conversation as the events table has it: each turn as what the person said and what was done until the answer. */
export function conversationOfEvents(id: string, events: readonly StoredEvent[], ending: Ending): StoredConversation {
  const turns = new Map<string, StoredEvent[]>();
  for (const event of [...events].sort(inOrder)) {
    if (event.trace_id === '') continue;
    const turn = turns.get(event.trace_id);
    if (turn) turn.push(event);
    else turns.set(event.trace_id, [event]);
  }
  const steps: Step[] = [];
  const starts = new Map<string, number>();
  for (const [trace, own] of turns) {
    starts.set(trace, steps.length);
    addTurn(steps, own);
  }
  return { conversation: { id, steps, ending }, starts };
}
