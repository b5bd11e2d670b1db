import { TOPICS } from '@telltale/contracts';
import { JUMP_RULE } from '@telltale/domain-cost';
import { defineService, pipelineUnder } from '@telltale/streaming';
import { type IncidentsConfig, incidentsConfig } from './config';
import { createIncidentsTask, type IncidentRules } from './pipeline';

const rulesOf = (config: IncidentsConfig): IncidentRules => ({
  quietMs: config.INCIDENT_RESOLVE_AFTER_MS,
  maxOpen: config.INCIDENT_MAX_OPEN_PER_TENANT,
  maxServices: config.INCIDENT_MAX_SERVICES_PER_TENANT,
  jump: { ...JUMP_RULE, factor: config.INCIDENT_COST_SPIKE_FACTOR, floorNano: config.INCIDENT_COST_FLOOR_NANO_USD },
});

export const incidentsService = defineService({
  name: 'incidents',
  about:
    'Groups anomalies and jumps of spend into incidents, opens and resolves them, and sends alerts that no silence holds back.',
  httpPort: 4334,
  inputs: [TOPICS.settings, TOPICS.anomalies, TOPICS.costs],
  outputs: [TOPICS.incidents, TOPICS.alerts],
  tables: ['incidents', 'alerts'],
  state: TOPICS.incidentsState,
  config: incidentsConfig,
  pipeline: (config: IncidentsConfig) =>
    pipelineUnder(incidentsConfig, config, (settings, restored) => createIncidentsTask(rulesOf(settings), restored)),
});
