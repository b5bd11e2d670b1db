import { type Cancel, type Clock } from './clock';
import { type Subject } from './directives/match';
import { type SdkRecord } from './record';
import { createRing, type RingBudget, type RingLimits } from './ring';
import { type OpenTurn } from './scope';

const MAX_OPEN_TURNS = 10_000;
const MAX_RING_BYTES_OF_ALL = 64 * 1024 * 1024;

/** The turns of this process that have begun and not ended. */
export interface Turns {
  open(subject: Subject): OpenTurn;
  /** All that is open; by trace id. */
  readonly all: ReadonlyMap<string, OpenTurn>;
}

interface Deps {
  readonly clock: Clock;
  readonly limits: RingLimits;
  readonly slowTurnMs: number | null;
  letGo(bytes: number): void;
  /** Sends what the ring of a turn held. */
  sendHeld(held: readonly SdkRecord[], dropped: number, subject: Subject): void;
}

export function createTurns({ clock, limits, slowTurnMs, letGo, sendHeld }: Deps): Turns {
  const all = new Map<string, OpenTurn>();
  const budget: RingBudget = { used: 0, maxBytes: MAX_RING_BYTES_OF_ALL };

  return {
    all,
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
          if (triggers.has(trigger)) return;
          if (triggers.size < 1_000) triggers.add(trigger);
          const { items, dropped } = ring.take(clock.mono());
          if (items.length > 0 || dropped > 0) sendHeld(items, dropped, subject);
        },
        close() {
          slow();
          ring.close();
          if (all.get(subject.traceId) === turn) all.delete(subject.traceId);
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
