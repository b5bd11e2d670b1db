import { adding, type TokenCounter } from '@telltale/streaming';
import { estimateUsage, mayNeedCount } from '../estimate-usage';
import { type EnrichContext, type Normalized, type UsageKnown } from '../types';

/** Counts the tokens of calls of models whose provider reported none, or a placeholder that their texts disprove, all of a batch at once. Waits only where there are such calls. */
export function createEstimateUsageStep(counter: TokenCounter | undefined) {
  return function estimateMissingUsage<T extends Normalized>(
    items: readonly T[],
    { effects }: EnrichContext,
  ): readonly (T & UsageKnown)[] | Promise<readonly (T & UsageKnown)[]> {
    const known = (): readonly (T & UsageKnown)[] =>
      items.map((item) => adding(item, { isUsageEstimated: item.draft.event.usage_estimated }));
    const drafts = items.map(({ draft }) => draft);
    if (!counter || !drafts.some(mayNeedCount)) return known();
    return estimateUsage(drafts, counter, (name, by) => effects.count(name, by)).then(known);
  };
}
