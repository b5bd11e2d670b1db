import { TOPICS } from '@telltale/contracts';
import { defineService, pipelineUnder } from '@telltale/streaming';
import { type WasteConfig, wasteConfig } from './config';
import { createWasteTask } from './waste-pipeline';

export const wasteService = defineService({
  name: 'waste',
  app: 'costs',
  about: 'Says what turns wasted, by themselves and beside the other turns of their session.',
  httpPort: 4341,
  inputs: [TOPICS.turns],
  outputs: [TOPICS.waste],
  tables: ['waste'],
  state: TOPICS.wasteState,
  config: wasteConfig,
  pipeline: (config: WasteConfig) => pipelineUnder(wasteConfig, config, createWasteTask),
});
