import { z } from 'zod';
import { isoTime, text } from './fields';
import { INCIDENT_SEVERITIES } from './incident';

/** An incident that fires or is resolved, sent out; never for backfill data. Key: tenant. The row of table `alerts` is the same JSON. */
export const alertRecord = z.object({
  tenant: text,
  id: text,
  incident_id: text,
  status: z.enum(['firing', 'resolved']),
  at: isoTime,
  title: text,
  summary: text,
  dedupe_key: text.default('').describe('The id of the incident: what fires again under it is the same alert, more severe or come back'),
  severity: z.enum(INCIDENT_SEVERITIES).default('warning'),
  service_name: text.default('').describe('Service of the cause'),
  services: z.array(text).default([]).describe('Services of the anomalies'),
  kind: text.default('').describe('Kind of the incident: behavior or cost'),
  link: text.default('').describe('Page of the incident; empty where TELLTALE_PUBLIC_URL is not set'),
}); // prettier-ignore
/** As writers may send it; the newer fields may be missing. */
export type AlertRecord = z.input<typeof alertRecord>;
