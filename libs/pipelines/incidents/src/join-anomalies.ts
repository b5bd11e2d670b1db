import { type AnomalyRecord } from '@telltale/contracts';
import {
  addMember,
  type CallGraph,
  hasEvidence,
  isRecovery,
  leave,
  linkTo,
  type Member,
  memberOf,
  mergeInto,
  openWith,
  type OpenIncident,
  RECOVERY_MS,
  reopen,
  type Shift,
  shiftOf,
  closeNow,
} from '@telltale/domain-incident';
import { HOUR_MS, MINUTE_MS } from '@telltale/kernel';
import { allOf, type BatchState, createBoundedMap } from '@telltale/streaming';
import { type BatchChanges } from './batch-changes';
import { incidentKey, type OpenIncidents } from './state/open-incidents';
import { type BadTurns } from './state/turn-minutes';

const SHIFTS = { perTenant: 2_000, perTask: 10_000, idleMs: RECOVERY_MS };
const NOVELTIES = { perTenant: 50, perTask: 1_000, idleMs: HOUR_MS };
const RESOLVED = { perTenant: 200, perTask: 1_000 };
const NO_TURNS: BadTurns = { turns: 0, firstAt: Infinity };
/** Turns with a new error may have started so long before it was seen to be new. */
const BEFORE_NOVELTY_MS = 5 * MINUTE_MS;

export interface JoinRules {
  readonly joinMs: number;
  readonly reopenMs: number;
  readonly quietMs: number;
  readonly minBadTurns: number;
}

export interface JoinOptions {
  readonly rules: JoinRules;
  readonly open: OpenIncidents;
  readonly changes: BatchChanges;
  readonly graphOf: (tenant: string) => CallGraph;
  /** Turns of a service that ended badly with an error, from a moment on. */
  readonly badTurnsWith: (tenant: string, service: string, fingerprint: string, from: number) => BadTurns;
  readonly count: (what: string) => void;
}

interface PendingNovelty {
  readonly member: Member;
  readonly backfill: boolean;
  readonly fingerprint: string;
}

/** Puts anomalies into incidents. */
export interface JoinAnomalies extends BatchState {
  add(anomaly: AnomalyRecord): void;
  /** An anomaly turned out to be no evidence. */
  retract(tenant: string, anomalyId: string, why: string): void;
  /** Novelties join what opened since they came, or open an incident once enough turns ended badly with them. */
  placeNovelties(tenant: string): void;
  /** Keeps an incident that was resolved, for its cause may come back. */
  resolved(key: string, incident: OpenIncident): void;
}

interface Resolved {
  readonly key: string;
  readonly incident: OpenIncident;
}
type Known = Pick<AnomalyRecord, 'tenant' | 'backfill'>;

/** State: `shifts/…`, `novelties/…`, `resolved/…`, each by tenant. */
export function createJoinAnomalies(restored: ReadonlyMap<string, Buffer>, { rules, open, changes, graphOf, badTurnsWith, count }: JoinOptions): JoinAnomalies {
  const shifts = createBoundedMap<Shift>(restored, { prefix: 'shifts/', name: 'shifts', limits: SHIFTS });
  const novelties = createBoundedMap<PendingNovelty>(restored, { prefix: 'novelties/', name: 'novelties', limits: NOVELTIES });
  const resolved = createBoundedMap<Resolved>(restored, { prefix: 'resolved/', name: 'resolved_incidents', limits: { ...RESOLVED, idleMs: rules.reopenMs } });
  const state = allOf(shifts, novelties, resolved);
  let now = 0;

  const behaviors = (keys: readonly string[], backfill: boolean): (readonly [string, OpenIncident])[] =>
    keys.flatMap((key) => {
      const incident = open.get(key);
      return incident?.record.kind === 'behavior' && incident.record.backfill === backfill ? [[key, incident] as const] : [];
    });
  const around = ({ tenant, backfill }: Known, member: Member): (readonly [string, OpenIncident])[] =>
    behaviors(open.index.around(tenant, member, graphOf(tenant)), backfill);
  const byAge = ([, a]: readonly [string, OpenIncident], [, b]: readonly [string, OpenIncident]): number =>
    a.record.opened_at < b.record.opened_at ? -1 : a.record.opened_at > b.record.opened_at ? 1 : a.record.id < b.record.id ? -1 : 1;

  /** The incident that was resolved a moment ago and whose cause this is: the last one. */
  function comeBack({ tenant, backfill }: Known, member: Member): Resolved | undefined {
    let last: Resolved | undefined;
    for (const [id, one] of resolved.all(tenant)) {
      const { record, members } = one.incident;
      if (record.backfill !== backfill || (!member.wide && !record.services.includes(member.service))) continue;
      const closedAt = Date.parse(record.closed_at ?? record.updated_at);
      if (Math.abs((backfill ? member.startedAt : now) - closedAt) > rules.reopenMs) continue;
      if (members.find(({ id: of }) => of === record.cause_anomaly_id)?.subject !== member.subject) continue;
      const before = last?.incident.record;
      if (!before || (record.closed_at ?? '') > (before.closed_at ?? '') || (record.closed_at === before.closed_at && id < before.id)) last = one;
    }
    return last;
  }

  function mergeAll(into: string, others: readonly string[]): void {
    for (const key of others) {
      const [whole, part] = [open.get(into), open.get(key)];
      if (!whole || !part) continue;
      const merged = mergeInto(whole, part, now);
      const unheard = changes.forget(key);
      if (unheard) {
        const entries = unheard.map((entry) => (entry.kind === 'onset' ? { ...entry, kind: 'anomaly_joined' as const } : entry));
        changes.apply(into, { incident: merged.whole.incident, entries });
        continue;
      }
      changes.apply(into, merged.whole);
      changes.apply(key, merged.part);
      count('incidents_merged');
    }
  }

  /** Joins what it belongs to, and makes one of what it shows to be one; else opens an incident where it may. */
  function place(member: Member, known: Known, mayOpen: boolean): boolean {
    const { tenant, backfill } = known;
    const graph = graphOf(tenant);
    const links = around(known, member).map((one) => ({ one, link: linkTo(member, one[1].members, graph, rules.joinMs), left: one[1].left.includes(member.id) }));
    if (links.some(({ left }) => left)) return true;
    const near = links.flatMap(({ one, link }) => (link === 'near' ? [one] : [])).sort(byAge);
    const during = links.flatMap(({ one, link }) => (link === 'during' ? [one] : [])).sort(byAge);
    const back = member.isNovelty || !mayOpen ? undefined : comeBack(known, member);
    if (back) {
      resolved.delete(tenant, back.incident.record.id);
      changes.apply(back.key, reopen(back.incident, member, now), { isReopened: true });
      count('incidents_reopened');
      mergeAll(back.key, near.map(([key]) => key));
      return true;
    }
    // What only came while several lasted shows nothing of them: it belongs to the latest.
    const [target] = near.length > 0 ? near : during.slice(-1);
    if (target) {
      changes.apply(target[0], addMember(target[1], member, now));
      if (!member.isNovelty) mergeAll(target[0], near.slice(1).map(([key]) => key));
      return true;
    }
    if (!mayOpen) return false;
    const opened = openWith(member, known, now);
    changes.apply(incidentKey({ tenant, service: opened.incident.record.id, kind: 'behavior', backfill }), opened);
    return true;
  }

  const holding = (tenant: string, backfill: boolean, id: string): readonly [string, OpenIncident] | undefined =>
    behaviors(open.index.withMember(tenant, id), backfill)[0];

  /** Takes a member out; an incident without evidence is over. */
  function takeOut(key: string, incident: OpenIncident, id: string, why: string): void {
    const gone = leave(incident, id, why, now);
    changes.apply(key, gone);
    const { members } = gone.incident;
    if (members.length > 0 && (hasEvidence(gone.incident) || !hasEvidence(incident))) return;
    changes.apply(key, closeNow(gone.incident, `no evidence is left: ${why}`, now, rules.quietMs));
  }

  /** An anomaly of an incident ends, or is written again. */
  function update(key: string, incident: OpenIncident, member: Member, anomaly: AnomalyRecord): void {
    if (anomaly.in_maintenance) return takeOut(key, incident, member.id, 'it belongs to planned work');
    const { record, members } = incident;
    const isAlone = !members.some(({ id, isNovelty }) => id !== member.id && !isNovelty);
    const isNeeded = isAlone || record.cause_anomaly_id === member.id || members.some(({ parentId }) => parentId === member.id);
    changes.apply(key, addMember(incident, member, now));
    const after = open.get(key);
    if (member.isNoise && !isNeeded && after) return takeOut(key, after, member.id, 'it ended at once, and a normal series has one like it now and then');
    const before = members.find(({ id }) => id === member.id);
    // It may name a parent of another incident now.
    if (member.isOpen && member.parentId !== before?.parentId) {
      const near = around(anomaly, member).filter(([, one]) => linkTo(member, one.members, graphOf(anomaly.tenant), rules.joinMs) === 'near').sort(byAge);
      if (near[0]) mergeAll(near[0][0], near.slice(1).map(([other]) => other));
    }
  }

  function recovered({ tenant, backfill, series_id: series, summary, id, started_at: at }: AnomalyRecord): void {
    count('recoveries');
    const found = behaviors(open.index.withSeries(tenant, series), backfill)[0];
    if (found) changes.apply(found[0], { incident: found[1], entries: [{ kind: 'recovery', at: Date.parse(at), text: `back to what it was: ${summary}`, ref: id }] });
  }

  return {
    ...state,
    startBatch(time) {
      now = time;
      state.startBatch(time);
    },
    add(anomaly) {
      const { tenant, backfill, id, kind, series_id: series } = anomaly;
      const member = memberOf(anomaly, graphOf(tenant), now);
      const found = holding(tenant, backfill, id);
      const isLevel = kind !== 'novelty' && kind !== 'no_data';
      const isBack = !found && isLevel && isRecovery(anomaly, shifts.all(tenant), rules.joinMs);
      if (isLevel && !isBack && !(anomaly.in_maintenance ?? false)) shifts.set(tenant, series, shiftOf(anomaly));
      if (found) return update(found[0], found[1], member, anomaly);
      // What deviates while it is being worked on is no incident.
      if (anomaly.in_maintenance) return;
      if (kind === 'novelty') {
        if (!place(member, anomaly, false)) novelties.set(tenant, id, { member, backfill, fingerprint: anomaly.dimensions['error_fingerprint'] ?? '' });
        return;
      }
      // The end of an anomaly that is not part of an incident.
      if (!member.isOpen) return;
      if (isBack) return recovered(anomaly);
      place(member, anomaly, true);
    },
    retract(tenant, anomalyId, why) {
      for (const backfill of [false, true]) {
        const found = holding(tenant, backfill, anomalyId);
        if (found) takeOut(found[0], found[1], anomalyId, why);
      }
      novelties.delete(tenant, anomalyId);
    },
    placeNovelties(tenant) {
      for (const [id, { member, backfill, fingerprint }] of novelties.ofTenant(tenant)) {
        const from = member.startedAt - BEFORE_NOVELTY_MS;
        const bad = fingerprint === '' ? NO_TURNS : badTurnsWith(tenant, member.service, fingerprint, from);
        const isBad = bad.turns >= rules.minBadTurns;
        // It began with the first turn that it spoilt.
        const began = isBad ? { ...member, startedAt: Math.min(member.startedAt, bad.firstAt) } : member;
        if (place(began, { tenant, backfill }, isBad)) novelties.delete(tenant, id);
      }
    },
    resolved: (key, incident) => resolved.set(incident.record.tenant, incident.record.id, { key, incident }),
  };
} // prettier-ignore
