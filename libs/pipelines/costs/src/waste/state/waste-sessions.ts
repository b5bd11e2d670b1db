import { MINUTE_MS } from '@telltale/kernel';
import { type BatchState, createTenantShares, createTimerQueue } from '@telltale/streaming';
import { groupKeyOf, type KeptTurn, keptTurnOf, keyOfTurn, type WastefulTurn } from '../wasteful-turn';
import {
  bytesOfWasteSession, dropEarliest, forgetWasteSession, inOrder, newWasteSession, restoreWasteSessions, saveWasteSession, type WasteSession,
} from './waste-session'; // prettier-ignore

/** A session that nothing touched for so long is forgotten, when it waits for nothing. */
const IDLE_MS = 30 * MINUTE_MS;
/** Of a tenant that has to give way at least this part goes at once, so that its sessions are not put in order again and again. */
const LEAST_CUT = 0.05;
/** Turns are written this much later than they end, at most, when nothing lags. */
const LATENESS_MS = 5 * MINUTE_MS;

/** A session and those of its turns that have to be looked at: from the first that changed. */
export interface ChangedSession {
  readonly session: WasteSession;
  readonly turns: readonly KeptTurn[];
  readonly from: number;
}

/** What became of a turn: as it is kept now, and what it takes the place of, or that went with it. */
export interface AddedTurn {
  readonly added?: KeptTurn;
  readonly replaced?: KeptTurn;
}

export interface WasteSessions extends BatchState {
  /** `key`: that of its record; one that it does not have any more says that the turn has moved, maybe to another task. */
  add(turn: WastefulTurn, key: string): AddedTurn;
  /** Turns that have left their session in this batch, as they were last written. */
  left(): readonly { readonly tenant: string; readonly turn: KeptTurn }[];
  changed(): readonly ChangedSession[];
  /** Takes note that what is kept of a turn has changed. */
  rewritten(session: WasteSession, turn: KeptTurn): void;
  /** Whether all turns that could have read a cache of this session until then have come. */
  isOver(session: WasteSession, until: number): boolean;
}

export function createWasteSessions(restored: ReadonlyMap<string, Buffer>, maxBytes: number): WasteSessions {
  const sessions = createTenantShares<WasteSession>();
  /** Key of the session that has a turn, by `<tenant>/<turn>`. */
  const placeOf = new Map<string, string>();
  const timers = createTimerQueue();
  const waiting = new Map<string, number>();
  let changes = new Map<WasteSession, Set<string>>();
  let gone: [WasteSession, Iterable<string>][] = [];
  let left: { readonly tenant: string; readonly turn: KeptTurn }[] = [];
  const counts = new Map<string, number>();
  let now = 0;

  const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);
  const skip = (what: string, added: AddedTurn = {}): AddedTurn => {
    count(what);
    return added;
  };
  const place = (tenant: string, turnId: string): string => `${tenant}/${turnId}`;

  function dueAt(session: WasteSession): number {
    let at = Infinity;
    for (const { openUntil } of session.turns.values())
      if (openUntil !== null) at = Math.min(at, Math.max(openUntil, session.touched) + LATENESS_MS);
    return at < Infinity ? at : session.touched + IDLE_MS;
  }
  function watch(session: WasteSession): void {
    const at = dueAt(session);
    if ((waiting.get(session.key) ?? Infinity) <= at) return;
    waiting.set(session.key, at);
    timers.add({ at, key: session.key });
  }
  for (const session of restoreWasteSessions(restored)) {
    sessions.put(session, bytesOfWasteSession(session));
    for (const id of session.turns.keys()) placeOf.set(place(session.tenant, id), session.key);
    watch(session);
  }

  function change(session: WasteSession, ...turnIds: readonly string[]): void {
    const known = changes.get(session);
    if (known) turnIds.forEach((id) => known.add(id));
    else changes.set(session, new Set(turnIds));
  }
  function takeOut(session: WasteSession, turnId: string): void {
    const turn = session.turns.get(turnId);
    if (turn) left.push({ tenant: session.tenant, turn });
    session.turns.delete(turnId);
    placeOf.delete(place(session.tenant, turnId));
    change(session, turnId);
  }
  function forget(session: WasteSession, what: string): void {
    for (const id of session.turns.keys()) placeOf.delete(place(session.tenant, id));
    sessions.remove(session);
    waiting.delete(session.key);
    gone.push([session, changes.get(session) ?? []]);
    changes.delete(session);
    count(what);
  }

  return {
    startBatch(time) {
      now = time;
      for (let due = timers.takeUntil(now); due; due = timers.takeUntil(now)) {
        const session = sessions.get(due.key);
        if (!session || waiting.get(due.key) !== due.at) continue;
        waiting.delete(due.key);
        const isWaiting = [...session.turns.values()].some(({ openUntil }) => openUntil !== null);
        if (dueAt(session) > now) watch(session);
        else if (!isWaiting) forget(session, 'waste_sessions_expired');
        // It is watched again at the end of the batch, when what was waited for is decided.
        else for (const { id, openUntil } of session.turns.values()) if (openUntil !== null) change(session, id);
      }
    },
    add(turn, sentTo) {
      const { tenant, turn_id: turnId } = turn;
      const before = sessions.get(placeOf.get(place(tenant, turnId)) ?? '');
      const known = before?.turns.get(turnId);
      const replaced = known && { replaced: known };
      const isMovedAway = sentTo !== keyOfTurn(turn);
      if (isMovedAway && known?.key !== sentTo) return skip('moved_turns');
      if (known && known.revision >= turn.revision && !isMovedAway) return skip('outdated_turns');
      const key = `${tenant}/${groupKeyOf(turn)}`;
      if (before && (isMovedAway || before.key !== key || known?.key !== keyOfTurn(turn))) takeOut(before, turnId);
      if (isMovedAway) return { ...replaced };
      // Most turns of tenants that do not call models say nothing here.
      if (Object.keys(turn.waste).length === 0 && !known) return skip('turns_without_calls');
      const session = sessions.get(key) ?? newWasteSession(key, tenant);
      if (turn.ts <= session.goneUntil) return skip('late_turns', replaced);
      const added = keptTurnOf(turn);
      added.written = session.turns.get(turnId)?.written ?? {};
      session.turns.set(turnId, added);
      placeOf.set(place(tenant, turnId), key);
      session.touched = now;
      sessions.put(session, bytesOfWasteSession(session));
      change(session, turnId);
      return { added, ...replaced };
    },
    left: () => left,
    changed: () =>
      [...changes].map(([session, ids]) => {
        const turns = inOrder(session);
        const from = turns.findIndex(({ id }) => ids.has(id));
        return { session, turns, from: from < 0 ? turns.length : from };
      }),
    rewritten: (session, { id }) => change(session, id),
    isOver: ({ touched }, until) => now >= Math.max(until, touched) + LATENESS_MS,
    flush(effects) {
      for (const [session, ids] of changes) {
        for (const id of dropEarliest(session)) {
          ids.add(id);
          placeOf.delete(place(session.tenant, id));
        }
        sessions.put(session, bytesOfWasteSession(session));
        watch(session);
      }
      for (let over = sessions.over(maxBytes); over; over = sessions.over(maxBytes)) {
        const goal = Math.min(over.goal, (1 - LEAST_CUT) * sessions.bytesOf(over.tenant));
        for (const session of sessions.ofTenant(over.tenant)) {
          if (sessions.bytesOf(over.tenant) <= goal) break;
          forget(session, 'waste_sessions_over_limit');
        }
      }
      for (const [session, ids] of gone) forgetWasteSession(effects, session, ids);
      for (const [session, ids] of changes) saveWasteSession(effects, session, ids);
      for (const [what, by] of counts) effects.count(what, by);
      gone = [];
      left = [];
      changes = new Map();
      counts.clear();
    },
    due(time) {
      for (let next = timers.peek(); next && next.at <= time; next = timers.peek()) {
        const session = waiting.get(next.key) === next.at ? sessions.get(next.key) : undefined;
        if (session && dueAt(session) <= next.at) return true;
        timers.takeUntil(next.at);
        if (!session) continue;
        waiting.delete(next.key);
        watch(session);
      }
      return false;
    },
  };
}
