import { PRIVACY_MODES } from '@telltale/contracts';
import { z } from 'zod';

const KEY_BYTES = 32;

export const enricherConfig = z.object({
  ENRICHER_DEFAULT_TENANT: z
    .string()
    .default('default')
    .describe('Tenant of records that name none, such as those of the OpenTelemetry Collector'),
  ENRICHER_DEFAULT_PRIVACY_MODE: z
    .enum(PRIVACY_MODES)
    .default('mask')
    .describe('What is kept of the content of tenants that have no setting of their own: docs/PRIVACY.md'),
  PSEUDONYM_KEY: z
    .string()
    .refine((text) => Buffer.from(text, 'base64').length === KEY_BYTES, 'is not 32 bytes as base64')
    .optional()
    .describe(
      'Key that pseudonyms are made with, as TELLTALE_MASTER_KEY is given; absent: TELLTALE_MASTER_KEY, or a key file when embedded. Set it to the master key that is in use before that is changed, so that everybody keeps their pseudonym',
    ),
  SUBJECT_KEYS_DIR: z
    .string()
    .optional()
    .describe('Folder of the keys that pseudonyms are turned back with; <TELLTALE_HOME>/keys/subjects when embedded'),
});
export type EnricherConfig = z.infer<typeof enricherConfig>;
