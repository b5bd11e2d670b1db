import { type DeliveryResult, type DeliveryRow, type ReceiverValue } from '@telltale/contracts';
import { type Notification, type ResultStep } from '@telltale/domain-notify';
import { DAY_MS, isoTime } from '@telltale/kernel';

const KEPT_MS = 90 * DAY_MS;

export function deliveryRow(
  result: DeliveryResult,
  status: NonNullable<ResultStep['status']>,
  nextTryAt: number | null,
): DeliveryRow {
  const { tenant, id, receiver, receiver_type, reason, alert_id, incident_id, dedupe_key, attempt, http_status, latency_ms, error, at } = result; // prettier-ignore
  return {
    tenant,
    id,
    receiver,
    receiver_type,
    reason,
    alert_id,
    incident_id,
    dedupe_key,
    attempt,
    status,
    http_status,
    latency_ms,
    error,
    at,
    next_try_at: nextTryAt === null ? null : isoTime(nextTryAt),
    expires_on: isoTime(Date.parse(at) + KEPT_MS).slice(0, 10),
  };
}

/** The result that a try stands for whose own was lost. */
export function lostResult(
  { tenant, receiver, dedupeKey, alert, queue, value }: Notification,
  lost: Pick<DeliveryResult, 'id' | 'attempt' | 'outcome' | 'retry_after_ms'>,
  now: number,
  set: ReceiverValue | undefined,
): DeliveryResult {
  return {
    ...lost,
    tenant,
    reason: queue[0]?.reason ?? 'firing',
    receiver,
    receiver_type: (value ?? set)?.type ?? 'webhook',
    alert_id: alert.id,
    incident_id: alert.incident_id,
    dedupe_key: dedupeKey,
    http_status: null,
    latency_ms: 0,
    error: 'the sender did not say what became of it within a day: see that it runs',
    at: isoTime(now),
  };
}
