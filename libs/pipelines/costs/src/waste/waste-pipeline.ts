import { TOPICS } from '@telltale/contracts';
import { type SeenTurn, type Surroundings, wasteAcrossTurns } from '@telltale/domain-waste';
import { allOf, createEffects, readOrReject, type TaskProcessor } from '@telltale/streaming';
import { type WasteConfig } from './config';
import { type CacheReads, createCacheReads } from './state/cache-reads';
import { createIntentOutcomes, type IntentOutcomes } from './state/intent-outcomes';
import { type ChangedSession, createWasteSessions, type WasteSessions } from './state/waste-sessions';
import { createWasteChanges, type WasteChanges } from './waste-changes';
import { type KeptTurn, type WastefulTurn, wastefulTurn } from './wasteful-turn';

interface Known {
  readonly sessions: WasteSessions;
  readonly outcomes: IntentOutcomes;
  readonly reads: CacheReads;
}

const seen = ({ id, turn }: KeptTurn): SeenTurn => ({ id, requestHash: turn.request_hash, waste: turn.waste });

function surroundingsOf({ sessions, outcomes, reads }: Known, { session, turns }: ChangedSession, kept: KeptTurn): Surroundings {
  const { tenant } = session;
  return {
    firstInput: (scope) =>
      session.firstInput[scope] ??
      turns.flatMap(({ turn }) => turn.waste.calls ?? []).find((call) => call.scope === scope)?.input,
    wasRead: (call) => reads.wasRead(tenant, kept.turn.service_name, call),
    isOver: (until) => sessions.isOver(session, until),
    ...outcomes.alternativesTo(tenant, kept),
  };
}

/** Says what each turn of a session wasted, from the first that changed on. */
function claimOf(known: Known, changed: ChangedSession, changes: WasteChanges): void {
  const { session, turns, from } = changed;
  const all = turns.map(seen);
  for (let nth = from; nth < turns.length; nth++) {
    const [kept, turn] = [turns[nth] as KeptTurn, all[nth] as SeenTurn];
    const across = wasteAcrossTurns(turn, all.slice(0, nth), all.slice(nth + 1), surroundingsOf(known, changed, kept));
    const isOther = changes.claim(session.tenant, kept, [...(turn.waste.claims ?? []), ...across.claims]);
    if (!isOther && across.openUntil === kept.openUntil) continue;
    kept.openUntil = across.openUntil;
    known.sessions.rewritten(session, kept);
  }
}

/** One task of waste: turns → sessions → what each of their turns wasted → rows, and deltas by hour. */
export function createWasteTask(config: WasteConfig, restored: ReadonlyMap<string, Buffer>): TaskProcessor {
  const sessions = createWasteSessions(restored, config.WASTE_MAX_BYTES);
  const outcomes = createIntentOutcomes(restored);
  const reads = createCacheReads(restored);
  const state = allOf(sessions, outcomes, reads);
  const known: Known = { sessions, outcomes, reads };

  return {
    process(records, { now }) {
      const effects = createEffects();
      const changes = createWasteChanges(now);
      state.startBatch(now);
      for (const record of records) {
        const turn = readOrReject<WastefulTurn>(record, wastefulTurn, 'read_turn', effects);
        if (!turn) continue;
        const { added, replaced } = sessions.add(turn, record.key ?? '');
        if (replaced) outcomes.remove(turn.tenant, replaced);
        if (!added) continue;
        outcomes.add(turn.tenant, added);
        for (const call of turn.waste.calls ?? []) reads.add(turn.tenant, turn.service_name, call);
      }
      for (const { tenant, turn } of sessions.left()) changes.claim(tenant, turn, []);
      for (const changed of sessions.changed()) claimOf(known, changed, changes);
      for (const row of changes.rows()) effects.row('waste', row);
      for (const record of changes.records()) effects.output(TOPICS.waste, record.tenant, JSON.stringify(record));
      effects.count('waste_rows', changes.rows().length);
      state.flush(effects);
      return effects.done();
    },
    due: state.due,
  };
}
