import { z } from 'zod';
import { isoTime, text } from './fields';

const count = z.number().int().nonnegative();
/** Directives of a tenant are fewer. */
const MAX_DIRECTIVES = 1_000;
const name = text.max(200);

/** What an SDK did with its directives since it last said so. Key: tenant. docs/VERBOSITY.md. */
export const ackRecord = z.object({
  tenant: text,
  received_at: isoTime.describe('By the clock of the gateway'),
  instance: name.min(1).describe('Chosen when the process started'),
  sdk: z.object({ name, version: name }),
  service_name: name.default(''),
  set_hash: name.describe('Of the set that it applied, or could not apply'),
  status: z.enum(['applied', 'failed']),
  error: text.max(1_000).default('').describe('The field of the set that is wrong, and what is wrong with it'),
  directives: z
    .array(
      z.object({
        id: name.min(1),
        hits: count.default(0).describe('Records that it changed'),
        drops: count.default(0).describe('Records that its limits dropped'),
        bytes: count.default(0).describe('Bytes sent because of it'),
      }),
    )
    .max(MAX_DIRECTIVES)
    .default([]),
  suppressed: z.object({ records: count, bytes: count }).default({ records: 0, bytes: 0 }).describe('What was not sent'),
});
export type AckRecord = z.infer<typeof ackRecord>;
