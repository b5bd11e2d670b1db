import { z } from 'zod';

export const incidentsConfig = z.object({
  INCIDENT_RESOLVE_AFTER_MS: z.coerce
    .number()
    .int()
    .positive()
    .default(300_000)
    .describe('An incident closes when all its anomalies are over and it was quiet this long'),
  INCIDENT_MAX_OPEN_PER_TENANT: z.coerce
    .number()
    .int()
    .positive()
    .default(1_000)
    .describe('Incidents of a tenant that may be open in a task; above it those that were quiet the longest are closed'),
});
export type IncidentsConfig = z.infer<typeof incidentsConfig>;
