import { type Measures } from '@telltale/domain-metrics';
import { ok, type BatchContext, type Step } from '@telltale/streaming';
import { type EnrichingEvent } from '../types';

/** Folds the event into the series it belongs to. */
export function createAggregateStep(measures: Measures): Step<EnrichingEvent, EnrichingEvent, BatchContext> {
  return function measure(draft) {
    // An amended turn has been counted.
    if (draft.event.revision === 0) measures.add(draft.event, draft.at);
    return ok(draft);
  };
}
