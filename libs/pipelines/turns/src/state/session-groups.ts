import { type TurnRecord } from '@telltale/contracts';
import { DAY_MS, HOUR_MS } from '@telltale/kernel';
import { type BatchState, createTenantShares, createTimerQueue } from '@telltale/streaming';
import {
  beginningOf, bytesOfGroup, forgetGroup, groupedTurnOf, groupOf, isByMessages, isSummed, newGroup, restoreGroups, saveGroup, type SessionGroup, sumEarliest,
} from './session-group'; // prettier-ignore

/** A session that nothing touched for so long is forgotten: what comes later is a row of its own. */
const IDLE_MS = 7 * DAY_MS;
/** The same of turns that continue each other within half an hour: many of them nobody ever continues. */
const IDLE_BY_MESSAGES_MS = 2 * HOUR_MS;
const idleMs = (group: SessionGroup): number => (isByMessages(group) ? IDLE_BY_MESSAGES_MS : IDLE_MS);

/** Turns of a task by the group in which their session is. */
export interface SessionGroups extends BatchState {
  /** `isMovedAway`: the turn is under another key now, where another task has it. */
  add(turn: TurnRecord, isMovedAway: boolean): void;
  /** Groups that changed in this batch, in order of first change. */
  changed(): Iterable<SessionGroup>;
  /** Takes turns out of a group: their session is over. `beginning`: turns that continue none of those. */
  drop(group: SessionGroup, turnIds: readonly string[], beginning: readonly string[]): void;
}

export function createSessionGroups(restored: ReadonlyMap<string, Buffer>, maxBytes: number): SessionGroups {
  const groups = createTenantShares<SessionGroup>();
  /** Key of the group that has a turn, by `<tenant>/<turn>`. */
  const placeOf = new Map<string, string>();
  const idle = createTimerQueue();
  /** Turns that changed, by group. */
  let changes = new Map<SessionGroup, Set<string>>();
  const counts = new Map<string, number>();
  let gone: [SessionGroup, Iterable<string>][] = [];
  let now = 0;

  const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);
  const place = ({ tenant }: SessionGroup, turnId: string): string => `${tenant}/${turnId}`;
  for (const group of restoreGroups(restored)) {
    groups.put(group, bytesOfGroup(group));
    idle.add({ at: group.touched + idleMs(group), key: group.key });
    for (const turnId of group.turns.keys()) placeOf.set(place(group, turnId), group.key);
  }

  function touch(group: SessionGroup, turnIds: readonly string[]): void {
    const known = changes.get(group) ?? new Set<string>();
    for (const turnId of turnIds) known.add(turnId);
    changes.set(group, known);
    if (!groups.has(group)) idle.add({ at: now + idleMs(group), key: group.key });
    group.touched = now;
    groups.put(group, bytesOfGroup(group));
  }
  function takeOut(group: SessionGroup, turnIds: readonly string[]): void {
    for (const turnId of turnIds) {
      group.turns.delete(turnId);
      if (placeOf.get(place(group, turnId)) === group.key) placeOf.delete(place(group, turnId));
    }
    touch(group, turnIds);
  }
  function forget(group: SessionGroup, what: string): void {
    for (const turnId of group.turns.keys()) placeOf.delete(place(group, turnId));
    groups.remove(group);
    gone.push([group, changes.get(group) ?? []]);
    changes.delete(group);
    count(what);
  }

  return {
    startBatch(time) {
      now = time;
    },
    add(turn, isMovedAway) {
      const name = groupOf(turn);
      const before = groups.get(placeOf.get(`${turn.tenant}/${turn.turn_id}`) ?? '');
      const known = before?.turns.get(turn.turn_id);
      if (known && known.revision >= turn.revision) return count('outdated_turns');
      if (before && before.key !== name?.key) takeOut(before, [turn.turn_id]);
      if (isMovedAway || !name) return count(name ? 'moved_turns' : 'turns_without_session');
      const group = groups.get(name.key) ?? newGroup(name);
      const one = groupedTurnOf(turn);
      if (!group.turns.has(turn.turn_id) && isSummed(group, one)) return count('late_turns');
      group.turns.set(turn.turn_id, one);
      placeOf.set(place(group, turn.turn_id), group.key);
      touch(group, [turn.turn_id]);
      if (group.session === '') return;
      const summed = sumEarliest(group).map(({ turnId }) => turnId);
      for (const turnId of summed) placeOf.delete(place(group, turnId));
      if (summed.length > 0) touch(group, summed);
    },
    changed: () => [...changes.keys()],
    drop(group, turnIds, beginning) {
      takeOut(group, turnIds);
      for (const turnId of beginning) {
        const turn = group.turns.get(turnId);
        if (turn) group.turns.set(turnId, beginningOf(turn));
      }
      touch(group, beginning);
    },
    flush(effects) {
      // What was written of them is part of their size.
      for (const group of changes.keys()) groups.put(group, bytesOfGroup(group));
      for (let due = idle.takeUntil(now); due; due = idle.takeUntil(now)) {
        const group = groups.get(due.key);
        if (!group) continue;
        if (group.touched + idleMs(group) <= due.at) forget(group, 'sessions_expired');
        else idle.add({ at: group.touched + idleMs(group), key: group.key });
      }
      for (let over = groups.over(maxBytes); over; over = groups.over(maxBytes))
        for (const group of groups.ofTenant(over.tenant)) {
          if (groups.bytesOf(over.tenant) <= over.goal) break;
          forget(group, 'sessions_over_limit');
        }
      for (const [group, changed] of gone) forgetGroup(effects, group, changed);
      for (const [group, changed] of changes) saveGroup(effects, group, changed);
      for (const [what, by] of counts) effects.count(what, by);
      gone = [];
      changes = new Map();
      counts.clear();
    },
    due(time) {
      const next = idle.peek();
      return next !== undefined && next.at <= time;
    },
  };
}
