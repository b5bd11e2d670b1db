import { type AnomalyRecord } from '@telltale/contracts';
import { hashId, isoTime } from '@telltale/kernel';
import { rootCauseOf, hierarchyDepth, type IncidentStep, MAX_MEMBERS, type Member, type OpenIncident, summaryOf } from './state';

const NOTHING = (incident: OpenIncident | null): IncidentStep => ({ incident, record: null, transition: null });

/** Never later than the batch time, because producers' clocks may be ahead. */
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
    depth: hierarchyDepth(anomaly),
    summary,
    phrase: summaryOf(anomaly),
  };
}

/** Batch time for live incidents, event time for backfill ones. */
const clockOf = (backfill: boolean, eventAt: number, now: number): number => (backfill ? eventAt : now);

/** An anomaly of one tenant and service, backfill or live: opens an incident, joins the open one, or ends within it. */
export function addAnomaly(before: OpenIncident | null, anomaly: AnomalyRecord, now: number): IncidentStep {
  const member = memberOf(anomaly, now);
  const earlier = before?.members ?? [];
  const known = earlier.some(({ id }) => id === member.id);
  // The end of an anomaly that is not part of this incident.
  if (!known && !member.isOpen) return NOTHING(before);
  if (!known && before && earlier.length >= MAX_MEMBERS) return NOTHING({ ...before, lastActivityAt: now });
  const members = known ? earlier.map((m) => (m.id === member.id ? member : m)) : [...earlier, member];
  const evidenceAt = Math.max(before?.lastEvidenceAt ?? 0, member.endedAt);
  const at = isoTime(clockOf(anomaly.backfill, evidenceAt, now));
  const service = anomaly.dimensions['service_name'] ?? '';
  const cause = rootCauseOf(members);
  const record = {
    tenant: anomaly.tenant,
    id: before?.record.id ?? hashId(24, anomaly.tenant, service, 'behavior', anomaly.id),
    state: 'open' as const,
    opened_at: before?.record.opened_at ?? at,
    closed_at: null,
    updated_at: at,
    title: titleOf(service, members, cause),
    service_name: service,
    kind: 'behavior' as const,
    anomaly_ids: members.map(({ id }) => id),
    open_anomalies: members.filter(({ isOpen }) => isOpen).length,
    probable_cause: cause?.summary ?? '',
    peak_score: Math.max(before?.record.peak_score ?? 0, member.score),
    backfill: anomaly.backfill,
  };
  return {
    incident: { record, members, lastEvidenceAt: evidenceAt, lastActivityAt: now },
    record,
    transition: before ? 'changed' : 'opened',
  };
}

function titleOf(service: string, members: readonly Member[], cause: Member | undefined): string {
  const others = members.length - 1;
  const more = others > 0 ? `, and ${others} more ${others === 1 ? 'deviation' : 'deviations'}` : '';
  return `${service || 'unnamed service'}: ${cause?.phrase ?? 'departs from normal'}${more}`;
}
