import { DDSketch } from '@datadog/sketches-js';

/** Relative error of quantiles. http://www.vldb.org/pvldb/vol12/p2195-masson.pdf */
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

/** The library allocates bins in chunks of 128, most of them empty; empty bins at the ends are not sent. */
function trim(store: Store): void {
  if (store.count === 0) return;
  store.bins = store.bins.slice(store.minKey - store.offset, store.maxKey - store.offset + 1);
  store.offset = store.minKey;
}

const { mapping } = new DDSketch({ relativeAccuracy: RELATIVE_ACCURACY });
const varintBytes = (value: number): number => (value < 128 ? 1 : 1 + varintBytes(Math.floor(value / 128)));
const zigzag = (value: number): number => (value >= 0 ? value * 2 : -value * 2 - 1);

function writeVarint(into: Buffer, at: number, value: number): number {
  while (value >= 128) {
    into[at++] = (value % 128) | 128;
    value = Math.floor(value / 128);
  }
  into[at++] = value;
  return at;
}

/** Counts of neighboring bins, the first of which is `offset`. */
type DenseBins = Pick<Store, 'bins' | 'offset'>;

const storeBytes = ({ bins, offset }: DenseBins): number =>
  (bins.length > 0 ? 1 + varintBytes(bins.length * 8) + bins.length * 8 : 0) + 1 + varintBytes(zigzag(offset));

/** Store: dense bins (field 2, packed doubles) from an offset (field 3, zigzag). */
function writeStore(into: Buffer, from: number, tag: number, store: DenseBins): number {
  into[from] = tag;
  let at = writeVarint(into, from + 1, storeBytes(store));
  if (store.bins.length > 0) {
    into[at++] = 18;
    at = writeVarint(into, at, store.bins.length * 8);
    for (const bin of store.bins) at = into.writeDoubleLE(bin, at);
  }
  into[at++] = 24;
  return writeVarint(into, at, zigzag(store.offset));
}

const MAPPING_BYTES = 20;
/** Largest frame around the two stores: mapping, two tags with lengths, zero count. */
const FRAME_BYTES = 2 + MAPPING_BYTES + 2 * 6 + 9;

/** The sketch is done with then. */
export function encodeSketch({ store, negativeStore, zeroCount }: Sketch): string {
  trim(store);
  trim(negativeStore);
  return encodeStores(store, negativeStore, zeroCount);
}

/** Counts by bin. */
export type BinCounts = Map<number, number>;

/** The bin of a value above 0. */
export const binOf = (value: number): number => mapping.key(value);

/** The same form of what `positive` and `negative` (by the bin of the opposite) and `zeros` count. */
export const encodeBins = (positive: BinCounts, negative: BinCounts, zeros: number): string =>
  encodeStores(denseOf(positive), denseOf(negative), zeros);

function denseOf(counts: BinCounts): DenseBins {
  let least = Infinity;
  let greatest = -Infinity;
  for (const bin of counts.keys()) {
    if (bin < least) least = bin;
    if (bin > greatest) greatest = bin;
  }
  if (counts.size === 0) return { bins: [], offset: 0 };
  const bins = new Array<number>(greatest - least + 1).fill(0);
  for (const [bin, count] of counts) bins[bin - least] = count;
  return { bins, offset: least };
}

/**
 * Base64 of a sketch's protobuf form (DataDog/sketches-go, ddsketch.proto); byte for byte what the library writes, without its
 * reflection, which cost more than all else a measure does.
 */
function encodeStores(positive: DenseBins, negative: DenseBins, zeros: number): string {
  const out = Buffer.allocUnsafe(FRAME_BYTES + storeBytes(positive) + storeBytes(negative));
  out[0] = 10;
  out[1] = MAPPING_BYTES;
  out[2] = 9;
  out.writeDoubleLE(mapping.gamma, 3);
  out[11] = 17;
  out.writeDoubleLE(0, 12);
  out[20] = 24;
  out[21] = 0;
  let at = writeStore(out, 2 + MAPPING_BYTES, 18, positive);
  at = writeStore(out, at, 26, negative);
  out[at++] = 33;
  at = out.writeDoubleLE(zeros, at);
  return out.toString('base64', 0, at);
}
