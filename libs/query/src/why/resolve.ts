import { type RowsOf } from '../define/definition';
import { type Row, textOf } from '../define/row-values';
import { type Direction, type Subject, subjectOfSeries } from './subject';

/** What an id names, where it is known. */
export type Thing =
  | { readonly kind: 'incident'; readonly id: string; readonly row: Row }
  | { readonly kind: 'anomaly'; readonly id: string; readonly row: Row }
  | { readonly kind: 'series'; readonly id: string; readonly row: Row }
  | { readonly kind: 'turn'; readonly id: string; readonly row: Row }
  | { readonly kind: 'session'; readonly id: string; readonly row: Row };

const MS = (column: string): string => `toUnixTimestamp64Milli(${column})`;
const LOOKUPS: readonly (readonly [Thing['kind'], string])[] = [
  ['incident', `SELECT service_name, kind, title, anomaly_ids, cause_anomaly_id, ${MS('opened_at')} AS opened_ms, if(closed_at IS NULL, 0, ${MS('assumeNotNull(closed_at)')}) AS closed_ms FROM telltale.incidents WHERE tenant = {tenant:String} AND id = {id:String} ORDER BY updated_at DESC LIMIT 1`],
  ['anomaly', `SELECT metric, dimensions, direction, score, ${MS('started_at')} AS started_ms, if(ended_at IS NULL, 0, ${MS('assumeNotNull(ended_at)')}) AS ended_ms FROM telltale.anomalies WHERE tenant = {tenant:String} AND id = {id:String} ORDER BY state = 'closed' DESC, windows DESC LIMIT 1`],
  ['series', `SELECT any(metric) AS metric, any(dimensions) AS dimensions, 'up' AS direction, max(toUnixTimestamp(window_start)) * 1000 AS last_ms, count() AS n FROM telltale.series_windows WHERE tenant = {tenant:String} AND series_id = {id:String} HAVING n > 0`],
  ['turn', `SELECT turn_id, service_name FROM telltale.turns FINAL WHERE tenant = {tenant:String} AND turn_id = {id:String} LIMIT 1`],
  ['session', `SELECT session_id, service_name FROM telltale.sessions FINAL WHERE tenant = {tenant:String} AND session_id = {id:String} LIMIT 1`],
]; // prettier-ignore

/** What the id names: an incident, anomaly, series, turn or session, looked for in this order; null where it names none. */
export async function thingOf(rowsOf: RowsOf, id: string): Promise<Thing | null> {
  for (const [kind, sql] of LOOKUPS) {
    const [row] = await rowsOf({ sql, params: { id } });
    if (row) return { kind, id, row };
  }
  return null;
}

/** A subject with the time it is about. */
export interface Occasion {
  readonly subject: Subject;
  readonly started: number;
  /** 0: it goes on. */
  readonly ended: number;
}

const asDimensions = (value: unknown): Record<string, string> => (typeof value === 'object' && value !== null ? { ...value } : {}) as Record<string, string>; // prettier-ignore
const directionOf = (row: Row): Direction => (textOf(row, 'direction') === 'down' ? 'down' : 'up');

/** What an anomaly is about; null where turns do not hold its metric. */
export function occasionOf(row: Row): Occasion | null {
  const subject = subjectOfSeries(textOf(row, 'metric'), asDimensions(row['dimensions']), directionOf(row));
  return subject && { subject, started: Number(row['started_ms'] ?? 0), ended: Number(row['ended_ms'] ?? 0) };
}

const MOST_ANOMALIES = 100;

/** What an incident is about: the anomaly that it is titled by, else the furthest that turns hold, from the first of them on; of all services where there are several. */
export async function occasionOfIncident(rowsOf: RowsOf, row: Row): Promise<Occasion | null> {
  const ids = ((row['anomaly_ids'] as unknown[] | undefined) ?? []).map(String).slice(0, MOST_ANOMALIES);
  const [opened, closed] = [Number(row['opened_ms'] ?? 0), Number(row['closed_ms'] ?? 0)];
  const service = textOf(row, 'service_name') || undefined;
  const anomalies = await rowsOf({
    sql: `SELECT metric, dimensions, direction, score, ${MS('started_at')} AS started_ms, if(ended_at IS NULL, 0, ${MS('assumeNotNull(ended_at)')}) AS ended_ms
      FROM telltale.anomalies WHERE tenant = {tenant:String} AND id IN {ids:Array(String)} ORDER BY id = {cause:String} DESC, abs(score) DESC, state = 'closed' DESC LIMIT 1 BY id`,
    params: { ids, cause: textOf(row, 'cause_anomaly_id') },
  });
  const occasions = anomalies.map(occasionOf).filter((one) => one !== null);
  const first = occasions[0];
  if (!first)
    return textOf(row, 'kind') === 'cost'
      ? { subject: { measure: 'cost', direction: 'up', scope: { service } }, started: opened, ended: closed }
      : null;
  const services = new Set(occasions.map(({ subject }) => subject.scope.service));
  const { subject } = first;
  return {
    subject: services.size > 1 ? { ...subject, scope: { ...subject.scope, service: undefined } } : subject,
    started: Math.min(...occasions.map(({ started }) => started)),
    ended: closed,
  };
}
