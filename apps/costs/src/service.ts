import { type ServiceDefinition } from '@telltale/platform-nest-runtime';
import { spendConfig, createSpendStage } from '@telltale/stages';

/** events → spend per hour by dimension */
export const costsService: ServiceDefinition = {
  name: 'costs',
  dependsOn: [],
  config: spendConfig,
  init: ({ config }) => ({ stages: [createSpendStage(spendConfig.parse(config))] }),
};
