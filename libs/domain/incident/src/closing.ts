import { type AlertRecord, type IncidentRecord } from '@telltale/contracts';
import { hashId, isoTime } from '@telltale/kernel';
import { type IncidentEdge, type IncidentStep, type OpenIncident } from './state';

const isCalm = ({ members }: OpenIncident): boolean => members.every(({ isOpen }) => !isOpen);

/** Range time from which time alone closes it; Infinity while an anomaly is open. */
export function closesAt(incident: OpenIncident, quietMs: number): number {
  if (!isCalm(incident)) return Infinity;
  const { historic, kind } = incident.record;
  // History that stops coming has no more event time, so its incidents end by ours.
  return (historic || kind === 'behaviour' ? incident.touchedAt : Math.max(incident.touchedAt, incident.lastSignAt)) + quietMs;
}

/** Event time from which a historic incident is over; Infinity while an anomaly is open, or when it is live. */
export const closesAtEvent = (incident: OpenIncident, quietMs: number): number =>
  incident.record.historic && isCalm(incident) ? incident.lastSignAt + quietMs : Infinity;

/** Closes what has been quiet for long enough, by range time or, if historic, by event time. */
export function closeIfQuiet(incident: OpenIncident, eventAt: number, now: number, quietMs: number): IncidentStep {
  const byEvent = closesAtEvent(incident, quietMs) <= eventAt;
  if (!byEvent && closesAt(incident, quietMs) > now) return { incident, record: null, edge: null };
  return closeNow(incident, now, quietMs);
}

/** Closes it whatever there is of it; a historic one at its own time. */
export function closeNow({ record, lastSignAt }: OpenIncident, now: number, quietMs: number): IncidentStep {
  const at = isoTime(record.historic ? lastSignAt + quietMs : now);
  return { incident: null, record: { ...record, state: 'closed', closed_at: at, updated_at: at }, edge: 'closed' };
}

const minutes = (ms: number): string => (ms < 90_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / 60_000)} min`);

/** What is sent out: the edges of live incidents, nothing else. */
export function alertOf(record: IncidentRecord, edge: IncidentEdge): AlertRecord | null {
  if (record.historic || edge === 'changed') return null;
  const { tenant, id, title, probable_cause, updated_at, opened_at, anomaly_ids } = record;
  const lasted = minutes(Date.parse(updated_at) - Date.parse(opened_at));
  const parts = anomaly_ids.length > 0 ? `, ${anomaly_ids.length} ${anomaly_ids.length === 1 ? 'anomaly' : 'anomalies'}` : '';
  return {
    tenant,
    id: hashId(24, id, edge),
    incident_id: id,
    edge,
    at: updated_at,
    title: edge === 'opened' ? title : `Over: ${title}`,
    summary: edge === 'opened' ? probable_cause : `${probable_cause}. Lasted ${lasted}${parts}.`,
  };
}
