import { type ServiceDefinition } from '@telltale/platform-nest-runtime';
import { incidentsConfig, createIncidentsStage } from '@telltale/pipeline-incidents';

/** anomalies, costs → incidents → alerts */
export const incidentsService: ServiceDefinition = {
  name: 'incidents',
  dependsOn: [],
  config: incidentsConfig,
  init: ({ config }) => ({ stages: [createIncidentsStage(incidentsConfig.parse(config))] }),
};
