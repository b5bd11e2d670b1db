import { type ReadAlert, allMatch, type ReceiverValue, INCIDENT_SEVERITIES } from '@telltale/contracts';

/** What all alerts of one matter have in common. */
export const dedupeKeyOf = ({ dedupe_key: key, incident_id: incident }: ReadAlert): string => (key === '' ? incident : key);

/** Whether a receiver is to hear of an alert that fires. */
export const isFor = ({ matchers, min_severity: least }: ReceiverValue, alert: ReadAlert): boolean =>
  INCIDENT_SEVERITIES.indexOf(alert.severity) >= INCIDENT_SEVERITIES.indexOf(least) &&
  allMatch(matchers, {
    services: [alert.service_name, ...alert.services],
    kind: alert.kind,
    severity: alert.severity,
    words: [alert.title, alert.summary],
  });
