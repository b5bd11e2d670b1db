import { groupBy, hashId, MINUTE_MS } from '@telltale/kernel';
import { type SessionPart } from './session';

/** Who says nothing for so long has begun another conversation. */
export const SESSION_GAP_MS = 30 * MINUTE_MS;

interface Placed {
  readonly part: SessionPart;
}
/** A turn, and what its calls of models show of the conversation; both absent where they show none. */
export interface Continuing extends Placed {
  readonly turnId: string;
  /** Hash of what was said before it; '' where nothing was. */
  readonly before?: string;
  /** The same with this turn. */
  readonly after?: string;
}

const inOrder = <T extends Placed>(turns: readonly T[]): T[] =>
  [...turns].sort((a, b) => (a.part.first.key < b.part.first.key ? -1 : 1));

/**
 * The turns of one user of one service as conversations: each turn begins no more than the gap after all before it in its conversation
 * have ended. Follows from the set of turns, whatever order they came in.
 */
export function conversationsOf<T extends Placed>(turns: readonly T[]): T[][] {
  const conversations: T[][] = [];
  let until = -Infinity;
  for (const turn of inOrder(turns)) {
    const current = conversations.at(-1);
    if (current && turn.part.from <= until + SESSION_GAP_MS) current.push(turn);
    else conversations.push([turn]);
    until = Math.max(until, turn.part.to);
  }
  return conversations;
}

/** Id of a conversation that no producer names, by the turn it begins with. */
export const derivedSessionId = (tenant: string, service: string, user: string, firstTurnId: string): string =>
  hashId(32, tenant, service, user, firstTurnId);

const isAnswered = ({ before, after }: Continuing): boolean => after !== before;

/** Whether a turn can be the one that another continues: after it exactly that had been said, within the gap. */
const isContinuedBy = (before: Continuing, turn: Continuing): boolean =>
  isAnswered(before) &&
  before.after === turn.before &&
  before.part.first.key < turn.part.first.key &&
  turn.part.from <= before.part.to + SESSION_GAP_MS;

const byEnd = <T extends Continuing>(turns: readonly T[]): ReadonlyMap<string, T[]> =>
  groupBy(
    turns.filter(({ after = '' }) => after !== ''),
    ({ after = '' }) => after,
  );

/** The turn that each continues, by id. Of several that is not known. */
function predecessorsOf<T extends Continuing>(turns: readonly T[]): ReadonlyMap<string, T> {
  const ends = byEnd(turns);
  const found = new Map<string, T>();
  for (const turn of turns) {
    const candidates = (ends.get(turn.before ?? '') ?? []).filter((one) => isContinuedBy(one, turn));
    const [only] = candidates;
    if (only && candidates.length === 1) found.set(turn.turnId, only);
  }
  return found;
}

/** Turns that could continue one of those that are `gone`, but do not: without these nobody would know that it is not another one. */
export function beginnersAfter<T extends Continuing>(turns: readonly T[], gone: readonly T[]): T[] {
  const ends = byEnd(gone);
  return turns.filter((turn) => (ends.get(turn.before ?? '') ?? []).some((one) => isContinuedBy(one, turn)));
}

/**
 * The turns of one service that name no user as conversations: each turn continues the one after which exactly that had been said which it was
 * given. Where two turns ended alike (two people who say "hi" and get the same answer), what follows belongs to neither of them; where two turns
 * continue the same one (a request that was edited), the second begins another conversation, but for turns without an answer, which were tried
 * again. Follows from the set of turns, whatever order they came in.
 */
export function continuedConversations<T extends Continuing>(turns: readonly T[]): T[][] {
  const sorted = inOrder(turns);
  const predecessors = predecessorsOf(sorted);
  const conversationOf = new Map<string, T[]>();
  const continued = new Set<string>();
  const conversations: T[][] = [];
  for (const turn of sorted) {
    const before = predecessors.get(turn.turnId);
    const conversation = before && !continued.has(before.turnId) ? (conversationOf.get(before.turnId) ?? []) : [];
    if (before && isAnswered(turn)) continued.add(before.turnId);
    if (conversation.length === 0) conversations.push(conversation);
    conversation.push(turn);
    conversationOf.set(turn.turnId, conversation);
  }
  return conversations;
}
