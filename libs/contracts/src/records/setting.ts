import { z } from 'zod';
import { text } from './fields';

/** What is kept of a tenant's content; see docs/PRIVACY.md. */
export const PRIVACY_MODES = ['mask', 'pseudonymize', 'drop_content', 'metadata_only'] as const;

/** What an API key may do; libs/auth says what each lets in. */
export const API_KEY_SCOPES = ['ingest', 'read', 'control:read', 'control', 'admin'] as const;
export type ApiKeyScope = (typeof API_KEY_SCOPES)[number];
export const apiKeyScopes = z.array(z.enum(API_KEY_SCOPES)).min(1);

/** Settings, one record a key; seeded from YAML. Key: `<type>/<name>`. */
export const settingRecord = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('tenant'),
    name: text,
    retention_days: z.number().int().positive().optional(),
    privacy: z.enum(PRIVACY_MODES).optional().describe('What is kept of its content'),
  }),
  z.object({
    type: z.literal('api_key'),
    name: text,
    tenant: text,
    sha256: text.describe('Hex SHA-256 of the key; the key itself is never stored'),
    scopes: apiKeyScopes.optional().describe('What the key may do; everything when absent'),
  }),
]);
export type SettingRecord = z.infer<typeof settingRecord>;
