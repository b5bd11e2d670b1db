import { TOPICS } from '@telltale/contracts';
import { defineService } from '@telltale/streaming';
import { z } from 'zod';
import { createCostsTask } from './pipeline';

export const costsService = defineService({
  name: 'costs',
  about:
    'Sums spend by hour, service, model or tool, and kind, applies corrections to it, and counts for budgets what only calls say.',
  httpPort: 4333,
  inputs: [TOPICS.settings, TOPICS.events, TOPICS.corrections],
  outputs: [TOPICS.costs, TOPICS.budgetSpend],
  tables: ['spend', 'cost_corrections'],
  state: TOPICS.costsState,
  config: z.object({}),
  // Of settings it takes budgets alone, from their topic; a sum has none.
  pipeline: () => ({ createTask: (_partition, restored) => createCostsTask(restored) }),
});
