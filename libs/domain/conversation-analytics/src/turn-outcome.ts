import { type EventRecord, type TurnOutcomeName } from '@telltale/contracts';
import { refusalIn } from './refusal';

/** What of an event says how its turn ended. */
export type TurnEvent = Pick<
  EventRecord,
  'id' | 'kind' | 'ts' | 'parent_span_id' | 'status' | 'error_type' | 'error_message' | 'tool_name' | 'input' | 'output' | 'finish_reasons'
>; // prettier-ignore

export interface TurnOutcome {
  /** `unknown`: the events say nothing either way, as when content was not sent. */
  readonly outcome: TurnOutcomeName;
  /** The event that says so ('' when it is what is missing), and how. */
  readonly evidence: { readonly id: string; readonly why: string };
}

/** Said by one event. `key` is its time and id. */
interface Said {
  readonly key: string;
  readonly id: string;
  readonly text: string;
}
/** An operation, and why it failed; '' when it did not. */
type Work = Said;

/**
 * What is known of how a turn ended: a join of what its events say, so that they may come in any order, apart and more than once. Absent
 * fields have not been said.
 */
export interface OutcomeFacts {
  /** The last call of a tool that hands over to a person, and succeeded; its name. */
  readonly transfer?: Said;
  /** The event of the turn itself: why it failed, and its words. */
  readonly turn?: Work & { readonly words: string };
  /** The outermost agent that has words. */
  readonly agent?: Said;
  /** The last call of a model: its words, the finish reason by which it refused. */
  readonly llm?: Said & { readonly refusal: string; readonly failed: boolean };
  readonly last?: Work;
  readonly asked?: true;
}
export const NO_OUTCOME: OutcomeFacts = {};

const MAX_WORDS = 400;
const MAX_WHY = 200;

const TRANSFER =
  /(?:^|[_.\s-])(?:transfer|hand_?off|escalat\w*)(?:[_.\s-]|$).*(?:human|agent|person|operator|support|representative)|^(?:transfer|hand_?off|escalate)$/i;
const REFUSED_FINISH = new Set(['content_filter', 'refusal', 'safety', 'blocked', 'prohibited_content', 'SAFETY', 'PROHIBITED_CONTENT']); // prettier-ignore
const WORK = new Set<EventRecord['kind']>(['llm', 'tool', 'agent', 'mcp', 'retrieval']);

/** The words of the messages in an output, which is JSON of messages or plain text; '' when it only calls tools. */
function textOf(output: string): string {
  if (!/^\s*[[{]/.test(output)) return output.trim().slice(0, MAX_WORDS);
  let value: unknown;
  try {
    value = JSON.parse(output);
  } catch {
    return output.trim().slice(0, MAX_WORDS);
  }
  return textIn(value, 0).trim().slice(0, MAX_WORDS);
}

function textIn(value: unknown, depth: number): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || depth > 8) return '';
  if (Array.isArray(value))
    return value
      .map((item) => textIn(item, depth + 1))
      .filter((text) => text !== '')
      .join('\n');
  const fields: Partial<Record<'content' | 'text' | 'parts' | 'message', unknown>> = value;
  return textIn(fields.text ?? fields.content ?? fields.parts ?? fields.message, depth + 1);
}

function failureOf({ status, error_type: type, error_message: message, kind }: TurnEvent): string {
  return status === 'error' ? (type || message || `${kind} failed`).slice(0, MAX_WHY) : '';
}

/** What one event says of how its turn ended. Its content may be redacted. */
export function outcomeFactsOf(event: TurnEvent): OutcomeFacts {
  const { kind, id, status } = event;
  const isWork = WORK.has(kind);
  if (!isWork && kind !== 'turn') return event.input === '' ? NO_OUTCOME : { asked: true };
  const said = (text: string): Said => ({ key: `${event.ts}/${id}`, id, text });
  const failure = failureOf(event);
  const words = kind === 'turn' || kind === 'llm' || kind === 'agent' ? textOf(event.output) : '';
  return {
    ...(event.tool_name !== '' && status !== 'error' && TRANSFER.test(event.tool_name) && { transfer: said(event.tool_name) }),
    ...(kind === 'turn' && { turn: { ...said(failure), words } }),
    ...(kind === 'agent' && words !== '' && status !== 'error' && { agent: said(words) }),
    ...(kind === 'llm' && {
      llm: {
        ...said(words),
        refusal: event.finish_reasons.find((reason) => REFUSED_FINISH.has(reason)) ?? '',
        failed: status === 'error',
      },
    }),
    ...(isWork && { last: said(failure) }),
    ...(event.input !== '' && { asked: true }),
  };
}

/** Of two the later, or the earlier; of the same event sent twice the same one, whatever came first. */
function one<T extends Said>(a: T | undefined, b: T | undefined, later: boolean): T | undefined {
  if (!a || !b) return a ?? b;
  if (a.key !== b.key) return a.key < b.key === later ? b : a;
  return JSON.stringify(a) < JSON.stringify(b) ? b : a;
}

/** Facts of both: associative, commutative, and the same again when said again. */
export function joinOutcomeFacts(a: OutcomeFacts, b: OutcomeFacts): OutcomeFacts {
  const transfer = one(a.transfer, b.transfer, true);
  const turn = one(a.turn, b.turn, true);
  const agent = one(a.agent, b.agent, false);
  const llm = one(a.llm, b.llm, true);
  const last = one(a.last, b.last, true);
  return {
    ...(transfer && { transfer }),
    ...(turn && { turn }),
    ...(agent && { agent }),
    ...(llm && { llm }),
    ...(last && { last }),
    ...((a.asked || b.asked) && { asked: true }),
  };
}

const found = (outcome: TurnOutcomeName, id: string, why: string): TurnOutcome => ({ outcome, evidence: { id, why } });

/** What was said last to the person: by the turn itself, else its outermost agent, else its last call of a model. */
function lastWordsOf({ turn, agent, llm }: OutcomeFacts): Said | null {
  if (turn && turn.words !== '') return { ...turn, text: turn.words };
  return agent ?? (llm && !llm.failed && llm.text !== '' ? llm : null);
}

/**
 * How a turn ended. A transfer that succeeded says more than what was said with it; then the turn's own error; then its last words. An
 * error that the turn got over is none.
 */
export function outcomeOf(facts: OutcomeFacts): TurnOutcome {
  const { transfer, turn, llm, last, asked } = facts;
  if (transfer) return found('transferred', transfer.id, `called ${transfer.text}`);
  if (turn && turn.text !== '') return found('error', turn.id, turn.text);
  if (llm && llm.refusal !== '') return found('refused', llm.id, `finish reason ${llm.refusal}`);
  const words = lastWordsOf(facts);
  if (words) {
    const refusal = refusalIn(words.text);
    return refusal !== ''
      ? found('refused', words.id, `said “${refusal}”`)
      : found('answered', words.id, 'the last words are an answer');
  }
  if (last && last.text !== '') return found('error', last.id, last.text);
  return asked ? found('abandoned', '', 'a request, and no answer after it') : found('unknown', '', 'no content to tell by');
}
