import { type ReadAlert, type ReceiverTest } from '@telltale/contracts';
import { z } from 'zod';

/** Of an incident only who looks after it, and until when people want to hear nothing of it. */
export const triagedIncident = z.object({
  tenant: z.string(),
  id: z.string(),
  acknowledged_by: z.string().default(''),
  silenced_until: z.iso.datetime().nullable().default(null),
});
export type TriagedIncident = z.infer<typeof triagedIncident>;

/** The alert by which people see whether a receiver works. */
export const testAlert = ({ tenant, id, receiver, issued_by: by, at }: ReceiverTest): ReadAlert => ({
  tenant,
  id,
  incident_id: id,
  status: 'firing',
  at,
  title: `Telltale reaches ${receiver}`,
  summary: `${by} asked for this test. Nothing is wrong.`,
  dedupe_key: id,
  severity: 'info',
  service_name: '',
  services: [],
  kind: 'behavior',
  link: '',
});
