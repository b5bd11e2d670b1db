import { z } from 'zod';
import { isoTime, text } from './fields';

/** An incident that fires or is resolved, sent out; never for backfill data. Key: tenant. */
export const alertRecord = z.object({
  tenant: text,
  id: text,
  incident_id: text,
  status: z.enum(['firing', 'resolved']),
  at: isoTime,
  title: text,
  summary: text,
});
export type AlertRecord = z.infer<typeof alertRecord>;
