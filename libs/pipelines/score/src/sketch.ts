import { DDSketch } from '@datadog/sketches-js';
import { type Measure } from '@telltale/contracts';

/** The positive bins of a DDSketch, and how many values were zero. */
export interface Bins {
  readonly zeros: number;
  readonly bins: readonly (readonly [bin: number, count: number])[];
}

const { mapping } = new DDSketch({ relativeAccuracy: 0.01 });
export const valueOfBin = (bin: number): number => mapping.value(bin);
/** The bin of a value above 0. */
export const binOf = (value: number): number => mapping.key(value);

const zigzag = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2);

/** Just as much of the protobuf wire format as a sketch needs. Throws RangeError beyond the end. */
function createReader(bytes: Buffer, from: number, end: number) {
  let at = from;
  function varint(): number {
    for (let value = 0, factor = 1; ; factor *= 128) {
      if (at >= end || factor > 2 ** 49) throw new RangeError('varint');
      const byte = bytes.readUInt8(at++);
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }
  function double(): number {
    if (at + 8 > end) throw new RangeError('double');
    const value = bytes.readDoubleLE(at);
    at += 8;
    return value;
  }
  function span(): readonly [from: number, end: number] {
    const length = varint();
    const start = at;
    at += length;
    if (at > end) throw new RangeError('length');
    return [start, at];
  }
  function skip(wire: number): void {
    if (wire === 0) varint();
    else if (wire === 1) at += 8;
    else if (wire === 2) span();
    else if (wire === 5) at += 4;
    else throw new RangeError('wire type');
  }
  return { varint, double, span, skip, more: () => at < end };
}

function readPair(bytes: Buffer, [from, end]: readonly [number, number]): [bin: number, count: number] {
  const reader = createReader(bytes, from, end);
  let bin = 0;
  let count = 0;
  while (reader.more()) {
    const tag = reader.varint();
    if (tag === 8) bin = zigzag(reader.varint());
    else if (tag === 17) count = reader.double();
    else reader.skip(tag & 7);
  }
  return [bin, count];
}

/** A store: sparse bins (map, field 1), dense bins (packed doubles, field 2) from an offset (field 3). */
function readStore(bytes: Buffer, [from, end]: readonly [number, number]): [bin: number, count: number][] {
  const reader = createReader(bytes, from, end);
  const sparse: [number, number][] = [];
  const dense: number[] = [];
  let offset = 0;
  while (reader.more()) {
    const tag = reader.varint();
    if (tag === 10) sparse.push(readPair(bytes, reader.span()));
    else if (tag === 18) {
      const [start, stop] = reader.span();
      for (let at = start; at + 8 <= stop; at += 8) dense.push(bytes.readDoubleLE(at));
    } else if (tag === 17) dense.push(reader.double());
    else if (tag === 24) offset = zigzag(reader.varint());
    else reader.skip(tag & 7);
  }
  dense.forEach((count, i) => count > 0 && sparse.push([i + offset, count]));
  return sparse;
}

function readGamma(bytes: Buffer, [from, end]: readonly [number, number]): number {
  const reader = createReader(bytes, from, end);
  let gamma = mapping.gamma;
  while (reader.more()) {
    const tag = reader.varint();
    if (tag === 9) gamma = reader.double();
    else reader.skip(tag & 7);
  }
  return gamma;
}

/**
 * The bins of a sketch in its protobuf form (DataDog/sketches-go, ddsketch.proto), or null when it is none or of another accuracy.
 * Reads it by hand: the library builds dense stores, which takes longer than all else the scorer does with a measure.
 */
export function decodeSketch(base64: string): Bins | null {
  const bytes = Buffer.from(base64, 'base64');
  try {
    const reader = createReader(bytes, 0, bytes.length);
    let gamma = mapping.gamma;
    let zeros = 0;
    let bins: [number, number][] = [];
    while (reader.more()) {
      const tag = reader.varint();
      if (tag === 10) gamma = readGamma(bytes, reader.span());
      else if (tag === 18) bins = readStore(bytes, reader.span());
      else if (tag === 33) zeros = reader.double();
      else reader.skip(tag & 7);
    }
    const isParent = bins.every(([bin, count]) => Number.isSafeInteger(bin) && Number.isFinite(count) && count >= 0);
    return isParent && zeros >= 0 && Math.abs(gamma - mapping.gamma) < 1e-9 ? { zeros, bins } : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The bins of a measure. Equal values need no sketch to be known. */
export function binsOf({ min, max, count, sketch }: Measure): Bins | null {
  if (min === max && count > 0) return min > 0 ? { zeros: 0, bins: [[binOf(min), count]] } : { zeros: count, bins: [] };
  return sketch === '' ? { zeros: 0, bins: [] } : decodeSketch(sketch);
}
