import { type ServiceDefinition } from '@telltale/platform-nest-runtime';
import { createSpendStage } from '@telltale/pipeline-costs';
import { z } from 'zod';

/** events → spend per hour by dimension; corrections → what they change of it */
export const costsService: ServiceDefinition = {
  name: 'costs',
  dependsOn: [],
  config: z.object({}),
  init: () => ({ stages: [createSpendStage()] }),
};
