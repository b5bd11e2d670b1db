import { z } from 'zod';
import { isoTime, text } from './fields';

/** Anomalies that belong together, with a life. Key: tenant. */
export const incidentRecord = z.object({
  tenant: text,
  id: text,
  state: z.enum(['open', 'closed']),
  opened_at: isoTime,
  closed_at: isoTime.nullable(),
  updated_at: isoTime,
  title: text,
  service_name: text,
  kind: z.enum(['behavior', 'cost']),
  anomaly_ids: z.array(text),
  open_anomalies: z.number().int().nonnegative(),
  probable_cause: text.describe('The member that departed first and furthest'),
  peak_score: z.number(),
  backfill: z.boolean(),
});
export type IncidentRecord = z.infer<typeof incidentRecord>;
