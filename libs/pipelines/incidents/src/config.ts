import { z } from 'zod';

const whole = (fallback: number, about: string) => z.coerce.number().int().positive().default(fallback).describe(about);

export const incidentsConfig = z.object({
  INCIDENT_RESOLVE_AFTER_MS: whole(300_000, 'An incident closes when all its anomalies are over and it was quiet this long'),
  INCIDENT_MAX_OPEN_PER_TENANT: whole(
    1_000,
    'Incidents of a tenant that may be open in a task; above it those that were quiet the longest are closed',
  ),
  INCIDENT_JOIN_WITHIN_MS: whole(
    300_000,
    'Anomalies that began within so long of each other and are related (docs/INCIDENTS.md) are one incident',
  ),
  INCIDENT_REOPEN_WITHIN_MS: whole(
    1_800_000,
    'An incident whose cause comes back within so long of its end is open again under its id',
  ),
  INCIDENT_NOVELTY_MIN_BAD_TURNS: whole(
    3,
    'A new kind of error alone opens an incident once so many turns with it ended in error, refused, transferred or abandoned',
  ),
  TELLTALE_PUBLIC_URL: z
    .union([z.literal(''), z.url({ protocol: /^https?$/, error: 'is no URL: give one such as https://telltale.example.com' })])
    .default('')
    .describe('Where people reach the console; alerts link to <URL>/incidents/<id>, and to nothing where it is empty'),
});
export type IncidentsConfig = z.infer<typeof incidentsConfig>;
