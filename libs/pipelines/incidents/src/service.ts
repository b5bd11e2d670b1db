import { TOPICS } from '@telltale/contracts';
import { defineService, pipelineUnder } from '@telltale/streaming';
import { type IncidentsConfig, incidentsConfig } from './config';
import { createIncidentsTask, type IncidentRules } from './pipeline';

const rulesOf = (config: IncidentsConfig): IncidentRules => ({
  quietMs: config.INCIDENT_RESOLVE_AFTER_MS,
  maxOpen: config.INCIDENT_MAX_OPEN_PER_TENANT,
});

export const incidentsService = defineService({
  name: 'incidents',
  about:
    'Groups anomalies, jumps of spend and passed budgets into incidents, opens and resolves them, and sends alerts that no silence holds back.',
  httpPort: 4334,
  inputs: [TOPICS.settings, TOPICS.anomalies, TOPICS.budgets, TOPICS.costs],
  outputs: [TOPICS.incidents, TOPICS.alerts],
  tables: ['incidents', 'alerts'],
  state: TOPICS.incidentsState,
  config: incidentsConfig,
  pipeline: (config: IncidentsConfig) =>
    pipelineUnder(incidentsConfig, config, (settings, restored) => createIncidentsTask(rulesOf(settings), restored)),
});
