import { scorerService } from '@telltale/pipeline-score';
import { partitionCountOf, pipelineApp } from '@telltale/platform-nest-runtime';

export const scorerApp = pipelineApp(scorerService, ({ config }) => ({ partitions: partitionCountOf(config) }));
