import { DDSketch } from '@datadog/sketches-js';
import { PermanentError } from '@telltale/kernel';

/** Quantiles are right within this share of the value. http://www.vldb.org/pvldb/vol12/p2195-masson.pdf */
export const RELATIVE_ACCURACY = 0.01;

export type Sketch = Pick<DDSketch, 'accept' | 'getValueAtQuantile' | 'count' | 'zeroCount'> & {
  readonly store: Store;
  readonly negativeStore: Store;
  toProto(): Uint8Array;
};
interface Store {
  bins: number[];
  offset: number;
  count: number;
  minKey: number;
  maxKey: number;
  add(key: number, weight?: number): void;
}

export const createSketch = (): Sketch => new DDSketch({ relativeAccuracy: RELATIVE_ACCURACY });

/** Bins come in chunks of 128, most of them empty; those at the ends need not be sent. */
function trim(store: Store): void {
  if (store.count === 0) return;
  store.bins = store.bins.slice(store.minKey - store.offset, store.maxKey - store.offset + 1);
  store.offset = store.minKey;
}

/** Base64 of the sketch's protobuf form. The sketch is done with then. */
export function encodeSketch(sketch: Sketch): string {
  trim(sketch.store);
  trim(sketch.negativeStore);
  return Buffer.from(sketch.toProto()).toString('base64');
}

export function decodeSketch(base64: string): Sketch {
  try {
    return DDSketch.fromProto(Buffer.from(base64, 'base64'));
  } catch (cause) {
    throw new PermanentError('invalid', 'sketch: must be a DDSketch as base64 of its protobuf form', { cause });
  }
}

function addStore(into: Store, from: Store): void {
  for (let i = 0; i < from.bins.length; i++) {
    const weight = from.bins[i] ?? 0;
    if (weight > 0) into.add(from.offset + i, weight);
  }
}

/**
 * Adds `from` to `into`. Bin by bin, for the library's own merge leaves out negative values and loses bins when the largest key is 0
 * (@datadog/sketches-js 2.1.1, DenseStore._extendRange).
 */
export function mergeSketch(into: Sketch, from: Sketch): void {
  addStore(into.store, from.store);
  addStore(into.negativeStore, from.negativeStore);
  into.zeroCount += from.zeroCount;
  into.count += from.count;
}
