import { isBackfill, storedAmong, type StoredEvents } from '../stored-events';
import { type EnrichContext, type Normalized } from '../types';

/** Leaves out events of a backfill that the tables have from an earlier arrival, before anything counts them. Waits only where there is a backfill. */
export function createDropStoredStep(ask: StoredEvents | undefined) {
  return function dropStored<T extends Normalized>(
    items: readonly T[],
    { effects }: EnrichContext,
  ): readonly T[] | Promise<readonly T[]> {
    const drafts = items.map(({ draft }) => draft);
    if (!ask || !drafts.some(isBackfill)) return items;
    return storedAmong(drafts, ask).then((isStored) => {
      const left = items.filter(({ draft }) => !isStored(draft));
      effects.count('dropped_stored', items.length - left.length);
      return left;
    });
  };
}
