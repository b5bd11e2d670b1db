import { isoTime } from '@telltale/kernel';
import { type IncidentChange, type OpenIncident } from './state';

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

/** Whether an incident was inactive for `quietMs`, by batch time or, for backfill, by event time. */
export const isOver = (incident: OpenIncident, eventAt: number, now: number, quietMs: number): boolean =>
  closesAtEvent(incident, quietMs) <= eventAt || closesAt(incident, quietMs) <= now;

/** Closes the incident unconditionally; a backfill one at its own event time. */
export function closeNow(incident: OpenIncident, reason: string, now: number, quietMs: number): IncidentChange {
  const { record, lastEvidenceAt } = incident;
  const closedAt = record.backfill ? lastEvidenceAt + quietMs : now;
  const at = isoTime(closedAt);
  return {
    incident: { ...incident, record: { ...record, state: 'closed', phase: 'resolved', phase_reason: reason, closed_at: at, updated_at: at } },
    entries: [{ kind: 'phase', at: closedAt, text: `resolved: ${reason}` }],
  };
} // prettier-ignore
