import { type AlertRecord, type DeliveryRequest, type DeliveryResult, type DeliveryRow, type ReceiverTest, type ReceiverValue, TOPICS } from '@telltale/contracts'; // prettier-ignore
import { isoTime } from '@telltale/kernel';
import { type BatchEffects, type LogRecord } from '@telltale/streaming';
import { newTestRecord, newTestSettingRecord, newTestTask, outputsOf, rowsOf } from '@telltale/streaming/testing';
import { notifierConfig, notifierService } from './index';

export const NOW = Date.parse('2026-03-02T12:30:00Z');
export const newTopology = (config: Readonly<Record<string, string>> = {}) => notifierService.open(notifierConfig.parse(config));
export const newSut = (config?: Readonly<Record<string, string>>) => newTestTask(newTopology(config));

/** A webhook, unless it is said otherwise; null deletes it. */
export const receiver = (name: string, value: Partial<ReceiverValue> | null = {}, { tenant = 'acme', version = 1 } = {}): LogRecord =>
  newTestSettingRecord('receiver', tenant, value && { type: 'webhook', url: 'sealed.v1.url', secret: 'sealed.v1.a-secret', ...value }, { name, version, changedAt: NOW }); // prettier-ignore

export const alert = (incident: string, change: Partial<AlertRecord> = {}): LogRecord =>
  newTestRecord(TOPICS.alerts.name, {
    tenant: 'acme', id: `${incident}/${change.status ?? 'firing'}`, incident_id: incident, status: 'firing', at: isoTime(NOW), title: `${incident}: tool search is slow`,
    summary: 'tool search took 4 s', severity: 'warning', service_name: 'shop', kind: 'behavior', ...change,
  } satisfies AlertRecord); // prettier-ignore
export const over = (incident: string, change: Partial<AlertRecord> = {}): LogRecord =>
  alert(incident, { status: 'resolved', title: `Over: ${incident}`, ...change });

/** An incident, of what people did with it. */
export const triaged = (id: string, change: object): LogRecord =>
  newTestRecord(TOPICS.incidents.name, { tenant: 'acme', id, ...change });
export const acknowledged = (id: string, by = 'ada'): LogRecord => triaged(id, { acknowledged_by: by });

export const test = (name: string, value: ReceiverTest['value']): LogRecord =>
  newTestRecord(TOPICS.receiverTests.name, {
    tenant: 'acme',
    id: `test-${name}`,
    receiver: name,
    value,
    issued_by: 'ada',
    at: isoTime(NOW),
  } satisfies ReceiverTest);

export const requestsOf = (effects: BatchEffects) => outputsOf<DeliveryRequest>(effects, TOPICS.deliveryRequests.name);
export const deliveriesOf = (effects: BatchEffects) => rowsOf<DeliveryRow>(effects, 'deliveries');
/** `receiver reason attempt` of each request. */
export const askedOf = (effects: BatchEffects): string[] =>
  requestsOf(effects).map(({ receiver: name, reason, attempt }) => `${name} ${reason} ${attempt}`);

/** What became of a request. */
export const result = (request: DeliveryRequest | undefined, change: Partial<DeliveryResult> = {}): LogRecord => {
  if (!request) throw new Error('there is no such request');
  const { tenant, id, attempt, reason, receiver: name, value, alert: sent } = request;
  return newTestRecord(TOPICS.deliveryResults.name, {
    tenant, id, attempt, reason, receiver: name, receiver_type: value.type, alert_id: sent.id, incident_id: sent.incident_id, dedupe_key: sent.dedupe_key || sent.incident_id,
    outcome: 'delivered', http_status: 200, latency_ms: 12, error: '', retry_after_ms: null, at: isoTime(NOW), ...change,
  } satisfies DeliveryResult); // prettier-ignore
};
export const failedTry = (request: DeliveryRequest | undefined, change: Partial<DeliveryResult> = {}): LogRecord =>
  result(request, { outcome: 'retry', http_status: 503, error: 'HTTP 503', ...change });
