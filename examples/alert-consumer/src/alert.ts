/** A record of `telltale.alerts.v1`, as docs/schemas/telltale.alerts.v1.json has it. Later versions may add fields; none goes away. */
export interface Alert {
  tenant: string;
  /** The same when the record comes again. */
  id: string;
  /** The same for the alert that fires and the one that resolves it. */
  incident_id: string;
  status: 'firing' | 'resolved';
  /** ISO 8601 in UTC. */
  at: string;
  title: string;
  summary: string;
}

const TEXTS = ['tenant', 'id', 'incident_id', 'at', 'title', 'summary'] as const;
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

/** The alert, or in words what is wrong with the record. What is wrong names fields, never their content. */
export function readAlert(value: unknown): Alert | string {
  // Nest hands on as text what it could not parse.
  if (typeof value === 'string') return 'is not a JSON object';
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'is not an object';
  const record = value as Partial<Record<keyof Alert, unknown>>;
  for (const field of TEXTS) if (typeof record[field] !== 'string') return `${field} is not a string`;
  if (record.status !== 'firing' && record.status !== 'resolved') return 'status is neither firing nor resolved';
  if (!ISO_TIME.test(record.at as string) || Number.isNaN(Date.parse(record.at as string))) return 'at is not a time in UTC';
  return value as Alert;
}

/** Identifies what has to happen once: the alert in one status. */
export const alertKey = ({ id, status }: Alert): string => `${id}/${status}`;

/** One line, whatever the texts hold. */
export const lineOf = ({ status, tenant, title, summary, incident_id: incident }: Alert): string =>
  `${status.toUpperCase()} [${tenant}] ${title}: ${summary} (${incident})`.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
