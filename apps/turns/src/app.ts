import { sessionsService, turnsService } from '@telltale/pipeline-turns';
import { pipelineApp } from '@telltale/platform-nest-runtime';

export const turnsApp = pipelineApp(turnsService, () => undefined);
export const sessionsApp = pipelineApp(sessionsService, () => undefined);
