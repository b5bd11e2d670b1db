import { partitionCountOf, type ServiceDefinition } from '@telltale/platform-nest-runtime';
import { scorerConfig, createScoreStage } from '@telltale/pipeline-score';

/** measures, detector settings → windows → baselines → anomalies */
export const scorerService: ServiceDefinition = {
  name: 'scorer',
  dependsOn: [],
  config: scorerConfig,
  init: ({ config }) => ({ stages: [createScoreStage(scorerConfig.parse(config), partitionCountOf(config))] }),
};
