import { TOPICS } from '@telltale/contracts';
import { type Stage } from '@telltale/streaming';
import { COSTS_GROUP, createSpendTask } from './spend-task';

export { reprice, type RepriceDeps, type RepriceRange, type RepriceReport } from './reprice';

/** events → spend by hour and dimensions, corrections → what they change of it. A sum has nothing to set. */
export function createSpendStage(): Stage {
  return {
    name: 'costs',
    groupId: COSTS_GROUP,
    inputs: [TOPICS.events.name, TOPICS.corrections.name],
    stateTopic: TOPICS.costsState.name,
    outputs: [TOPICS.costs.name],
    createTask: (_lane, restored) => createSpendTask(restored),
  };
}
