import { TOPICS } from '@telltale/contracts';
import { type Stage } from '@telltale/engine';
import { z } from 'zod';
import { openSpendLane } from './spend-lane';

/** Nothing to set yet: spend is a sum. */
export const spendConfig = z.object({});
export type SpendConfig = z.infer<typeof spendConfig>;

/** events → spend by hour and dimensions. */
export function createSpendStage(_config: SpendConfig = {}): Stage {
  return {
    name: 'costs',
    groupId: 'telltale.costs',
    inputs: [TOPICS.events.name],
    stateTopic: TOPICS.costsState.name,
    openLane: (_lane, restored) => openSpendLane(restored),
  };
}
