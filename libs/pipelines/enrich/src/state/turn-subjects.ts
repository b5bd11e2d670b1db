import { type KnownId } from '@telltale/domain-privacy';
import { DAY_MS, hashId, HOUR_MS } from '@telltale/kernel';
import { type BatchState, createBoundedMap } from '@telltale/streaming';
import { touchedForm } from './touched-form';

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
const NONE: readonly KnownId[] = [];

/** The people that turns are about, as pseudonyms: what one event names as an id, a later one may say in a sentence. */
export interface TurnSubjects extends BatchState {
  of(tenant: string, turn: string): readonly KnownId[];
  add(tenant: string, turn: string, ids: readonly KnownId[]): void;
}

/** State: `<section><tenant>/<hash of the turn>` → its ids. */
function createKnownSubjects({ section, counted, idleMs }: Kind, restored: ReadonlyMap<string, Buffer>): TurnSubjects {
  const turns = createBoundedMap<readonly KnownId[]>(restored, {
    prefix: section,
    name: counted,
    limits: { ...LIMITS, idleMs },
    form: touchedForm('ids'),
  });
  const idOf = (turn: string): string => hashId(32, turn);

  return {
    ...turns,
    of: (tenant, turn) => turns.get(tenant, idOf(turn)) ?? NONE,
    add(tenant, turn, ids) {
      if (ids.length === 0) return;
      const id = idOf(turn);
      const known = turns.get(tenant, id) ?? NONE;
      const added = ids
        .filter(({ pseudonym }) => !known.some((one) => one.pseudonym === pseudonym))
        .slice(0, MAX_IDS - known.length);
      if (added.length > 0) turns.set(tenant, id, [...known, ...added]);
    },
    // What is kept of a turn that is over can wait for the next batch.
    due: () => false,
  };
}

export const createTurnSubjects = (restored: ReadonlyMap<string, Buffer>): TurnSubjects => createKnownSubjects(TURN, restored);

/** The same of sessions: an event says in a sentence whom an event of an earlier turn named, before any of its own turn does. */
export const createSessionSubjects = (restored: ReadonlyMap<string, Buffer>): TurnSubjects =>
  createKnownSubjects(SESSION, restored);
