import { type NativeEvent, TOPICS } from '@telltale/contracts';
import { MINUTE_MS, SECOND_MS } from '@telltale/kernel';
import { type Random } from '@telltale/simulator';
import { type LogRecord } from '@telltale/streaming';
import { z } from 'zod';

const message = z.looseObject({ role: z.string(), content: z.string().nullish(), tool_calls: z.unknown().optional() });
export type Message = z.infer<typeof message>;
/** Conversations in the form of OpenAI's, as tau-bench has them. */
export const conversations = z.array(z.looseObject({ traj: z.array(message) }));

export const START = Date.UTC(2026, 0, 31, 11);
/** All conversations begin within it, most of them side by side. */
const BEGIN_WITHIN_MS = 60 * MINUTE_MS;
const CALL_MS = 2 * SECOND_MS;
/** An event arrives so long after its end at most: out of order, and some after their turn was written. */
const MAX_DELAY_MS = 90 * SECOND_MS;

/** A call of a model as its producer reports it, when that arrives, and the conversation that it really is of. */
export interface Call {
  readonly at: number;
  readonly conversation: number;
  readonly event: NativeEvent & { readonly trace_id: string };
}

/** What a producer says of conversations: which messages it gives to the model again. */
export interface Habit {
  /** A request and an answer that all conversations begin with. */
  readonly greeting?: readonly [request: string, answer: string];
  /** Calls of tools and their results are given to the model in their own turn only. */
  readonly keepsTextsOnly?: boolean;
  /** So many messages are given at most. */
  readonly window?: number;
}

const isText = ({ role, content, tool_calls: calls }: Message): boolean =>
  role !== 'tool' && typeof content === 'string' && content !== '' && !calls;

function givenOf(history: readonly Message[], { keepsTextsOnly, window }: Habit): readonly Message[] {
  const turn = history.findLastIndex(({ role }) => role === 'user');
  const kept = keepsTextsOnly ? [...history.slice(0, turn).filter(isText), ...history.slice(turn)] : history;
  return window === undefined ? kept : [...kept.slice(0, 1), ...kept.slice(1).slice(-window)];
}

const callOf = (nth: number, turn: number, at: number, call: number, input: readonly Message[], output: Message): Call['event'] => ({
  kind: 'llm', ts: at, service_name: 'airline', name: 'chat', duration_ms: CALL_MS, request_model: 'gpt-4o', trace_id: `trace-${nth}-${turn}`, span_id: `span-${nth}-${turn}-${call}`, input, output: [output],
}); // prettier-ignore

/** The calls of one conversation, without its id and without a user. */
function callsOf(messages: readonly Message[], nth: number, habit: Habit, random: Random): Call[] {
  const [system, ...rest] = messages;
  const [request, answer] = habit.greeting ?? [];
  const greeting = request === undefined || answer === undefined ? [] : [{ role: 'user', content: request }, { role: 'assistant', content: answer }]; // prettier-ignore
  const all = [...(system ? [system] : []), ...greeting, ...rest] as Message[];
  let at = START + random.int(0, BEGIN_WITHIN_MS);
  let turn = 0;
  return all.flatMap((one, i): Call[] => {
    if (one.role === 'user') {
      turn++;
      at += random.int(3, 240) * SECOND_MS;
    }
    if (one.role !== 'assistant') return [];
    const event = callOf(nth, turn, at, i, givenOf(all.slice(0, i), habit), one);
    at += CALL_MS;
    return [{ at: at + random.int(0, MAX_DELAY_MS), conversation: nth, event }];
  });
}

/** The calls of all conversations, in the order in which they arrive. */
export const callsIn = (all: readonly (readonly Message[])[], habit: Habit, random: Random): Call[] =>
  all.flatMap((messages, nth) => callsOf(messages, nth, habit, random)).sort((a, b) => a.at - b.at);

export const recordOfCall = ({ at, event }: Call): LogRecord => ({
  topic: TOPICS.raw.name,
  partition: 0,
  offset: 0,
  key: null,
  value: Buffer.from(JSON.stringify(event)),
  headers: {},
  timestampMs: at,
});
