import { z } from 'zod';
import { VERBOSITY_LEVELS } from '../event';
import { isoTime, text } from './fields';

/** What a task of the enricher stored of one tenant in one batch. Key: tenant. */
export const volumeRecord = z.object({
  tenant: text,
  at: isoTime.describe('Time of the batch'),
  volumes: z.array(
    z.object({
      service_name: text,
      verbosity_level: z.enum(VERBOSITY_LEVELS),
      events: z.number().int().nonnegative(),
      bytes: z.number().nonnegative().describe('Of the events as JSON'),
    }),
  ),
});
export type VolumeRecord = z.infer<typeof volumeRecord>;
