import { z } from 'zod';
import { text } from './fields';

/** Headers of `telltale.raw.v1`. All but tt-format are set by the gateway. */
export const rawHeaders = z.object({
  'tt-format': z.enum(['native', 'openai-chat', 'otlp-traces', 'otlp-logs']).optional().describe('native when absent'),
  'tt-encoding': z.enum(['json', 'protobuf']).optional().describe('json when absent'),
  'tt-tenant': text.optional().describe('the default tenant when absent'),
  'tt-received-at': text.optional().describe('ISO 8601'),
  'tt-backfill': text.optional().describe('1: treat as backfill whatever its time'),
  'tt-encryption-key-id': text
    .optional()
    .describe('Key day; the value is encrypted (AES-256-GCM: 12 B nonce, 16 B tag, ciphertext)'),
});
export type RawHeaders = z.infer<typeof rawHeaders>;
