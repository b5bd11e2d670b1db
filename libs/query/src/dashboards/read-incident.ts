import { HOUR_MS, MINUTE_MS } from '@telltale/kernel';
import { ApiError } from '../define/api-error';
import { type RowsOf } from '../define/definition';
import { type Period } from '../define/params';
import { numberOf, textOf } from '../define/row-values';
import { filterBy } from '../define/where';
import { askWhy } from '../why/why';
import { type Cause, type Moved } from './incident-panels';

/** What is shown before an incident: as long as it lasted, within these. */
const LEAST_BEFORE_MS = HOUR_MS;
const MOST_BEFORE_MS = 24 * HOUR_MS;
const AFTER_MS = 30 * MINUTE_MS;
const MOST_ANOMALIES = 200;

export interface IncidentContext {
  readonly title: string;
  readonly services: readonly string[];
  readonly period: Period;
  readonly moved: readonly Moved[];
  readonly cause: Cause | null;
  readonly deploys: number;
}

const ms = (column: string): string => `toUnixTimestamp64Milli(${column})`;

/** What an incident is about. ApiError where there is none of this id. */
export async function readIncident(rowsOf: RowsOf, id: string, now: number): Promise<IncidentContext> {
  const ofId = filterBy({ id });
  const [row] = await rowsOf({
    sql: `SELECT title, service_name, services, anomaly_ids, ${ms('ifNull(onset_at, opened_at)')} AS onset_ms, if(closed_at IS NULL, 0, ${ms('assumeNotNull(closed_at)')}) AS closed_ms
      FROM telltale.incidents WHERE ${ofId.where} ORDER BY updated_at DESC, state = 'closed' DESC LIMIT 1`,
    params: ofId.params,
  });
  if (!row)
    throw new ApiError('not_found', 'there is no incident of this id', {
      parameter: 'incident',
      fix: 'GET /api/incidents lists them',
    });
  const listOf = (name: string): string[] => (Array.isArray(row[name]) ? row[name].map(String) : []);
  const services = [...new Set([textOf(row, 'service_name'), ...listOf('services')])].filter((one) => one !== '').slice(0, 20);
  const [onset, closed] = [numberOf(row, 'onset_ms'), numberOf(row, 'closed_ms')];
  const end = closed > 0 ? Math.min(now, closed + AFTER_MS) : now;
  const until = Math.max(end, onset + MINUTE_MS);
  const before = Math.min(MOST_BEFORE_MS, Math.max(LEAST_BEFORE_MS, until - onset));
  const period = { since: Math.max(0, onset - before), until };
  const ids = listOf('anomaly_ids').slice(0, MOST_ANOMALIES);
  const [anomalies, [marks], why] = await Promise.all([
    rowsOf({
      sql: `SELECT series_id, any(metric) AS of_metric, any(dimensions) AS labels, any(direction) AS way, argMax(summary, abs(score)) AS said, max(abs(score)) AS peak
        FROM telltale.anomalies WHERE tenant = {tenant:String} AND id IN {ids:Array(String)} GROUP BY series_id ORDER BY peak DESC, series_id LIMIT 10`,
      params: { ids },
    }),
    rowsOf({
      sql: `SELECT uniqExact(id) AS n FROM telltale.deploys WHERE tenant = {tenant:String} AND at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({until:Int64}, 'UTC')
        AND (empty({services:Array(String)}) OR has({services:Array(String)}, service_name))`,
      params: { ...period, services },
    }),
    askWhy({ about: id }, rowsOf, now),
  ]);
  const [cause] = why.causes;
  return {
    title: textOf(row, 'title'),
    services,
    period,
    deploys: numberOf(marks, 'n'),
    cause: cause ? { values: cause.values, operation: cause.operation, measure: why.measure, sentence: cause.sentence } : null,
    moved: anomalies.map((one) => ({
      series: textOf(one, 'series_id'),
      metric: textOf(one, 'of_metric'),
      dimensions: (one['labels'] ?? {}) as Record<string, string>,
      direction: textOf(one, 'way'),
      summary: textOf(one, 'said'),
    })),
  };
}
