import { z } from 'zod';
import { isoTime, text } from './fields';

/** Weighted, where turns are sampled. */
const count = z.number().nonnegative();

/** Bounds of one record, which is of one minute of one tenant and task; what has the fewest turns or calls is left out. */
export const EDGE_LIMITS = { services: 50, edges: 200, operations: 200, changes: 16, fingerprints: 16 } as const;

/** An operation: whose it is, and `<kind> <name>`. */
const operation = {
  service: text.describe('Service that it runs in'),
  operation: text.describe('<kind> <name>; of a turn itself: turn'),
};

/**
 * What turns of a tenant that started in one minute called, and how they ended: turns are keyed by session, and incidents need those of a
 * tenant together. Parts of the same minute add up. Key: tenant.
 */
export const edgesRecord = z.object({
  tenant: text,
  source: text.describe('Task that made it, e.g. telltale.turns/0'),
  minute: isoTime.describe('Minute in which the turns started'),
  services: z.array(
    z.object({
      service: text,
      turns: count,
      bad_turns: count.describe('Those that ended in error, refused, transferred or abandoned'),
      users: text.describe('Sketch of the users of its turns: the 64 least 32-bit hashes as base64, little endian; exact up to 64 users'),
      cost_nano_usd: z.number().int(),
      fingerprints: z.array(z.object({ fingerprint: text, bad_turns: count })).describe('Errors in turns that ended badly (at most 16)'),
      versions: z.array(text).describe('service_version, else release, with the environment after a tab (at most 16)'),
      prompt_versions: z.array(text).describe('<name>@<version> (at most 16)'),
      flags: z.array(text).describe('<flag>=<value> (at most 16)'),
    }),
  ),
  operations: z.array(
    z.object({
      ...operation,
      turns: count.describe('Turns in which it was called'),
      bad_turns: count,
      users: text.describe('Sketch of the users of these turns'),
      model: text.describe('Of calls of models'),
      provider: text,
    }),
  ),
  edges: z.array(
    z.object({
      service: text.describe('Service of the caller'),
      caller: operation.operation,
      callee_service: text,
      callee: operation.operation,
      calls: count,
      errors: count,
    }),
  ),
}); // prettier-ignore
export type EdgesRecord = z.infer<typeof edgesRecord>;
