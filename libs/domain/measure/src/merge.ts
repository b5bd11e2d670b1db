import { type MeasureRecord } from '@telltale/contracts';
import { createSketch, decodeSketch, encodeSketch, mergeSketch } from './sketch';

/** What of a measure is mergeable. */
export type PartialMeasure = Pick<MeasureRecord, 'count' | 'sum' | 'min' | 'max' | 'errors' | 'sketch'>;

/** Two partial aggregates of one series and window as one; in any order and grouping the same. */
export function mergeMeasures(a: PartialMeasure, b: PartialMeasure): PartialMeasure {
  const sketch = createSketch();
  mergeSketch(sketch, decodeSketch(a.sketch));
  mergeSketch(sketch, decodeSketch(b.sketch));
  return {
    count: a.count + b.count,
    sum: a.sum + b.sum,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    errors: a.errors + b.errors,
    sketch: encodeSketch(sketch),
  };
}
