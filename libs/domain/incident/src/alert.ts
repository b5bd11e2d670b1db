import { type AlertRecord, type IncidentRecord } from '@telltale/contracts';
import { hashId, isoTime } from '@telltale/kernel';
import { isMoreSevere } from './impact';
import { type FiredAlert, type OpenIncident } from './state';

const minutes = (ms: number): string => (ms < 90_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / 60_000)} min`);

export interface AlertAddress {
  /** Where the pages of incidents are; '' where there are none. */
  readonly publicUrl: string;
}

const partsOf = ({ anomaly_ids: { length } }: IncidentRecord): string =>
  length > 0 ? `, ${length} ${length === 1 ? 'anomaly' : 'anomalies'}` : '';

function alertOf(record: IncidentRecord, status: AlertRecord['status'], nth: number, at: number, { publicUrl }: AlertAddress): Required<AlertRecord> {
  const { tenant, id, title, probable_cause, severity, service_name, services, kind, opened_at } = record;
  const lasted = minutes(at - Date.parse(opened_at));
  return {
    tenant,
    id: nth === 0 ? hashId(24, id, status) : hashId(24, id, status, nth),
    incident_id: id,
    status,
    at: isoTime(at),
    title: status === 'firing' ? title : `Over: ${title}`,
    summary: status === 'firing' ? probable_cause : `${probable_cause.replace(/\.$/, '')}. Lasted ${lasted}${partsOf(record)}.`,
    dedupe_key: id,
    severity,
    service_name,
    services: services.length > 0 ? services : service_name === '' ? [] : [service_name],
    kind,
    link: publicUrl === '' ? '' : `${publicUrl.replace(/\/+$/, '')}/incidents/${encodeURIComponent(id)}`,
  };
} // prettier-ignore

/** Whether people are to hear of an open incident: it has not fired, came back, or is more severe than when it fired last. */
export const isToFire = ({ record, fired }: OpenIncident): boolean =>
  !record.backfill &&
  record.state === 'open' &&
  (fired === null || fired.isResolved || isMoreSevere(record.severity, fired.severity));

/** The firing alert of an incident, and what is remembered of it. */
export function fire(incident: OpenIncident, at: number, address: AlertAddress): { readonly alert: Required<AlertRecord>; readonly fired: FiredAlert } {
  const sent = incident.fired?.sent ?? 0;
  const { title, severity } = incident.record;
  return { alert: alertOf(incident.record, 'firing', sent, at, address), fired: { title, severity, sent: sent + 1, isResolved: false } };
} // prettier-ignore

/** What resolves the alert that fired, under the name it fired with; null where none is firing. */
export function resolve({ record, fired }: OpenIncident, at: number, address: AlertAddress): { readonly alert: Required<AlertRecord>; readonly fired: FiredAlert } | null {
  if (!fired || fired.isResolved) return null;
  const { title } = fired;
  return { alert: alertOf({ ...record, title }, 'resolved', fired.sent - 1, at, address), fired: { ...fired, isResolved: true } };
} // prettier-ignore
