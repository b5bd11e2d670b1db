import { TOPICS } from '@telltale/contracts';
import { sessionsService, turnsService } from '@telltale/pipeline-turns';
import { pipelineApp } from '@telltale/platform-nest-runtime';

export const turnsApp = pipelineApp(turnsService, ({ partitionsOf }) => ({ measurePartitions: partitionsOf(TOPICS.measures) }));
export const sessionsApp = pipelineApp(sessionsService, () => undefined);
