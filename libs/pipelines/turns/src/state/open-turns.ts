import { eventsIn, startOf, type TurnEvent } from '@telltale/domain-turn';
import { DAY_MS, MINUTE_MS, windowStart } from '@telltale/kernel';
import { type BatchState, createTenantShares, createTimerQueue, type Effects } from '@telltale/streaming';
import {
  addToTurn, bytesOf, forgetTurn, isUnwritten, keyOfEvent, type OpenTurn, openTurnOf, restoreTurns, restTurn, saveTurn, sealTurn, wakeTurn,
} from './open-turn'; // prettier-ignore

/** How long a turn that takes no more events is remembered, so that late ones are known as such. */
const REMEMBERED_MS = DAY_MS;
/** How often a turn is written while events come to it; the last time is when it takes no more. */
const MAX_WRITES = 20;

export interface TurnLimits {
  readonly quietMs: number;
  /** The same of turns all of whose events are backfill. */
  readonly backfillQuietMs: number;
  readonly amendMs: number;
  readonly maxBytes: number;
  /** Attributes that turns of a tenant are grouped by. */
  readonly dimensionsOf: (tenant: string) => readonly string[];
}

/** Turns of a task. */
export interface OpenTurns extends BatchState {
  add(event: TurnEvent): void;
  /** Hands those that are to be written now, in order of the time at which they were due, to `write`. */
  close(write: (turn: OpenTurn) => void): void;
}

/**
 * A turn is written once it has been quiet, again when late events amended it, and takes no more events later. Above the limit of memory
 * the tenant with the most gives way: of its turns those that are written go first, the longest untouched before the others; when there
 * are only others, these are written early.
 */
export function createOpenTurns(restored: ReadonlyMap<string, Buffer>, limits: TurnLimits): OpenTurns {
  const { quietMs, backfillQuietMs, amendMs, maxBytes, dimensionsOf } = limits;
  const turns = createTenantShares<OpenTurn>();
  const timers = createTimerQueue();
  /** When each turn is looked at next; entries of the queue that say otherwise are outdated. */
  const waiting = new Map<string, number>();
  const changed = new Set<OpenTurn>();
  const counts = new Map<string, number>();
  /** Turns that still take events. */
  let open = 0;
  let gone: OpenTurn[] = [];
  let now = 0;

  const count = (what: string, by = 1): void => void counts.set(what, (counts.get(what) ?? 0) + by);

  /** When something is to be done about a turn although nothing comes. */
  function dueAt(turn: OpenTurn): number {
    if (turn.isSealed) return turn.touched + REMEMBERED_MS;
    if (!isUnwritten(turn) || turn.writes >= MAX_WRITES) return turn.touched + amendMs;
    return turn.touched + (turn.isBackfill ? backfillQuietMs : quietMs);
  }
  function watch(turn: OpenTurn): void {
    const at = dueAt(turn);
    if ((waiting.get(turn.key) ?? Infinity) <= at) return;
    waiting.set(turn.key, at);
    timers.add({ at, key: turn.key });
  }
  for (const turn of restoreTurns(restored)) {
    turns.put(turn, bytesOf(turn));
    if (!turn.isSealed) open++;
    restTurn(turn);
    watch(turn);
  }

  function forget(turn: OpenTurn): void {
    if (!turn.isSealed) open--;
    turns.remove(turn);
    waiting.delete(turn.key);
    changed.delete(turn);
    gone.push(turn);
  }
  function writeOnce(turn: OpenTurn, write: (turn: OpenTurn) => void): void {
    wakeTurn(turn);
    if (turn.firstMinute === 0) turn.firstMinute = windowStart(startOf(turn.events), MINUTE_MS);
    write(turn);
    turn.written = eventsIn(turn.events);
    turn.writes++;
    changed.add(turn);
  }
  function seal(turn: OpenTurn): void {
    sealTurn(turn);
    open--;
    turns.put(turn, bytesOf(turn));
    changed.add(turn);
  }

  function act(turn: OpenTurn, write: (turn: OpenTurn) => void): void {
    const isOver = turn.touched + amendMs <= now;
    if (turn.isSealed || (isOver && !turn.isTurn)) return forget(turn);
    if (isUnwritten(turn)) writeOnce(turn, write);
    if (isOver) seal(turn);
    watch(turn);
  }

  /** Makes room of a tenant's turns until it has `goal` bytes. */
  function makeRoom(tenant: string, goal: number, write: (turn: OpenTurn) => void): void {
    const inOrder = turns.ofTenant(tenant);
    const steps: readonly [what: string, of: (turn: OpenTurn) => boolean, free: (turn: OpenTurn) => void][] = [
      ['turns_sealed_early', (turn) => !turn.isSealed && turn.written > 0 && !isUnwritten(turn), seal],
      ['turns_forgotten_early', (turn) => turn.isSealed || !turn.isTurn, forget],
      ['turns_closed_early', () => true, (turn) => {
        writeOnce(turn, write);
        forget(turn);
      }],
    ]; // prettier-ignore
    for (const [what, of, free] of steps)
      for (const turn of inOrder) {
        if (turns.bytesOf(tenant) <= goal) return;
        if (!turns.has(turn) || !of(turn)) continue;
        free(turn);
        count(what);
      }
  }

  return {
    startBatch(time) {
      now = time;
    },
    add(event) {
      const key = keyOfEvent(event);
      const turn = turns.get(key) ?? openTurnOf(event);
      if (turn.isSealed) return count('late_events');
      const added = addToTurn(turn, event, dimensionsOf(event.tenant), now);
      if (added.kind !== 'added') return count(added.kind === 'repeated' ? 'repeated_events' : 'turn_events_over_limit');
      if (!turns.has(turn)) open++;
      turns.put(turn, bytesOf(turn));
      changed.add(turn);
      watch(turn);
    },
    close(write) {
      for (let due = timers.takeUntil(now); due; due = timers.takeUntil(now)) {
        const turn = turns.get(due.key);
        if (!turn || waiting.get(due.key) !== due.at) continue;
        waiting.delete(due.key);
        if (dueAt(turn) > due.at) watch(turn);
        else act(turn, write);
      }
      for (let over = turns.over(maxBytes); over; over = turns.over(maxBytes)) makeRoom(over.tenant, over.goal, write);
    },
    flush(effects: Effects) {
      for (const turn of gone) forgetTurn(effects, turn);
      for (const turn of changed) {
        saveTurn(effects, turn);
        restTurn(turn);
      }
      for (const [what, by] of counts) effects.count(what, by);
      effects.gauge('telltale_open_turns', open);
      gone = [];
      changed.clear();
      counts.clear();
    },
    due(time) {
      for (let next = timers.peek(); next && next.at <= time; next = timers.peek()) {
        const turn = waiting.get(next.key) === next.at ? turns.get(next.key) : undefined;
        if (turn && dueAt(turn) <= next.at) return true;
        timers.takeUntil(next.at);
        if (!turn) continue;
        waiting.delete(next.key);
        watch(turn);
      }
      return false;
    },
  };
}
