import { TOPICS } from '@telltale/contracts';
import { defineService, pipelineUnder } from '@telltale/streaming';
import { type SessionsConfig, sessionsConfig, type TurnsConfig, turnsConfig } from './config';
import { createTurnsTask, type TurnsDeps } from './pipeline';
import { createSessionsTask } from './sessions-pipeline';

export const turnsService = defineService({
  name: 'turns',
  about: 'Puts turns together from their events, revises them when late ones come, measures them, and sums up what they called.',
  httpPort: 4336,
  inputs: [TOPICS.settings, TOPICS.events],
  outputs: [TOPICS.turns, TOPICS.measures, TOPICS.edges],
  tables: ['turns'],
  state: TOPICS.turnsState,
  config: turnsConfig,
  pipeline: (config: TurnsConfig, deps: TurnsDeps) =>
    pipelineUnder(turnsConfig, config, (under, restored) => createTurnsTask(under, deps, restored)),
});

export const sessionsService = defineService({
  name: 'sessions',
  app: 'turns',
  about: 'Folds turns into sessions, and derives those that no producer names.',
  httpPort: 4337,
  inputs: [TOPICS.turns],
  outputs: [TOPICS.sessions],
  tables: ['sessions'],
  state: TOPICS.sessionsState,
  config: sessionsConfig,
  pipeline: (config: SessionsConfig) => pipelineUnder(sessionsConfig, config, createSessionsTask),
});
