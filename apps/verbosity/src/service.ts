import { type ServiceDefinition } from '@telltale/platform-nest-runtime';
import { verbosityConfig, createVerbosityStage } from '@telltale/stages';

/** anomalies, incidents, commands, acks → directives */
export const verbosityService: ServiceDefinition = {
  name: 'verbosity',
  dependsOn: [],
  config: verbosityConfig,
  init: ({ config }) => ({ stages: [createVerbosityStage(verbosityConfig.parse(config))] }),
};
