import { type KnownId } from '@telltale/domain-privacy';
import { hashId, HOUR_MS } from '@telltale/kernel';
import { type BatchState, createBoundedKeys, createStateCodec, createStateSection, flushBounded } from '@telltale/streaming';

/** Ids of one turn that are followed from one batch into the next. */
const MAX_IDS = 64;
/** After so long without another id a turn is over. */
const LIMITS = { perTenant: 10_000, perTask: 50_000, idleMs: HOUR_MS };

interface Turn {
  readonly ids: readonly KnownId[];
  /** Batch time of the last id. */
  readonly touched: number;
}
const SECTION = createStateSection('subjects/', createStateCodec<Turn>(1));
const NONE: readonly KnownId[] = [];

/** The people that turns are about, as pseudonyms: what one event names as an id, a later one may say in a sentence. */
export interface TurnSubjects extends BatchState {
  of(tenant: string, turn: string): readonly KnownId[];
  add(tenant: string, turn: string, ids: readonly KnownId[]): void;
}

/** State: `subjects/<tenant>/<hash of the turn>` → its ids. */
export function createTurnSubjects(restored: ReadonlyMap<string, Buffer>): TurnSubjects {
  const turns = new Map(SECTION.restore(restored));
  // Tenants have no slash.
  const tenantOf = (key: string): string => key.slice(0, key.indexOf('/'));
  const bounded = createBoundedKeys(
    LIMITS,
    [...turns].map(([key, { touched }]) => ({ tenant: tenantOf(key), key, at: touched })).sort((a, b) => a.at - b.at),
  );
  const changed = new Set<string>();
  let now = 0;
  const keyOf = (tenant: string, turn: string): string => `${tenant}/${hashId(32, turn)}`;

  return {
    startBatch(time) {
      now = time;
    },
    of: (tenant, turn) => turns.get(keyOf(tenant, turn))?.ids ?? NONE,
    add(tenant, turn, ids) {
      if (ids.length === 0) return;
      const key = keyOf(tenant, turn);
      const known = turns.get(key)?.ids ?? NONE;
      const added = ids
        .filter(({ pseudonym }) => !known.some((one) => one.pseudonym === pseudonym))
        .slice(0, MAX_IDS - known.length);
      if (added.length === 0) return;
      turns.set(key, { ids: [...known, ...added], touched: now });
      bounded.touch(tenant, key, now);
      changed.add(key);
    },
    flush: (effects) => flushBounded('turn_subjects', { section: SECTION, kept: turns, changed, bounded }, now, effects),
    // What is kept of a turn that is over can wait for the next batch.
    due: () => false,
  };
}
