import { type KnownId } from '@telltale/domain-privacy';
import { DAY_MS, hashId, HOUR_MS } from '@telltale/kernel';
import { type BatchState, createBoundedKeys, createStateCodec, createStateSection, flushBounded } from '@telltale/streaming';

/** Ids of one turn, or of one session, that are followed from one batch into the next. */
const MAX_IDS = 64;

interface Kind {
  readonly section: string;
  readonly counted: string;
  /** After so long without another id it is over. */
  readonly idleMs: number;
}
const TURN: Kind = { section: 'subjects/', counted: 'turn_subjects', idleMs: HOUR_MS };
/** People answer on the next morning. */
const SESSION: Kind = { section: 'session-subjects/', counted: 'session_subjects', idleMs: DAY_MS };
const LIMITS = { perTenant: 10_000, perTask: 50_000 };

interface Turn {
  readonly ids: readonly KnownId[];
  /** Batch time of the last id. */
  readonly touched: number;
}
const NONE: readonly KnownId[] = [];

/** The people that turns are about, as pseudonyms: what one event names as an id, a later one may say in a sentence. */
export interface TurnSubjects extends BatchState {
  of(tenant: string, turn: string): readonly KnownId[];
  add(tenant: string, turn: string, ids: readonly KnownId[]): void;
}

/** State: `<section><tenant>/<hash of the turn>` → its ids. */
function createKnownSubjects({ section, counted, idleMs }: Kind, restored: ReadonlyMap<string, Buffer>): TurnSubjects {
  const stored = createStateSection(section, createStateCodec<Turn>(1));
  const turns = new Map(stored.restore(restored));
  // Tenants have no slash.
  const tenantOf = (key: string): string => key.slice(0, key.indexOf('/'));
  const bounded = createBoundedKeys(
    { ...LIMITS, idleMs },
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
    flush: (effects) => flushBounded(counted, { section: stored, kept: turns, changed, bounded }, now, effects),
    // What is kept of a turn that is over can wait for the next batch.
    due: () => false,
  };
}

export const createTurnSubjects = (restored: ReadonlyMap<string, Buffer>): TurnSubjects => createKnownSubjects(TURN, restored);

/** The same of sessions: an event says in a sentence whom an event of an earlier turn named, before any of its own turn does. */
export const createSessionSubjects = (restored: ReadonlyMap<string, Buffer>): TurnSubjects =>
  createKnownSubjects(SESSION, restored);
