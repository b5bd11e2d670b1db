import { type ServiceDefinition } from '@telltale/platform-nest-runtime';
import { costsConfig, createSpendStage } from '@telltale/stages';

/** events → spend per hour by dimension */
export const costsService: ServiceDefinition = {
  name: 'costs',
  dependsOn: [],
  config: costsConfig,
  init: ({ config }) => ({ stages: [createSpendStage(costsConfig.parse(config))] }),
};
