import { TOPICS } from '@telltale/contracts';
import { defineService, pipelineUnder } from '@telltale/streaming';
import { type IncidentsConfig, incidentsConfig } from './config';
import { createIncidentsTask, type IncidentRules } from './pipeline';

const rulesOf = (config: IncidentsConfig): IncidentRules => ({
  quietMs: config.INCIDENT_RESOLVE_AFTER_MS,
  maxOpen: config.INCIDENT_MAX_OPEN_PER_TENANT,
  joinMs: config.INCIDENT_JOIN_WITHIN_MS,
  reopenMs: config.INCIDENT_REOPEN_WITHIN_MS,
  minBadTurns: config.INCIDENT_NOVELTY_MIN_BAD_TURNS,
  publicUrl: config.TELLTALE_PUBLIC_URL,
});

export const incidentsService = defineService({
  name: 'incidents',
  about:
    'Groups anomalies, jumps of spend and passed budgets into incidents, follows their life, keeps their timeline and deploy marks, and sends alerts that no silence holds back.',
  httpPort: 4334,
  inputs: [TOPICS.settings, TOPICS.detectorSettings, TOPICS.anomalies, TOPICS.budgets, TOPICS.costs, TOPICS.edges, TOPICS.triage],
  outputs: [TOPICS.incidents, TOPICS.alerts],
  tables: ['incidents', 'alerts', 'incident_events', 'deploys'],
  state: TOPICS.incidentsState,
  config: incidentsConfig,
  pipeline: (config: IncidentsConfig) =>
    pipelineUnder(incidentsConfig, config, (settings, restored) => createIncidentsTask(rulesOf(settings), restored)),
});
