import { z } from 'zod';
import { EVENT_KINDS } from '../event';
import { isoTime, text } from './fields';

export const SEVERITIES = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
/** From least to most. */
export const CONTENTS = ['none', 'metadata', 'full'] as const;
export const DIRECTIVE_CLASSES = ['boost', 'restrict'] as const;

const share = z.number('give a number from 0 to 1').min(0, 'give a number from 0 to 1').max(1, 'give a number from 0 to 1');

/** Which records it applies to: all fields must match, `{}` is every record. docs/VERBOSITY.md says how. */
export const directiveTarget = z.object({
  service_name: text.optional().describe('Only this service'),
  deployment_environment: text.optional().describe('Only this environment'),
  service_version: text.optional().describe('Only this version'),
  kind: z.enum(EVENT_KINDS).optional().describe('Only events of this kind'),
  name: text.optional().describe('Only operations of this name'),
  tool_name: text.optional().describe('Only this tool'),
  model: text.optional().describe('Only calls of this model'),
  logger: text.optional().describe('Only this logger and those below it'),
  session_id: text.optional().describe('Only this session'),
  user: z
    .object({
      salt: text.min(1, 'give a salt, another one for each directive').max(64),
      sha256: text.regex(/^[0-9a-f]{64}$/, 'give the SHA-256 of salt and user id, 64 lower-case hexadecimal digits'),
    })
    .optional()
    .describe('Only this user, by the SHA-256 of the salt followed by the user id'),
  trace_hash: z
    .object({ from: share, to: share })
    .refine(({ from, to }) => from < to, { error: 'from must be less than to' })
    .optional()
    .describe('Only traces whose hash is at least `from` and less than `to`'),
});

/** What it changes. */
export const directiveSet = z
  .object({
    min_severity: z.enum(SEVERITIES).optional().describe('Records of this severity and above are sent'),
    keep: z
      .number('give a number over 0 and at most 1')
      .gt(0, 'give a number over 0 and at most 1')
      .max(1, 'give a number over 0 and at most 1')
      .optional()
      .describe('Share of turns that are kept, over 0 and at most 1'),
    content: z.enum(CONTENTS).optional().describe('How much of messages, arguments and results is sent'),
    flush: z.boolean().optional().describe('Whether what SDKs hold back of matching turns is sent at once'),
  })
  .refine((set) => Object.keys(set).length > 0, { error: 'give at least one of min_severity, keep, content, flush' });
export type DirectiveSet = z.infer<typeof directiveSet>;

export const directiveLimits = z.object({
  records_per_s: z.number().positive().optional().describe('Most records a second, for each instance of an SDK'),
  bytes_per_min: z.number().positive().optional().describe('Most bytes a minute, for each instance of an SDK'),
});
export type DirectiveLimits = z.infer<typeof directiveLimits>;

export const directivePriority = z.number().int().min(0).max(100);
/** What a person decides of a directive. */
export const directiveChoices = {
  class: z.enum(DIRECTIVE_CLASSES),
  priority: directivePriority.default(0).describe('A boost of higher priority than a restrict is not lowered by it'),
  target: directiveTarget,
  set: directiveSet,
  limits: directiveLimits.default({}),
  reason: text,
  issued_by: text,
};

/** A change of verbosity with target, reason and expiry. Key: `<tenant>/<id>`; a tombstone takes it away. */
export const directiveRecord = z.object({
  tenant: text,
  id: text,
  version: z.number().int().positive().describe('Counts its changes'),
  ...directiveChoices,
  evidence: z
    .object({ anomaly_id: text.optional(), incident_id: text.optional(), command_id: text.optional() })
    .describe('What it rests on'),
  issued_at: isoTime,
  expires_at: isoTime.describe('Applied by the SDK on its own clock, so a dead control plane decays to the default'),
});
export type DirectiveRecord = z.infer<typeof directiveRecord>;
