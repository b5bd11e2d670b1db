import { TOPICS } from '@telltale/contracts';
import { defineService } from '@telltale/streaming';
import { z } from 'zod';
import { createCostsTask } from './pipeline';

export const costsService = defineService({
  name: 'costs',
  about: 'Sums spend by hour, service, model or tool, and kind, and applies corrections to it.',
  httpPort: 4333,
  inputs: [TOPICS.events, TOPICS.corrections],
  outputs: [TOPICS.costs],
  tables: ['spend', 'cost_corrections'],
  state: TOPICS.costsState,
  config: z.object({}),
  // A sum has no settings.
  pipeline: () => ({ createTask: (_partition, restored) => createCostsTask(restored) }),
});
