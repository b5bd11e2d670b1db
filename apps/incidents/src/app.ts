import { incidentsService } from '@telltale/pipeline-incidents';
import { pipelineApp } from '@telltale/platform-nest-runtime';

export const incidentsApp = pipelineApp(incidentsService, () => undefined);
