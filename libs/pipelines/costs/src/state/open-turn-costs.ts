import { HOUR_MS } from '@telltale/kernel';
import {
  type BatchState,
  flushBounded,
  createBoundedKeys,
  createStateCodec,
  createStateSection,
  type KeyLimits,
} from '@telltale/streaming';

/** What a turn costs so far; `isReported`: it has passed its bound, and that was said. */
interface TurnCost {
  readonly nano: number;
  readonly calls: number;
  readonly isReported: boolean;
  readonly at: number;
}
const SECTION = createStateSection('turn-cost/', createStateCodec<TurnCost>(1));

/** A turn that made no call for so long is over; one that goes on begins at nothing again. */
export const TURN_COST_LIMITS: KeyLimits = { perTenant: 10_000, perTask: 50_000, idleMs: HOUR_MS };

export interface TurnCall {
  readonly tenant: string;
  readonly budget: string;
  readonly trace: string;
  readonly nano: number;
  readonly limit: number;
}

/** What turns cost so far, of tenants with a bound. Counts `turn_costs_*` where some had to go. */
export interface OpenTurnCosts extends BatchState {
  /** Adds a call. Answers the turn where it passes the bound by it; null else, and where that was said before. */
  add(call: TurnCall): { readonly nano: number; readonly calls: number } | null;
}

const keyOf = ({ tenant, budget, trace }: TurnCall): string => JSON.stringify([tenant, budget, trace]);
const tenantOf = (key: string): string => String((JSON.parse(key) as unknown[])[0]);

export function createOpenTurnCosts(restored: ReadonlyMap<string, Buffer>, limits: KeyLimits): OpenTurnCosts {
  const turns = new Map(SECTION.restore(restored));
  const bounded = createBoundedKeys(limits, [...turns].map(([key, { at }]) => ({ tenant: tenantOf(key), key, at }))); // prettier-ignore
  const changed = new Set<string>();
  let now = 0;
  return {
    startBatch(time) {
      now = time;
    },
    add(call) {
      const key = keyOf(call);
      const known = turns.get(key);
      const nano = (known?.nano ?? 0) + call.nano;
      const calls = (known?.calls ?? 0) + 1;
      const isOver = nano > call.limit;
      turns.set(key, { nano, calls, isReported: isOver || (known?.isReported ?? false), at: now });
      bounded.touch(call.tenant, key, now);
      changed.add(key);
      return isOver && !known?.isReported ? { nano, calls } : null;
    },
    flush: (effects) => flushBounded('turn_costs', { section: SECTION, kept: turns, changed, bounded }, now, effects),
    due: bounded.due,
  };
}
