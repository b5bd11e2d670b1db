import { incidentHref, sessionHref, turnHref } from '../../format/links';

export type TailRecord = Readonly<Record<string, unknown>>;
const MOST_CHARACTERS = 400;

/** A field of a record as text on one line, cut where it is long. */
export function fieldOf(record: TailRecord, name: string): string {
  const value = record[name];
  const text = typeof value === 'string' ? value : value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value); // prettier-ignore
  return text.slice(0, MOST_CHARACTERS).replaceAll(/\s+/g, ' ');
}

/** What an event says in a line: a log its words, a call its name and its error. */
export function whatOf(record: TailRecord): string {
  if (fieldOf(record, 'kind') === 'log') return [fieldOf(record, 'severity'), fieldOf(record, 'body') || fieldOf(record, 'log_template')].filter(Boolean).join(' '); // prettier-ignore
  const [own, other] = fieldOf(record, 'kind') === 'tool' ? ['tool_name', 'request_model'] : ['request_model', 'tool_name'];
  const name = fieldOf(record, own) || fieldOf(record, other) || fieldOf(record, 'name');
  const error = [fieldOf(record, 'error_type'), fieldOf(record, 'error_message')].filter(Boolean).join(': ');
  return error === '' ? [name, fieldOf(record, 'input_preview') || fieldOf(record, 'input')].filter(Boolean).join(' · ') : `${name} · ${error}`; // prettier-ignore
}

/** What an incident or an alert says. */
export const findingOf = (record: TailRecord): string =>
  [fieldOf(record, 'title'), fieldOf(record, 'summary')].filter(Boolean).join(': ');

/** When it happened, as it says. */
export const timeFieldOf = (record: TailRecord): string =>
  fieldOf(record, 'ts') || fieldOf(record, 'at') || fieldOf(record, 'updated_at');
/** How it ended, or its state. */
export const stateOf = (record: TailRecord): string => fieldOf(record, 'status') || fieldOf(record, 'state');

/** Where a record can be looked into; null where that is nowhere. */
export function hrefOfRecord(of: 'events' | 'incidents' | 'alerts', record: TailRecord): string | null {
  if (of !== 'events') {
    const incident = fieldOf(record, of === 'incidents' ? 'id' : 'incident_id');
    return incident === '' ? null : incidentHref(incident);
  }
  const [turn, session] = [fieldOf(record, 'trace_id'), fieldOf(record, 'session_id')];
  if (turn !== '') return turnHref(turn, { op: fieldOf(record, 'kind') === 'turn' ? undefined : fieldOf(record, 'span_id') });
  return session === '' ? null : sessionHref(session);
}
