import { drop, ok, type BatchContext, type Step } from '@telltale/streaming';
import { type EnrichingEvent } from '../types';
import { type DedupeWindow } from '../state/dedupe-window';

/** Lets an event pass once in ten minutes: what a client sends again has the same id. */
export function createDedupeStep(seen: DedupeWindow): Step<EnrichingEvent, EnrichingEvent, BatchContext> {
  return function dedupe(draft) {
    const { tenant, id } = draft.event;
    return seen.add(tenant, id) ? ok(draft) : drop('duplicate');
  };
}
