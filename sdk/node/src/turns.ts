import { type Cancel, type Clock } from './clock';
import { type Subject } from './directives/match';
import { type SdkRecord } from './record';
import { createRing, type RingBudget, type RingLimits } from './ring';
import { type OpenTurn } from './scope';

const MAX_OPEN_TURNS = 10_000;
const MAX_ENDED_TURNS = 10_000;
const MAX_RING_BYTES_OF_ALL = 32 * 1024 * 1024;

/** The turns of this process that have begun and not ended, and those that ended lately. */
export interface Turns {
  open(subject: Subject): OpenTurn;
  /** All that is open; by trace id. */
  readonly all: ReadonlyMap<string, OpenTurn>;
  /** The turn of a trace: one that is open, else the last that ended and is still kept. */
  find(traceId: string): OpenTurn | null;
  /** Lets go of what ended turns hold. */
  forgetEnded(): void;
}

interface Deps {
  readonly clock: Clock;
  readonly limits: RingLimits;
  readonly slowTurnMs: number | null;
  /** How long what a turn holds is kept after its end. */
  readonly lingerMs: number;
  letGo(bytes: number): void;
  /** Sends what the ring of a turn held. */
  sendHeld(held: readonly SdkRecord[], dropped: number, subject: Subject): void;
}

export function createTurns({ clock, limits, slowTurnMs, lingerMs, letGo, sendHeld }: Deps): Turns {
  const all = new Map<string, OpenTurn>();
  /** In the order in which they ended. */
  const ended = new Map<OpenTurn, { readonly traceId: string; readonly until: number }>();
  let endedTimer: Cancel = () => undefined;
  const budget: RingBudget = {
    used: 0,
    maxBytes: MAX_RING_BYTES_OF_ALL,
    giveWay() {
      for (const turn of ended.keys()) {
        if (budget.used <= budget.maxBytes) return;
        forget(turn);
      }
    },
  };

  function forget(turn: OpenTurn): void {
    ended.delete(turn);
    turn.ring.close();
  }
  function forgetOld(): void {
    endedTimer();
    for (const [turn, { until }] of ended) {
      const left = until - clock.mono();
      if (left > 0) {
        endedTimer = clock.after(left, forgetOld);
        return;
      }
      forget(turn);
    }
  }
  function keepEnded(turn: OpenTurn, traceId: string): void {
    ended.set(turn, { traceId, until: clock.mono() + lingerMs });
    const [oldest] = ended.keys();
    if (oldest && ended.size > MAX_ENDED_TURNS) forget(oldest);
    if (ended.size === 1) forgetOld();
  }

  return {
    all,
    find: (traceId) => all.get(traceId) ?? [...ended].findLast(([, one]) => one.traceId === traceId)?.[0] ?? null,
    forgetEnded() {
      endedTimer();
      for (const turn of ended.keys()) forget(turn);
    },
    open(subject) {
      const ring = createRing<SdkRecord>(limits, budget, letGo);
      const triggers = new Set<string>();
      let slow: Cancel = () => undefined;
      let isSentWhole = false;
      const turn: OpenTurn = {
        ring,
        get isSentWhole() {
          return isSentWhole;
        },
        sendWhole(trigger) {
          turn.flush(trigger);
          isSentWhole = true;
        },
        flush(trigger) {
          if (triggers.has(trigger)) return 0;
          if (triggers.size < 1_000) triggers.add(trigger);
          const { items, dropped } = ring.take(clock.mono());
          if (items.length > 0 || dropped > 0) sendHeld(items, dropped, subject);
          return items.length;
        },
        close() {
          slow();
          if (all.get(subject.traceId) === turn) all.delete(subject.traceId);
          if (ring.isEmpty || lingerMs === 0) ring.close();
          else keepEnded(turn, subject.traceId);
        },
      };
      if (slowTurnMs !== null) slow = clock.after(slowTurnMs, () => turn.sendWhole('slow turn'));
      // A turn that never ends must not be kept for ever.
      const [oldest] = all.values();
      if (all.size >= MAX_OPEN_TURNS) oldest?.close();
      all.set(subject.traceId, turn);
      return turn;
    },
  };
}
