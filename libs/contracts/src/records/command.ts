import { z } from 'zod';
import { directiveChoices } from './directive';
import { text } from './fields';

const DAY_MS = 86_400_000;
/** A boost costs; a restrict saves, and may last longer. */
export const MAX_BOOST_TTL_MS = DAY_MS;
export const MAX_RESTRICT_TTL_MS = 30 * DAY_MS;

/** What the SDKs hear and what people ask: set or revoke a directive by hand. Key: tenant. */
export const commandRecord = z.discriminatedUnion('type', [
  z
    .object({
      type: z.literal('set_directive'),
      tenant: text,
      id: text,
      ...directiveChoices,
      ttl_ms: z.number().int().positive().max(MAX_RESTRICT_TTL_MS).describe('How long it holds; a boost a day at most'),
    })
    .refine(({ class: of, ttl_ms }) => of === 'restrict' || ttl_ms <= MAX_BOOST_TTL_MS, {
      path: ['ttl_ms'],
      error: 'a boost holds for 24 hours at most',
    }),
  z.object({ type: z.literal('revoke_directive'), tenant: text, id: text, issued_by: text }),
]);
export type CommandRecord = z.infer<typeof commandRecord>;
