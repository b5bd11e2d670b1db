import { budgetsService } from '@telltale/pipeline-budgets';
import { costsService, wasteService } from '@telltale/pipeline-costs';
import { pipelineApp } from '@telltale/platform-nest-runtime';

export const costsApp = pipelineApp(costsService, () => undefined);
export const wasteApp = pipelineApp(wasteService, () => undefined);
export const budgetsApp = pipelineApp(budgetsService, () => undefined);
