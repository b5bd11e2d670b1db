import {
  type AlertRecord,
  type AnomalyRecord,
  type BudgetAlertRecord,
  type DeployRow,
  type EdgesRecord,
  type IncidentEventRow,
  type IncidentRecord,
  TOPICS,
  type TriageRecord,
} from '@telltale/contracts';
import { HOUR_MS, isoTime } from '@telltale/kernel';
import { type BatchEffects, type LogRecord } from '@telltale/streaming';
import { encodeUsers, joinUsers, NO_USERS, sketchOfUser } from '@telltale/domain-metrics';
import { newTestRecord, newTestSettingRecord, newTestTask, outputsOf, rowsOf } from '@telltale/streaming/testing';
import { incidentsConfig, incidentsService } from './index';

export const NOW = Date.parse('2026-03-02T12:30:00Z');
export const newTopology = () => incidentsService.open(incidentsConfig.parse({}));
export const newSut = () => newTestTask(newTopology());

export const anomaly = (id: string, startedAt: number, change: Partial<AnomalyRecord> = {}): LogRecord =>
  newTestRecord(TOPICS.anomalies.name, {
    tenant: 'acme', id, series_id: `s-${id}`, metric: 'operation.duration', dimensions: { service_name: 'shop', kind: 'tool', name: id }, state: 'open',
    started_at: isoTime(startedAt), ended_at: null, direction: 'up', value: 4, expected: 1, expected_low: 1, expected_high: 2, score: 9, windows: 1, backfill: false,
    summary: `tool ${id} took long`,
    kind: 'deviation', channel: 'value', peak_at: null, p_value: null, expected_false_per_day: null, parent_anomaly_id: '', in_maintenance: false, ...change,
  }); // prettier-ignore
export const closed = (id: string, startedAt: number, endedAt: number, change: Partial<AnomalyRecord> = {}): LogRecord =>
  anomaly(id, startedAt, { state: 'closed', ended_at: isoTime(endedAt), ...change });

export const budgetAlert = (change: Partial<BudgetAlertRecord>): BudgetAlertRecord => ({
  tenant: 'acme', id: 'e1', alert_id: 'a1', kind: 'level', severity: 'hard', state: 'firing', at: isoTime(NOW), budget: 'monthly', dimension: '', value: '', service_name: '',
  period: 'month', period_start: '2026-03-01T00:00:00.000Z', period_end: '2026-04-01T00:00:00.000Z', spent_nano_usd: 12e9, limit_nano_usd: 10e9, rate_nano_usd_per_hour: 1e9, burn_rate: null,
  short_burn_rate: null, exhausted_at: null, forecast_nano_usd: null, forecast_low_nano_usd: null, forecast_high_nano_usd: null, unpriced_share: null, usual_nano_usd: null, backfill: false,
  event_time: null, summary: `Something of ${change.alert_id ?? 'a1'}.`, ...change,
}); // prettier-ignore
export const ofBudgets = (alert: BudgetAlertRecord): LogRecord => newTestRecord(TOPICS.budgets.name, alert);
/** An hour of shop that costs so many times a dollar, which is usual. */
export const spike = (hour: number, factor: number, change: Partial<BudgetAlertRecord> = {}): LogRecord =>
  ofBudgets(
    budgetAlert({
      kind: 'hourly_spike', severity: 'warning', budget: '', dimension: 'service', value: 'shop', service_name: 'shop', period: 'hour', period_start: isoTime(hour),
      period_end: isoTime(hour + HOUR_MS), spent_nano_usd: factor * 1e9, limit_nano_usd: null, usual_nano_usd: 1e9, event_time: isoTime(NOW), ...change,
    }),
  ); // prettier-ignore

/** A silence, set an hour before NOW; it ends an hour after. */
export const silence = (value: object | null = {}, { name = 'move', version = 1, tenant = 'acme' } = {}): LogRecord =>
  newTestSettingRecord('silence', tenant, value && { until: isoTime(NOW + HOUR_MS), reason: 'the move', ...value }, { name, version, changedAt: NOW - HOUR_MS }); // prettier-ignore

export const incidentsOf = (effects: BatchEffects) => outputsOf<IncidentRecord>(effects, TOPICS.incidents.name);
export const alertsOf = (effects: BatchEffects) => outputsOf<AlertRecord>(effects, TOPICS.alerts.name);
export const eventsOf = (effects: BatchEffects) => rowsOf<IncidentEventRow>(effects, 'incident_events');
export const deploysOf = (effects: BatchEffects) => rowsOf<DeployRow>(effects, 'deploys');

/** An anomaly of a service. `of`: `tool search`, `turns`, `errors f1`, `model m1`. */
export function anomalyOf(service: string, of: string, startedAt: number, change: Partial<AnomalyRecord> = {}): LogRecord {
  const [what = '', name = ''] = of.split(' ');
  const id = `${service}-${of}`.replaceAll(' ', '-');
  const about: Partial<AnomalyRecord> =
    what === 'turns' ? { metric: 'turn.duration', dimensions: { service_name: service } }
    : what === 'errors' ? { metric: 'error.count', dimensions: { service_name: service, error_fingerprint: name } }
    : what === 'model' ? { metric: 'llm.cost', dimensions: { service_name: service, model: name } }
    : { dimensions: { service_name: service, kind: what, name } };
  return anomaly(id, startedAt, { summary: `${of} of ${service} deviates`, ...about, ...change });
} // prettier-ignore
/** A kind of error that a service never had before. */
export const novelty = (service: string, fingerprint: string, startedAt: number): LogRecord =>
  anomalyOf(service, `errors ${fingerprint}`, startedAt, {
    id: `new-${fingerprint}`,
    kind: 'novelty',
    state: 'closed',
    ended_at: isoTime(startedAt + 10_000),
    score: 0,
  });

const users = (count: number, from = 0): string =>
  encodeUsers(Array.from({ length: count }, (_, i) => sketchOfUser(`u${from + i}`)).reduce(joinUsers, NO_USERS));
type Edge = EdgesRecord['edges'][number];
export const call = (service: string, caller: string, callee: string, calleeService = service): Edge => ({
  service,
  caller,
  callee_service: calleeService,
  callee,
  calls: 10,
  errors: 0,
});
export interface TestTurns extends Partial<Omit<EdgesRecord['services'][number], 'users'>> {
  readonly users?: number;
  readonly operations?: readonly string[];
}
/** What turns of a service that started at a minute did. */
export const turns = (
  service: string,
  minute: number,
  { users: many = 0, operations = [], ...of }: TestTurns = {},
  edges: readonly Edge[] = [],
): LogRecord => {
  const record: EdgesRecord = {
    tenant: 'acme',
    source: 'telltale.turns/0',
    minute: isoTime(minute),
    services: [
      {
        service,
        turns: 10,
        bad_turns: 0,
        cost_nano_usd: 0,
        fingerprints: [],
        versions: [],
        prompt_versions: [],
        flags: [],
        ...of,
        users: users(many),
      },
    ],
    operations: operations.map((operation) => ({
      service,
      operation,
      turns: of.turns ?? 10,
      bad_turns: of.bad_turns ?? 0,
      users: users(many),
      model: '',
      provider: '',
    })),
    edges: [...edges],
  };
  return newTestRecord(TOPICS.edges.name, record);
};
export const edges = (...calls: readonly Edge[]): LogRecord => turns('nobody', NOW - 3 * HOUR_MS, { turns: 0 }, calls);

type Triage<T = TriageRecord> = T extends TriageRecord ? Omit<T, 'tenant' | 'id' | 'at' | 'by'> : never;
export const triage = (of: Triage, { id = of.type as string, by = 'ann', at = NOW } = {}): LogRecord =>
  newTestRecord(TOPICS.triage.name, { tenant: 'acme', id, at: isoTime(at), by, ...of });
export const label = (anomalyId: string, said: 'expected' | 'false_positive' | 'real'): LogRecord =>
  newTestRecord(TOPICS.detectorSettings.name, {
    type: 'label_anomaly',
    tenant: 'acme',
    id: `mark-${anomalyId}`,
    anomaly_id: anomalyId,
    series_id: 's',
    label: said,
    at: isoTime(NOW),
    expires_at: isoTime(NOW + HOUR_MS),
    issued_by: 'ann',
  });
