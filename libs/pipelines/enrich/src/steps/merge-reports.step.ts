import { mergeDuplicateCalls } from '@telltale/domain-normalize';
import { type Normalized, type UsageKnown } from '../types';

/**
 * Counts a request once that two instrumentations report in one slice of a batch, as they do when one export carries both. Where their spans
 * come in different slices both count here, and one in the turn.
 */
export function createMergeReportsStep() {
  return function mergeReports<T extends Normalized & UsageKnown>(items: readonly T[]): readonly T[] {
    mergeDuplicateCalls(items.map(({ draft }) => draft));
    return items;
  };
}
