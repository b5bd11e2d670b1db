import { type ServiceDefinition } from '@telltale/platform-nest-runtime';
import { verbosityConfig, createVerbosityStage } from '@telltale/pipeline-verbosity';

/** anomalies, incidents, commands, what people write to the control topic, acks → directives */
export const verbosityService: ServiceDefinition = {
  name: 'verbosity',
  dependsOn: [],
  config: verbosityConfig,
  init: ({ config, signer }) => ({ stages: [createVerbosityStage(signer, verbosityConfig.parse(config))] }),
};
