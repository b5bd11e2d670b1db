import { DELIVERY_REASONS, RECEIVER_TYPES } from '@telltale/contracts';
import { DAY_MS } from '@telltale/kernel';
import { z } from 'zod';
import { named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { choice, text } from '../define/params';
import { count, isoTime } from '../define/row-fields';
import { columnsOf, filterBy, within } from '../define/where';

const STATUSES = ['delivered', 'retrying', 'failed'] as const;

export const delivery = named(
  'Delivery',
  z.object({
    id: z.string().describe('Of the delivery; all of its tries share it'),
    receiver: z.string(),
    receiver_type: z.enum(RECEIVER_TYPES),
    reason: z.enum(DELIVERY_REASONS).describe('Why it was sent'),
    alert_id: z.string(),
    incident_id: z.string(),
    dedupe_key: z.string(),
    attempt: count.describe('Number of the try'),
    status: z.enum(STATUSES).describe('retrying: there will be another try; failed: there will be none'),
    http_status: count.nullable(),
    latency_ms: count,
    error: z.string(),
    at: isoTime,
    next_try_at: isoTime.nullable(),
  }),
);

export const listDeliveries = defineQuery({
  name: 'listDeliveries',
  about: 'Tries to deliver alerts to receivers, the newest first.',
  tag: 'alerts',
  scope: 'read',
  path: '/api/deliveries',
  params: {
    receiver: text('Only to this receiver').optional(),
    incident: text('Only of this incident, by its id').optional(),
    status: choice(STATUSES, 'Only tries that came to this').optional(),
  },
  example: { status: 'failed' },
  list: 'deliveries',
  row: delivery,
  limits: { rows: { fallback: 100, max: 1_000 }, range: { defaultMs: 7 * DAY_MS, maxMs: 90 * DAY_MS } },
  order: () => [
    { column: 'at', type: 'time', descending: true },
    { column: 'id', type: 'text' },
    { column: 'attempt', type: 'integer' },
  ],
  sql: ({ receiver, incident, status }, period) => {
    const { where, params } = within(filterBy({ receiver, incident_id: incident, status }), 'at', period);
    return { sql: `SELECT ${columnsOf(delivery)} FROM telltale.deliveries WHERE ${where}`, params };
  },
});
