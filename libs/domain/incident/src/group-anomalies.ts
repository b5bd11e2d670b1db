import { type AnomalyRecord } from '@telltale/contracts';
import { hashId, isoTime } from '@telltale/kernel';
import { FRESH, type IncidentChange, MAX_MEMBERS, type Member, NO_IMPACT, type OpenIncident, type TimelineEntry } from './state';

/** Batch time for live incidents, event time for backfill ones. */
const clockOf = (backfill: boolean, eventAt: number, now: number): number => (backfill ? eventAt : now);

/** An incident of one anomaly. Its cause, title and severity are settled when the batch is over. */
export function openWith(
  member: Member,
  { tenant, backfill }: Pick<AnomalyRecord, 'tenant' | 'backfill'>,
  now: number,
): IncidentChange {
  const at = isoTime(clockOf(backfill, member.endedAt, now));
  const record = {
    ...FRESH,
    tenant,
    id: hashId(24, tenant, member.service, 'behavior', member.id),
    state: 'open' as const,
    opened_at: at,
    closed_at: null,
    updated_at: at,
    title: '',
    service_name: member.service,
    kind: 'behavior' as const,
    anomaly_ids: [member.id],
    open_anomalies: member.isOpen ? 1 : 0,
    probable_cause: '',
    peak_score: member.score,
    backfill,
  };
  const incident = {
    record, members: [member], lastEvidenceAt: member.endedAt, lastActivityAt: now, fired: null, impact: NO_IMPACT, mostOpen: member.isOpen ? 1 : 0,
    namedServices: 0, left: [],
  }; // prettier-ignore
  return { incident, entries: [{ kind: 'onset', at: member.startedAt, text: member.summary, ref: member.id }] };
}

/** The record as its members have it. */
function withMembers(before: OpenIncident, members: readonly Member[], evidenceAt: number, now: number): OpenIncident {
  const { record } = before;
  const lastEvidenceAt = Math.max(before.lastEvidenceAt, evidenceAt);
  const open = members.filter(({ isOpen }) => isOpen).length;
  return {
    ...before,
    record: {
      ...record,
      updated_at: isoTime(clockOf(record.backfill, lastEvidenceAt, now)),
      anomaly_ids: members.map(({ id }) => id),
      open_anomalies: open,
      peak_score: Math.max(record.peak_score, ...members.map(({ score }) => score)),
    },
    members,
    lastEvidenceAt,
    lastActivityAt: now,
    mostOpen: Math.max(before.mostOpen, open),
  };
}

const joined = (member: Member): TimelineEntry =>
  member.isNovelty
    ? { kind: 'novelty', at: member.startedAt, text: member.summary, ref: member.id }
    : { kind: 'anomaly_joined', at: member.startedAt, text: member.summary, ref: member.id };

/** An anomaly joins, ends, or is written again. Above `MAX_MEMBERS` it only keeps the incident open. */
export function addMember(before: OpenIncident, member: Member, now: number): IncidentChange {
  const known = before.members.find(({ id }) => id === member.id);
  if (!known && before.members.length >= MAX_MEMBERS) return { incident: { ...before, lastActivityAt: now }, entries: [] };
  const members = known ? before.members.map((one) => (one === known ? member : one)) : [...before.members, member];
  const entries: TimelineEntry[] = known ? [] : [joined(member)];
  if (known?.isOpen && !member.isOpen) entries.push({ kind: 'anomaly_ended', at: member.endedAt, text: `over: ${member.summary}`, ref: member.id });
  return { incident: withMembers(before, members, member.endedAt, now), entries };
} // prettier-ignore

/** Takes out what turned out to be no evidence, and says why. */
export function leave(before: OpenIncident, id: string, why: string, now: number): IncidentChange {
  const gone = before.members.find((member) => member.id === id);
  if (!gone) return { incident: before, entries: [] };
  const members = before.members.filter((member) => member !== gone);
  return {
    incident: { ...withMembers(before, members, 0, now), left: [...before.left, id].slice(-MAX_MEMBERS) },
    entries: [{ kind: 'anomaly_left', at: now, text: `${why}: ${gone.summary}`, ref: id }],
  };
}

/** Whether anything but novelties is left. */
export const hasEvidence = ({ members }: OpenIncident): boolean => members.some(({ isNovelty }) => !isNovelty);

/** Two incidents that are one: the members of `part` join `whole`, which keeps its id, its alert and its owner. */
export function mergeInto(whole: OpenIncident, part: OpenIncident, now: number): { readonly whole: IncidentChange; readonly part: IncidentChange } {
  const known = new Set(whole.members.map(({ id }) => id));
  const members = [...whole.members, ...part.members.filter(({ id }) => !known.has(id))].slice(0, MAX_MEMBERS);
  const merged = withMembers(whole, members, part.lastEvidenceAt, now);
  const { record } = part;
  const name = part.fired?.title || record.title;
  const at = isoTime(clockOf(record.backfill, part.lastEvidenceAt, now));
  const about = name === '' ? record.id : `${name} (${record.id})`;
  return {
    whole: {
      incident: {
        ...merged,
        left: [...whole.left, ...part.left].slice(-MAX_MEMBERS),
        record: { ...merged.record, owner: whole.record.owner || record.owner, acknowledged_by: whole.record.acknowledged_by || record.acknowledged_by, acknowledged_at: whole.record.acknowledged_at ?? record.acknowledged_at },
      },
      entries: [{ kind: 'merged', at: now, text: `another incident is the same fault: ${about}`, ref: record.id }],
    },
    part: {
      incident: {
        ...part,
        record: { ...record, state: 'closed', phase: 'resolved', phase_reason: `it is part of ${whole.record.id}`, closed_at: at, updated_at: at, merged_into: whole.record.id, open_anomalies: 0 },
      },
      entries: [{ kind: 'merged', at: now, text: `it is part of ${whole.fired?.title || whole.record.title || 'another incident'} (${whole.record.id})`, ref: whole.record.id }],
    },
  };
} // prettier-ignore

/** A resolved incident whose cause comes back is open again under its id. */
export function reopen(before: OpenIncident, member: Member, now: number): IncidentChange {
  const { record } = before;
  const again = {
    ...before,
    mostOpen: 0,
    namedServices: 0,
    record: { ...record, state: 'open' as const, closed_at: null, phase: 'reopened' as const, phase_reason: `it came back: ${member.phrase}`, reopened: record.reopened + 1, silenced_until: null },
  };
  const { incident, entries } = addMember(again, member, now);
  return { incident, entries: [...entries, { kind: 'phase', at: now, text: `reopened: ${member.phrase} again`, ref: member.id }] };
} // prettier-ignore
