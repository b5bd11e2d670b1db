import { PRIVACY_MODES } from '@telltale/contracts';
import { z } from 'zod';

export const enricherConfig = z.object({
  ENRICHER_DEFAULT_TENANT: z
    .string()
    .default('default')
    .describe('Tenant of records that name none, such as those of the OpenTelemetry Collector'),
  ENRICHER_DEFAULT_PRIVACY_MODE: z
    .enum(PRIVACY_MODES)
    .default('mask')
    .describe('What is kept of the content of tenants that have no setting of their own: docs/PRIVACY.md'),
  SUBJECT_KEYS_DIR: z
    .string()
    .optional()
    .describe('Folder of the keys that pseudonyms are turned back with; <TELLTALE_HOME>/keys/subjects when embedded'),
});
export type EnricherConfig = z.infer<typeof enricherConfig>;
