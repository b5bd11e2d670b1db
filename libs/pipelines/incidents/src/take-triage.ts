import { type TriageRecord } from '@telltale/contracts';
import { closeNow, type IncidentChange, type OpenIncident } from '@telltale/domain-incident';

const withNote = (text: string, note: string): string => (note === '' ? text : `${text}: ${note}`);

/** What a person did with an incident. */
export function triaged(incident: OpenIncident, triage: Exclude<TriageRecord, { type: 'deploy' }>, now: number, quietMs: number): IncidentChange {
  const { record } = incident;
  const { at: said, by, id: ref } = triage;
  const at = Math.min(Date.parse(said), now);
  const entry = (text: string) => ({ kind: 'triage' as const, at, text, ref, by });
  const as = (change: Partial<OpenIncident['record']>, text: string): IncidentChange => ({ incident: { ...incident, record: { ...record, ...change } }, entries: [entry(text)] });
  switch (triage.type) {
    case 'acknowledge':
      return as({ acknowledged_by: by, acknowledged_at: said, owner: record.owner || by }, withNote(`acknowledged by ${by}`, triage.note));
    case 'assign':
      return as({ owner: triage.owner }, triage.owner === '' ? 'nobody owns it any more' : `assigned to ${triage.owner}`);
    case 'silence':
      return as({ silenced_until: triage.until }, withNote(`silenced until ${triage.until}`, triage.note));
    case 'note':
      return as({}, triage.note);
    case 'resolve': {
      const closed = closeNow(incident, withNote(`${by} resolved it`, triage.note), now, quietMs);
      return { incident: closed.incident, entries: [entry(withNote(`resolved by ${by}`, triage.note)), ...closed.entries] };
    }
  }
} // prettier-ignore
