import { z } from 'zod';
import { directiveTarget } from './directive';
import { text } from './fields';

/** What the SDKs hear and what people ask: set or revoke a directive by hand. Key: tenant. */
export const commandRecord = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('set_directive'),
    tenant: text,
    id: text,
    action: z.enum(['boost', 'restrict']),
    target: directiveTarget,
    level: z.enum(['metadata', 'normal', 'full', 'debug']),
    ttl_ms: z.number().int().positive().max(86_400_000),
    reason: text,
    issued_by: text,
  }),
  z.object({ type: z.literal('revoke_directive'), tenant: text, id: text, issued_by: text }),
]);
export type CommandRecord = z.infer<typeof commandRecord>;
