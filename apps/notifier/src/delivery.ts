import { deliveryRequest, type DeliveryRequest, type DeliveryResult, TOPICS } from '@telltale/contracts';
import { dedupeKeyOf } from '@telltale/domain-notify';
import { type Clock, isoTime, messageOf } from '@telltale/kernel';
import { type Logger, type LogRecord, type Metrics, type OutputRecord, readRecord } from '@telltale/streaming';
import { type Deliverer } from './create-deliverer';

export interface DeliveryDeps {
  readonly deliverer: Deliverer;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** What a try comes to that a fault of ours ended: given up, so that it does not hold up everything behind it. */
const broken = ({ tenant, id, attempt, reason, receiver, value, alert }: DeliveryRequest, now: number): DeliveryResult => ({
  tenant, id, attempt, reason, receiver, receiver_type: value.type, alert_id: alert.id, incident_id: alert.incident_id, dedupe_key: dedupeKeyOf(alert),
  outcome: 'failed', http_status: null, latency_ms: 0, error: 'the sender failed; its log says how (delivery_broken)', retry_after_ms: null, at: isoTime(now),
}); // prettier-ignore

/** Makes the try that a record asks for, and answers the record of what became of it. */
export function createDelivery({ deliverer, clock, logger, metrics }: DeliveryDeps) {
  return async (record: LogRecord): Promise<readonly OutputRecord[]> => {
    const read = readRecord(record, deliveryRequest, 'read_request');
    if (read.kind !== 'ok') {
      // The notifier alone writes these, and gives a try up whose answer does not come.
      logger.error('delivery_request_unreadable', { partition: record.partition, offset: record.offset });
      return [];
    }
    const request = read.value;
    let result: DeliveryResult;
    try {
      result = await deliverer.deliver(request);
    } catch (error) {
      logger.error('delivery_broken', { tenant: request.tenant, receiver: request.receiver, error: messageOf(error) });
      result = broken(request, clock.now());
    }
    const { receiver_type: type, outcome, latency_ms: latency } = result;
    metrics.count('telltale_deliveries_total', { type, outcome });
    metrics.observe('telltale_delivery_duration_seconds', { type }, latency / 1_000);
    if (outcome !== 'delivered')
      logger.warn('delivery_not_taken', {
        tenant: request.tenant,
        receiver: request.receiver,
        type,
        attempt: request.attempt,
        outcome,
        status: result.http_status,
        runbook: 'docs/runbooks/deliveries-fail.md',
      });
    return [{ topic: TOPICS.deliveryResults.name, key: request.tenant, value: JSON.stringify(result) }];
  };
}
