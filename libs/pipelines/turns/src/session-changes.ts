import { type SessionRecord } from '@telltale/contracts';
import {
  beginnersAfter, continuedConversations, conversationsOf, derivedSessionId, joinSessionParts, mergedSession, NO_JOURNEY, SESSION_GAP_MS, type SessionJourney, type SessionPart, sessionOf,
} from '@telltale/domain-turn'; // prettier-ignore
import { journeyOf } from '@telltale/domain-journey';
import { hashId, isoTime, MINUTE_MS, windowStart } from '@telltale/kernel';
import { type GroupedTurn, isByMessages, type SessionGroup, type WrittenSession } from './state/session-group';

/** Conversations of a user that late turns can still reach; the earlier ones are over. */
const MAX_CONVERSATIONS = 50;
/** The same of those that began with the same request, whoever said it. */
const MAX_BY_MESSAGES = 1_000;
const MAX_TRACE_IDS = 200;
/** Sessions that became part of others, and are still remembered as such. */
const MAX_MERGED = 50;

interface Found {
  readonly id: string;
  readonly anchor: string;
  readonly turns: readonly GroupedTurn[];
  readonly part: SessionPart;
}

export interface SessionChanges {
  /** Those to be written. */
  readonly sessions: readonly SessionRecord[];
  /** What is written of the group now. */
  readonly written: Record<string, WrittenSession>;
  /** Turns of conversations that are over. */
  readonly over: readonly string[];
  /** Turns that are known to begin conversations because of those. */
  readonly beginning: readonly string[];
}

const joined = (turns: readonly GroupedTurn[], first: SessionPart | null): SessionPart | null =>
  turns.reduce<SessionPart | null>((all, { part }) => (all ? joinSessionParts(all, part) : part), first);

/** How a session went; nothing where it has turns that an earlier release kept. */
function sessionJourneyOf(turns: readonly GroupedTurn[]): SessionJourney {
  const inTime = [...turns].sort((a, b) => (a.part.first.key < b.part.first.key ? -1 : 1));
  const steps = inTime.flatMap(({ step }) => step ?? []);
  if (steps.length < turns.length) return NO_JOURNEY;
  const { friction, reasons, signs, waitingMs, longestWaitMs, abandonedBecause, path } = journeyOf(steps);
  return {
    waiting_ms: waitingMs,
    longest_wait_ms: longestWaitMs,
    friction,
    friction_reasons: reasons,
    friction_signs: signs,
    abandoned_because: abandonedBecause,
    path_intents: path.map((one) => one.intent),
    path_outcomes: path.map((one) => one.outcome),
    path_friction: path.map((one) => one.friction),
  };
}

function sessionsIn(group: SessionGroup): Found[] {
  const { tenant, session, service, user, summed } = group;
  const turns = [...group.turns.values()];
  if (session !== '') {
    const part = joined(turns, summed);
    return part ? [{ id: session, anchor: '', turns, part }] : [];
  }
  const conversations = isByMessages(group) ? continuedConversations(turns) : conversationsOf(turns);
  return conversations.flatMap((conversation) => {
    const part = joined(conversation, null);
    const anchor = conversation[0]?.turnId ?? '';
    return part ? [{ id: derivedSessionId(tenant, service, user, anchor), anchor, turns: conversation, part }] : [];
  });
}

/**
 * Those that are not looked at any more: of more than are kept the ones that ended first; of those by their messages, where other people may say
 * the same, only once no turn can continue them, up to a bound.
 */
function conversationsOver(group: SessionGroup, conversations: readonly Found[]): readonly Found[] {
  const over = conversations.length - MAX_CONVERSATIONS;
  if (group.session !== '' || over <= 0) return [];
  const ended = [...conversations].sort((a, b) => a.part.to - b.part.to || (a.part.first.key < b.part.first.key ? -1 : 1));
  if (!isByMessages(group)) return ended.slice(0, over);
  const reach = (ended.at(-1)?.part.to ?? 0) - 2 * SESSION_GAP_MS;
  return ended.slice(0, over).filter(({ part }, i) => part.to < reach || i < conversations.length - MAX_BY_MESSAGES);
}

/** A request that nobody continues is a conversation, but not known to be part of a session. */
const isSession = (group: SessionGroup, { turns }: Found): boolean => !isByMessages(group) || turns.length > 1;

/** What changed of the sessions in a group since they were last written. A session that has become part of another one says so. */
export function sessionChangesOf(group: SessionGroup): SessionChanges {
  const { tenant } = group;
  const conversations = sessionsIn(group);
  const found = conversations.filter((one) => isSession(group, one));
  const sessions: SessionRecord[] = [];
  const written: Record<string, WrittenSession> = {};
  for (const { id, anchor, turns, part } of found) {
    const before = group.written[id];
    const expiresOn = before?.expiresOn ?? [...turns.map((turn) => turn.expiresOn)].sort().at(-1) ?? '';
    const firstMinute = before?.firstMinute ?? isoTime(windowStart(part.from, MINUTE_MS));
    const traceIds = isByMessages(group) ? turns.slice(-MAX_TRACE_IDS).map(({ turnId }) => turnId) : [];
    const journey = sessionJourneyOf(turns);
    const content = hashId(16, JSON.stringify([part, journey]), ...traceIds);
    const revision = (before?.revision ?? 0) + (before?.content === content ? 0 : 1);
    written[id] = { revision, expiresOn, firstMinute, content, anchor };
    if (before?.content !== content)
      sessions.push(
        sessionOf(
          part,
          {
            tenant,
            session_id: id,
            revision,
            derived: anchor !== '',
            trace_ids: traceIds,
            first_minute: firstMinute,
            expires_on: expiresOn,
          },
          journey,
        ),
      );
  }
  for (const [id, before] of Object.entries(group.written)) {
    if (written[id]) continue;
    const isKnown = before.content === '';
    const revision = isKnown ? before.revision : before.revision + 1;
    written[id] = { ...before, revision, content: '' };
    if (isKnown) continue;
    const into = found.find(({ turns }) => turns.some(({ turnId }) => turnId === before.anchor))?.id ?? '';
    const about = { tenant, session_id: id, revision, derived: before.anchor !== '', trace_ids: [], first_minute: before.firstMinute, expires_on: before.expiresOn }; // prettier-ignore
    sessions.push(mergedSession(about, into, Date.parse(before.firstMinute)));
  }
  const over = conversationsOver(group, conversations);
  const merged = Object.keys(written).filter((id) => written[id]?.content === '');
  const forgotten = new Set([...over.map(({ id }) => id), ...merged.slice(0, Math.max(0, merged.length - MAX_MERGED))]);
  const kept = Object.fromEntries(Object.entries(written).filter(([id]) => !forgotten.has(id)));
  const gone = over.flatMap(({ turns }) => turns);
  const left = new Set(gone.map(({ turnId }) => turnId));
  const beginning = beginnersAfter(
    gone.length > 0 ? [...group.turns.values()].filter(({ turnId }) => !left.has(turnId)) : [],
    gone,
  );
  return { sessions, written: kept, over: [...left], beginning: beginning.map(({ turnId }) => turnId) };
}
