import { tieToolCalls } from '@telltale/domain-normalize';
import { type Normalized } from '../types';

/**
 * Ties calls of tools that have no id in common with a call of a model to the one that asked for their name, in one slice of a batch, as an
 * export carries both. Where ids are sent the view `tool_calls` ties them, however they come.
 */
export function createTieToolsStep() {
  return function tieTools<T extends Normalized>(items: readonly T[]): readonly T[] {
    tieToolCalls(items.map(({ draft }) => draft));
    return items;
  };
}
