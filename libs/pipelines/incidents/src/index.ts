import { TOPICS } from '@telltale/contracts';
import { JUMP_RULE } from '@telltale/domain-cost';
import { type Stage } from '@telltale/streaming';
import { createSettings } from '@telltale/streaming';
import { type IncidentsConfig, incidentsConfig } from './config';
import { createIncidentsTask } from './incidents-task';

export { incidentsConfig, type IncidentsConfig };

const rulesOf = (config: IncidentsConfig) => ({
  quietMs: config.INCIDENT_RESOLVE_AFTER_MS,
  maxOpen: config.INCIDENT_MAX_OPEN_PER_TENANT,
  maxServices: config.INCIDENT_MAX_SERVICES_PER_TENANT,
  jump: { ...JUMP_RULE, factor: config.INCIDENT_COST_SPIKE_FACTOR, floorNano: config.INCIDENT_COST_FLOOR_NANO_USD },
});

/** anomalies, spend → incidents → alerts. */
export function createIncidentsStage(config: IncidentsConfig = incidentsConfig.parse({})): Stage {
  const settings = createSettings(incidentsConfig, config);
  return {
    name: 'incidents',
    groupId: 'telltale.incidents',
    inputs: [TOPICS.anomalies.name, TOPICS.costs.name],
    stateTopic: TOPICS.incidentsState.name,
    outputs: [TOPICS.incidents.name, TOPICS.alerts.name],
    settings: settings.text,
    createTask: (_partition, restored, intentSettings) => createIncidentsTask(rulesOf(settings.under(intentSettings)), restored),
  };
}
