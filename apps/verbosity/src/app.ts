import { verbosityService } from '@telltale/pipeline-verbosity';
import { pipelineApp } from '@telltale/platform-nest-runtime';

export const verbosityApp = pipelineApp(verbosityService, ({ signer }) => ({ signer }));
