import { drop, ok, type RangeContext, type Step } from '@telltale/engine';
import { type Draft } from './flow';
import { type SeenIds } from './seen-ids';

/** Lets an event pass once in ten minutes: what a client sends again has the same id. */
export function createDedupeStep(seen: SeenIds): Step<Draft, Draft, RangeContext> {
  return function dedupe(draft) {
    const { tenant, id } = draft.event;
    return seen.add(tenant, id) ? ok(draft) : drop('repeated');
  };
}
