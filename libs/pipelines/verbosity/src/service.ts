import { TOPICS } from '@telltale/contracts';
import { type VerbosityRules } from '@telltale/domain-verbosity';
import { defineService, pipelineUnder, type RecordSigner } from '@telltale/streaming';
import { type VerbosityConfig, verbosityConfig } from './config';
import { createVerbosityTask } from './pipeline';

const rulesOf = (config: VerbosityConfig): VerbosityRules => ({
  ttlMs: config.VERBOSITY_BOOST_TTL_MS,
  maxMs: config.VERBOSITY_BOOST_MAX_MS,
  restMs: config.VERBOSITY_COOLDOWN_MS,
  maxBoosts: config.VERBOSITY_MAX_BOOSTS,
  mode: config.VERBOSITY_MODE,
  bytesPerMinute: null,
  limits: { records_per_s: config.VERBOSITY_BOOST_RECORDS_PER_S, bytes_per_min: config.VERBOSITY_BOOST_BYTES_PER_MIN },
});

export interface VerbosityDeps {
  /** Signs directives, and tells those of this service from what others write to the control topic. */
  readonly signer: RecordSigner;
}

export const verbosityService = defineService({
  name: 'verbosity',
  about: 'Raises log detail where and while it is worth having, with a reason and an expiry, and lowers it again.',
  httpPort: 4335,
  inputs: [TOPICS.settings, TOPICS.anomalies, TOPICS.incidents, TOPICS.commands, TOPICS.control, TOPICS.acks, TOPICS.volume],
  outputs: [TOPICS.control, TOPICS.commands],
  tables: ['directives', 'directive_acks'],
  state: TOPICS.verbosityState,
  config: verbosityConfig,
  pipeline: (config: VerbosityConfig, { signer }: VerbosityDeps) =>
    pipelineUnder(verbosityConfig, config, (settings, restored) => createVerbosityTask(rulesOf(settings), signer, restored)),
});
