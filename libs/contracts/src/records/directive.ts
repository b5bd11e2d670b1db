import { z } from 'zod';
import { isoTime, text } from './fields';

export const directiveTarget = z.object({
  service_name: text.optional(),
  kind: text.optional(),
  name: text.optional(),
  session_id: text.optional(),
});

/** A change of verbosity with target, reason and expiry. Key: `<tenant>/<id>`; a tombstone takes it away. */
export const directiveRecord = z.object({
  tenant: text,
  id: text,
  action: z.enum(['boost', 'restrict']),
  target: directiveTarget,
  level: z.enum(['metadata', 'normal', 'full', 'debug']),
  reason: text,
  issued_by: text,
  issued_at: isoTime,
  expires_at: isoTime.describe('Applied by the SDK on its own clock, so a dead control plane decays to the default'),
});
export type DirectiveRecord = z.infer<typeof directiveRecord>;
