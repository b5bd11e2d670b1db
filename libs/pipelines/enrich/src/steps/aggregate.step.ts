import { type Measures } from '@telltale/domain-metrics';
import { ok } from '@telltale/streaming';
import { type EnrichStep, type Normalized, type Redacted, type Serialized } from '../types';

/** Folds the event into the series it belongs to. */
export function createAggregateStep(
  measures: Pick<Measures, 'add'>,
): EnrichStep<Pick<Normalized, 'draft'> & Redacted & Serialized, object> {
  return function aggregate(item) {
    measures.add(item.event, item.draft.at);
    return ok(item);
  };
}
