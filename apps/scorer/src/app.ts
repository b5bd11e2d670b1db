import { TOPICS } from '@telltale/contracts';
import { scorerService } from '@telltale/pipeline-score';
import { pipelineApp } from '@telltale/platform-nest-runtime';

export const scorerApp = pipelineApp(scorerService, ({ partitionsOf }) => ({ partitions: partitionsOf(TOPICS.measures) }));
