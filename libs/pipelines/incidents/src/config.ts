import { JUMP_RULE } from '@telltale/domain-cost';
import { z } from 'zod';

export const incidentsConfig = z.object({
  INCIDENT_RESOLVE_AFTER_MS: z.coerce
    .number()
    .int()
    .positive()
    .default(300_000)
    .describe('An incident closes when all its anomalies are over and it was quiet this long'),
  INCIDENT_COST_SPIKE_FACTOR: z.coerce
    .number()
    .positive()
    .default(JUMP_RULE.factor)
    .describe('An hour that costs more than this times the usual opens a cost incident'),
  INCIDENT_COST_FLOOR_NANO_USD: z.coerce
    .number()
    .int()
    .nonnegative()
    .default(JUMP_RULE.floorNano)
    .describe('An hour that costs less than this (nano-dollars) never opens one'),
  INCIDENT_MAX_OPEN_PER_TENANT: z.coerce
    .number()
    .int()
    .positive()
    .default(1_000)
    .describe('Incidents of a tenant that may be open in a task; above it those that were quiet the longest are closed'),
  INCIDENT_MAX_SERVICES_PER_TENANT: z.coerce
    .number()
    .int()
    .positive()
    .default(5_000)
    .describe(
      'Services of a tenant whose spend by hour is remembered in a task; above it those that spent nothing the longest are forgotten',
    ),
});
export type IncidentsConfig = z.infer<typeof incidentsConfig>;
