import { z } from 'zod';
import { isoTime, text } from './fields';

/** An SDK says what it did with a directive. Key: tenant. */
export const ackRecord = z.object({
  tenant: text,
  directive_id: text,
  instance: text,
  status: z.enum(['applied', 'expired', 'failed']),
  error: text.optional(),
  at: isoTime,
});
export type AckRecord = z.infer<typeof ackRecord>;
