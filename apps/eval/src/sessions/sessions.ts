import { sessionRecord, type SessionRecord, TOPICS } from '@telltale/contracts';
import { MINUTE_MS, SECOND_MS } from '@telltale/kernel';
import { sessionsConfig, sessionsService, turnsConfig, turnsService } from '@telltale/pipeline-turns';
import { createRandom } from '@telltale/simulator';
import { byPartition, createTasks, PARTITIONS } from '../turns/tasks';
import { createEvalEnricher } from '../enricher';
import { readAirline } from '../read-airline';
import { type Call, callsIn, conversations, type Habit, recordOfCall } from './calls';

export interface SessionFigures {
  readonly turns: number;
  readonly sessions: number;
  /** Of pairs of turns in one session: how many are of one conversation. */
  readonly pair_precision: number;
  /** Of pairs of turns of one conversation: how many are in one session. */
  readonly pair_recall: number;
  /** Conversations of two turns and more that are one session, all of it and nothing else. */
  readonly whole_conversations: number;
}

/** Producers that send no session and no user, by what they give to a model of the conversation. */
const HABITS: Readonly<Record<string, Habit>> = {
  all_messages: {},
  texts_only: { keepsTextsOnly: true },
  same_greeting: { greeting: ['Hi', 'Hello! How can I help you today?'] },
  last_12_messages: { window: 12 },
};
const BATCH_MS = 5 * SECOND_MS;

/** Feeds calls through enricher, turns and sessions as they arrive, with tasks that are lost and restored; the sessions of each turn's trace. */
async function sessionsOf(calls: readonly Call[]): Promise<ReadonlyMap<string, string>> {
  const random = createRandom(5);
  const enricher = createTasks(createEvalEnricher(), random);
  const turns = createTasks(turnsService.open(turnsConfig.parse({}), { measurePartitions: 1 }), random);
  const sessions = createTasks(sessionsService.open(sessionsConfig.parse({}), undefined), random);
  const written = new Map<string, SessionRecord>();
  const run = async (some: readonly Call[], now: number): Promise<void> => {
    const { outputs } = await enricher.run(0, some.map(recordOfCall), now);
    const events = byPartition(outputs, TOPICS.events.name);
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const said = await turns.run(partition, events[partition] ?? [], now);
      for (const [to, records] of byPartition(said.outputs, TOPICS.turns.name).entries())
        for (const row of (await sessions.run(to, records, now)).rows.get('sessions') ?? []) {
          const session = sessionRecord.parse(JSON.parse(String(row)));
          written.set(session.session_id, session);
        }
    }
  };
  let now = 0;
  for (let at = 0; at < calls.length;) {
    now = (calls[at]?.at ?? 0) + BATCH_MS;
    const next = calls.findIndex((call, i) => i >= at && call.at > now);
    await run(calls.slice(at, next < 0 ? calls.length : next), now);
    at = next < 0 ? calls.length : next;
  }
  for (const minutes of [2, 12]) await run([], (now += minutes * MINUTE_MS));
  return new Map(
    [...written.values()].flatMap(({ session_id: id, trace_ids: traces }) => traces.map((trace) => [trace, id] as const)),
  );
}

const pairsOf = (sizes: Iterable<number>): number => [...sizes].reduce((sum, size) => sum + (size * (size - 1)) / 2, 0);
function sizesBy(keys: readonly string[]): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const key of keys) sizes.set(key, (sizes.get(key) ?? 0) + 1);
  return sizes;
}

/** Turns by trace: the conversation each is of, and the session it was put into; a turn without one is alone. */
export function scoreSessions(conversationOf: ReadonlyMap<string, number>, sessionOf: ReadonlyMap<string, string>): SessionFigures {
  const turns = [...conversationOf].map(([trace, conversation]) => ({ conversation: String(conversation), session: sessionOf.get(trace) ?? `alone ${trace}` }));
  const truth = sizesBy(turns.map(({ conversation }) => conversation));
  const found = sizesBy(turns.map(({ session }) => session));
  const both = sizesBy(turns.map(({ conversation, session }) => `${conversation} ${session}`));
  const rightPairs = pairsOf(both.values());
  const several = [...truth].filter(([, size]) => size > 1);
  const whole = new Set(turns.flatMap(({ conversation, session }) => {
    const size = both.get(`${conversation} ${session}`);
    return size === truth.get(conversation) && size === found.get(session) ? [conversation] : [];
  }));
  return {
    turns: turns.length,
    sessions: new Set(sessionOf.values()).size,
    pair_precision: rightPairs / Math.max(1, pairsOf(found.values())),
    pair_recall: rightPairs / Math.max(1, pairsOf(truth.values())),
    whole_conversations: several.filter(([conversation]) => whole.has(conversation)).length / Math.max(1, several.length),
  };
} // prettier-ignore

const FORM = 'a JSON list of objects with traj, a list of messages with role and content';

/** Conversations cut into calls of models that name no session and no user, and put together again by their messages. */
export async function evaluateSessions(path: string): Promise<Record<string, SessionFigures>> {
  const all = readAirline(path, conversations, FORM).map(({ traj }) => traj);
  const figures: Record<string, SessionFigures> = {};
  for (const [name, habit] of Object.entries(HABITS)) {
    const calls = callsIn(all, habit, createRandom(7));
    const truth = new Map(calls.map(({ event, conversation }) => [event.trace_id, conversation]));
    figures[name] = scoreSessions(truth, await sessionsOf(calls));
  }
  return figures;
}
