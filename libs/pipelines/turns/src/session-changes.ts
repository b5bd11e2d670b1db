import { type SessionRecord } from '@telltale/contracts';
import {
  conversationsOf, derivedSessionId, joinSessionParts, mergedSession, type SessionPart, sessionOf,
} from '@telltale/domain-turn'; // prettier-ignore
import { hashId, isoTime, MINUTE_MS, windowStart } from '@telltale/kernel';
import { type GroupedTurn, type SessionGroup, type WrittenSession } from './state/session-group';

/** Conversations of a user that late turns can still reach; the earlier ones are over. */
const MAX_CONVERSATIONS = 50;
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
}

const joined = (turns: readonly GroupedTurn[], first: SessionPart | null): SessionPart | null =>
  turns.reduce<SessionPart | null>((all, { part }) => (all ? joinSessionParts(all, part) : part), first);

function sessionsIn(group: SessionGroup): Found[] {
  const { tenant, session, service, user, summed } = group;
  const turns = [...group.turns.values()];
  if (session !== '') {
    const part = joined(turns, summed);
    return part ? [{ id: session, anchor: '', turns, part }] : [];
  }
  return conversationsOf(turns).flatMap((conversation) => {
    const part = joined(conversation, null);
    const anchor = conversation[0]?.turnId ?? '';
    return part ? [{ id: derivedSessionId(tenant, service, user, anchor), anchor, turns: conversation, part }] : [];
  });
}

/** What changed of the sessions in a group since they were last written. A session that has become part of another one says so. */
export function sessionChangesOf(group: SessionGroup): SessionChanges {
  const { tenant } = group;
  const found = sessionsIn(group);
  const sessions: SessionRecord[] = [];
  const written: Record<string, WrittenSession> = {};
  for (const { id, anchor, turns, part } of found) {
    const before = group.written[id];
    const expiresOn = before?.expiresOn ?? [...turns.map((turn) => turn.expiresOn)].sort().at(-1) ?? '';
    const firstMinute = before?.firstMinute ?? isoTime(windowStart(part.from, MINUTE_MS));
    const content = hashId(16, JSON.stringify(part));
    const revision = (before?.revision ?? 0) + (before?.content === content ? 0 : 1);
    written[id] = { revision, expiresOn, firstMinute, content, anchor };
    if (before?.content !== content)
      sessions.push(
        sessionOf(part, {
          tenant,
          session_id: id,
          revision,
          derived: anchor !== '',
          first_minute: firstMinute,
          expires_on: expiresOn,
        }),
      );
  }
  for (const [id, before] of Object.entries(group.written)) {
    if (written[id]) continue;
    const isKnown = before.content === '';
    const revision = isKnown ? before.revision : before.revision + 1;
    written[id] = { ...before, revision, content: '' };
    if (isKnown) continue;
    const into = found.find(({ turns }) => turns.some(({ turnId }) => turnId === before.anchor))?.id ?? '';
    const about = { tenant, session_id: id, revision, derived: before.anchor !== '', first_minute: before.firstMinute, expires_on: before.expiresOn }; // prettier-ignore
    sessions.push(mergedSession(about, into, Date.parse(before.firstMinute)));
  }
  const over = group.session === '' ? found.slice(0, Math.max(0, found.length - MAX_CONVERSATIONS)) : [];
  const merged = Object.keys(written).filter((id) => written[id]?.content === '');
  const forgotten = new Set([...over.map(({ id }) => id), ...merged.slice(0, Math.max(0, merged.length - MAX_MERGED))]);
  const kept = Object.fromEntries(Object.entries(written).filter(([id]) => !forgotten.has(id)));
  return { sessions, written: kept, over: over.flatMap(({ turns }) => turns.map(({ turnId }) => turnId)) };
}
