import { type Measures } from '@telltale/domain-measure';
import { ok, type RangeContext, type Step } from '@telltale/engine';
import { type Draft } from './flow';

/** Folds the event into the series it belongs to. */
export function createMeasureStep(measures: Measures): Step<Draft, Draft, RangeContext> {
  return function measure(draft) {
    // An amended turn has been counted.
    if (draft.event.revision === 0) measures.add(draft.event, draft.at);
    return ok(draft);
  };
}
