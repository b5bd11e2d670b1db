import { TOPICS } from '@telltale/contracts';
import { defineEdgeService } from '@telltale/streaming';
import { z } from 'zod';

export const insightsService = defineEdgeService({
  name: 'insights',
  about: 'Read API, live tail, commands, corrections of prices.',
  httpPort: 4319,
  reads: [TOPICS.settings, TOPICS.events, TOPICS.dlq, TOPICS.commands, TOPICS.detectorSettings],
  outputs: [TOPICS.commands, TOPICS.detectorSettings, TOPICS.corrections, TOPICS.settings],
  config: z.object({}),
});
