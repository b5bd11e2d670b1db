import { type AlertRecord, type IncidentRecord } from '@telltale/contracts';
import { hashId, isoTime } from '@telltale/kernel';
import { type IncidentTransition, type IncidentStep, type OpenIncident } from './state';

const allEnded = ({ members }: OpenIncident): boolean => members.every(({ isOpen }) => !isOpen);

/** Batch time at which the incident closes without further events; Infinity while an anomaly is open. */
export function closesAt(incident: OpenIncident, quietMs: number): number {
  if (!allEnded(incident)) return Infinity;
  const { backfill, kind } = incident.record;
  // When backfill data ends, event time stops, so its incidents close by batch time.
  return (
    (backfill || kind === 'behavior' ? incident.lastActivityAt : Math.max(incident.lastActivityAt, incident.lastEvidenceAt)) +
    quietMs
  );
}

/** Event time at which a backfill incident closes; Infinity while an anomaly is open, or for a live incident. */
export const closesAtEvent = (incident: OpenIncident, quietMs: number): number =>
  incident.record.backfill && allEnded(incident) ? incident.lastEvidenceAt + quietMs : Infinity;

/** Closes an incident that was inactive for `quietMs`, by batch time or, for backfill, by event time. */
export function resolveIfInactive(incident: OpenIncident, eventAt: number, now: number, quietMs: number): IncidentStep {
  const byEvent = closesAtEvent(incident, quietMs) <= eventAt;
  if (!byEvent && closesAt(incident, quietMs) > now) return { incident, record: null, transition: null };
  return closeNow(incident, now, quietMs);
}

/** Closes the incident unconditionally; a backfill one at its own event time. */
export function closeNow({ record, lastEvidenceAt }: OpenIncident, now: number, quietMs: number): IncidentStep {
  const at = isoTime(record.backfill ? lastEvidenceAt + quietMs : now);
  return { incident: null, record: { ...record, state: 'closed', closed_at: at, updated_at: at }, transition: 'closed' };
}

const minutes = (ms: number): string => (ms < 90_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / 60_000)} min`);

/** The alert of a transition: live incidents that open or close; null otherwise. `at`: when it is sent. */
export function alertOf(record: IncidentRecord, transition: IncidentTransition, at = record.updated_at): AlertRecord | null {
  if (record.backfill || transition === 'changed') return null;
  const { tenant, id, title, probable_cause, opened_at, anomaly_ids } = record;
  const lasted = minutes(Date.parse(at) - Date.parse(opened_at));
  const parts = anomaly_ids.length > 0 ? `, ${anomaly_ids.length} ${anomaly_ids.length === 1 ? 'anomaly' : 'anomalies'}` : '';
  return {
    tenant,
    id: hashId(24, id, transition),
    incident_id: id,
    status: transition === 'opened' ? 'firing' : 'resolved',
    at,
    title: transition === 'opened' ? title : `Over: ${title}`,
    summary: transition === 'opened' ? probable_cause : `${probable_cause}. Lasted ${lasted}${parts}.`,
  };
}
