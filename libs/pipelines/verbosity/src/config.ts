import { VERBOSITY_RULES } from '@telltale/domain-verbosity';
import { z } from 'zod';

const ms = (fallback: number) => z.coerce.number().int().positive().default(fallback);

export const verbosityConfig = z.object({
  VERBOSITY_BOOST_TTL_MS: ms(VERBOSITY_RULES.ttlMs).describe('How long an automatic boost lasts'),
  VERBOSITY_BOOST_MAX_MS: ms(VERBOSITY_RULES.maxMs).describe('Longest an extended boost may last'),
  VERBOSITY_COOLDOWN_MS: ms(VERBOSITY_RULES.restMs).describe('How long a target rests after a boost before it may have another'),
  VERBOSITY_MAX_BOOSTS: z.coerce
    .number()
    .int()
    .nonnegative()
    .default(VERBOSITY_RULES.maxBoosts)
    .describe('Automatic boosts in force at once for a tenant that has no setting verbosity_budget'),
  VERBOSITY_MODE: z
    .enum(['never', 'monitor', 'always'])
    .default(VERBOSITY_RULES.mode)
    .describe(
      'Automatic boosts: none, only reported in the table directives, or raised; for a tenant that has no setting verbosity_budget',
    ),
  VERBOSITY_BOOST_RECORDS_PER_S: ms(VERBOSITY_RULES.limits.records_per_s ?? 100).describe(
    'Most records a second that an automatic boost adds, for each instance of an SDK',
  ),
  VERBOSITY_BOOST_BYTES_PER_MIN: ms(VERBOSITY_RULES.limits.bytes_per_min ?? 10_000_000).describe(
    'Most bytes a minute that an automatic boost adds, for each instance of an SDK',
  ),
});
export type VerbosityConfig = z.infer<typeof verbosityConfig>;
