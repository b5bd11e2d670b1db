import { z } from 'zod';
import { alertRecord } from './alert';
import { isoTime, text } from './fields';
import { RECEIVER_TYPES, receiverValue } from './receiver-setting';

/** Why something is sent. */
export const DELIVERY_REASONS = ['firing', 'resolved', 'acknowledged', 'reminder', 'test'] as const;
export type DeliveryReason = (typeof DELIVERY_REASONS)[number];

/** One try to deliver an alert. Its receiver is in it as it was then, its secrets sealed. Key: tenant. */
export const deliveryRequest = z.object({
  tenant: text,
  id: text.describe('Of the delivery; every try and every repeat has the same, so that receivers can tell doubles'),
  attempt: z.number().int().positive().describe('From 1 on'),
  reason: z.enum(DELIVERY_REASONS),
  receiver: text,
  value: receiverValue,
  alert: alertRecord,
  firing_since: isoTime.describe('When the alert first fired'),
  requested_at: isoTime,
});
export type DeliveryRequest = z.infer<typeof deliveryRequest>;
/** An alert as it was read, with all of its fields. */
export type ReadAlert = DeliveryRequest['alert'];

/** What became of one try. Key: tenant. */
export const deliveryResult = z.object({
  tenant: text,
  id: text,
  attempt: z.number().int().positive(),
  reason: z.enum(DELIVERY_REASONS),
  receiver: text,
  receiver_type: z.enum(RECEIVER_TYPES),
  alert_id: text,
  incident_id: text,
  dedupe_key: text,
  outcome: z.enum(['delivered', 'retry', 'failed']).describe('retry: it may work later; failed: it will not'),
  http_status: z.number().int().nullable(),
  latency_ms: z.number().int().nonnegative(),
  error: text,
  retry_after_ms: z.number().int().nonnegative().nullable().describe('What the receiver asks for'),
  at: isoTime,
});
export type DeliveryResult = z.infer<typeof deliveryResult>;

/** Somebody wants to see whether a receiver works. Key: tenant. */
export const receiverTest = z.object({
  tenant: text,
  id: text,
  receiver: text,
  value: receiverValue,
  issued_by: text,
  at: isoTime,
});
export type ReceiverTest = z.infer<typeof receiverTest>;
