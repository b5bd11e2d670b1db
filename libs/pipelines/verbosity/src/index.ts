import { TOPICS } from '@telltale/contracts';
import { type RecordSigner, type Stage } from '@telltale/streaming';
import { createSettings } from '@telltale/streaming';
import { type VerbosityConfig, verbosityConfig } from './config';
import { createVerbosityTask } from './verbosity-task';

export { verbosityConfig, type VerbosityConfig };

const rulesOf = (config: VerbosityConfig) => ({
  ttlMs: config.VERBOSITY_BOOST_TTL_MS,
  maxMs: config.VERBOSITY_BOOST_MAX_MS,
  restMs: config.VERBOSITY_COOLDOWN_MS,
  maxBoosts: config.VERBOSITY_MAX_BOOSTS,
});

/** anomalies, cost incidents, commands, what people write to the control topic, acks → directives, each with a proof that it is ours. */
export function createVerbosityStage(signer: RecordSigner, config: VerbosityConfig = verbosityConfig.parse({})): Stage {
  const settings = createSettings(verbosityConfig, config);
  return {
    name: 'verbosity',
    groupId: 'telltale.verbosity',
    inputs: [TOPICS.anomalies.name, TOPICS.incidents.name, TOPICS.commands.name, TOPICS.control.name, TOPICS.acks.name],
    stateTopic: TOPICS.verbosityState.name,
    outputs: [TOPICS.control.name, TOPICS.commands.name],
    settings: settings.text,
    createTask: (_partition, restored, intentSettings) =>
      createVerbosityTask(rulesOf(settings.under(intentSettings)), signer, restored),
  };
}
