import { type AnomalyRecord } from '@telltale/contracts';
import { hashId, isoTime } from '@telltale/kernel';
import { causeOf, depthOf, type IncidentStep, MAX_MEMBERS, type Member, type OpenIncident, phraseOf } from './state';

const NOTHING = (incident: OpenIncident | null): IncidentStep => ({ incident, record: null, edge: null });

/** Never in the future of the range, for producers' clocks may run ahead. */
const eventTime = (iso: string, now: number): number => Math.min(Date.parse(iso), now);

function memberOf(anomaly: AnomalyRecord, now: number): Member {
  const { id, state, started_at, ended_at, score, summary } = anomaly;
  const startedAt = eventTime(started_at, now);
  return {
    id,
    isOpen: state === 'open',
    startedAt,
    endedAt: ended_at === null ? startedAt : eventTime(ended_at, now),
    score,
    depth: depthOf(anomaly),
    summary,
    phrase: phraseOf(anomaly),
  };
}

/** Range time for live incidents, event time for historic ones. */
const clockOf = (historic: boolean, eventAt: number, now: number): number => (historic ? eventAt : now);

/** An anomaly of one tenant and service, historic or live: it opens an incident, joins the open one, or ends its part in it. */
export function addAnomaly(before: OpenIncident | null, anomaly: AnomalyRecord, now: number): IncidentStep {
  const member = memberOf(anomaly, now);
  const known = before?.members.some(({ id }) => id === member.id) ?? false;
  // The end of one that began before this incident, or was never known.
  if (!known && !member.isOpen) return NOTHING(before);
  if (!known && before && before.members.length >= MAX_MEMBERS) return NOTHING({ ...before, touchedAt: now });
  const members = known
    ? (before?.members ?? []).map((m) => (m.id === member.id ? member : m))
    : [...(before?.members ?? []), member];
  const signAt = Math.max(before?.lastSignAt ?? 0, member.endedAt);
  const at = isoTime(clockOf(anomaly.historic, signAt, now));
  const service = anomaly.dimensions['service_name'] ?? '';
  const cause = causeOf(members);
  const record = {
    tenant: anomaly.tenant,
    id: before?.record.id ?? hashId(24, anomaly.tenant, service, 'behaviour', anomaly.id),
    state: 'open' as const,
    opened_at: before?.record.opened_at ?? at,
    closed_at: null,
    updated_at: at,
    title: titleOf(service, members, cause),
    service_name: service,
    kind: 'behaviour' as const,
    anomaly_ids: members.map(({ id }) => id),
    open_anomalies: members.filter(({ isOpen }) => isOpen).length,
    probable_cause: cause?.summary ?? '',
    peak_score: Math.max(before?.record.peak_score ?? 0, member.score),
    historic: anomaly.historic,
  };
  return { incident: { record, members, lastSignAt: signAt, touchedAt: now }, record, edge: before ? 'changed' : 'opened' };
}

function titleOf(service: string, members: readonly Member[], cause: Member | undefined): string {
  const others = members.length - 1;
  const more = others > 0 ? `, and ${others} more ${others === 1 ? 'departure' : 'departures'}` : '';
  return `${service || 'unnamed service'}: ${cause?.phrase ?? 'departs from normal'}${more}`;
}
