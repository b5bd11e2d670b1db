import { DDSketch } from '@datadog/sketches-js';
import { type Measure } from '@telltale/contracts';

/** The positive bins of a DDSketch, and how many values were zero. */
export interface Bins {
  readonly zeros: number;
  /** Bins and their counts in turn, as the sketch has them: mostly ascending, each once. */
  readonly bins: readonly number[];
}

const { mapping } = new DDSketch({ relativeAccuracy: 0.01 });
export const valueOfBin = (bin: number): number => mapping.value(bin);
/** The bin of a value above 0. */
export const binOf = (value: number): number => mapping.key(value);

const zigzag = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2);

/** Where in the protobuf wire format reading stands; `end` is that of the innermost message. Just as much of it as a sketch needs. */
interface Cursor {
  bytes: Buffer;
  at: number;
  end: number;
}

function readVarint(cursor: Cursor): number {
  for (let value = 0, factor = 1; ; factor *= 128) {
    if (cursor.at >= cursor.end || factor > 2 ** 49) throw new RangeError('varint');
    const byte = cursor.bytes[cursor.at++] as number;
    value += (byte & 127) * factor;
    if (byte < 128) return value;
  }
}

function readDouble(cursor: Cursor): number {
  if (cursor.at + 8 > cursor.end) throw new RangeError('double');
  const value = cursor.bytes.readDoubleLE(cursor.at);
  cursor.at += 8;
  return value;
}

/** Goes to the end of the field's bytes, which is returned. */
function readSpan(cursor: Cursor): number {
  const length = readVarint(cursor);
  cursor.at += length;
  if (cursor.at > cursor.end) throw new RangeError('length');
  return cursor.at;
}

/** Enters the message of the field; `leave` with what it returns. */
function enter(cursor: Cursor): number {
  const length = readVarint(cursor);
  const outer = cursor.end;
  cursor.end = cursor.at + length;
  if (cursor.end > outer) throw new RangeError('length');
  return outer;
}

function leave(cursor: Cursor, outer: number): void {
  cursor.at = cursor.end;
  cursor.end = outer;
}

function skip(cursor: Cursor, wire: number): void {
  if (wire === 0) readVarint(cursor);
  else if (wire === 1) cursor.at += 8;
  else if (wire === 2) readSpan(cursor);
  else if (wire === 5) cursor.at += 4;
  else throw new RangeError('wire type');
}

/** Small integers are kept as such: they are written three times as fast as other numbers. */
function addPair(into: number[], bin: number, count: number): void {
  const whole = count | 0;
  into.push(bin, whole === count ? whole : count);
}

function readPair(cursor: Cursor, into: number[]): void {
  const outer = enter(cursor);
  let bin = 0;
  let count = 0;
  while (cursor.at < cursor.end) {
    const tag = readVarint(cursor);
    if (tag === 8) bin = zigzag(readVarint(cursor));
    else if (tag === 17) count = readDouble(cursor);
    else skip(cursor, tag & 7);
  }
  addPair(into, bin, count);
  leave(cursor, outer);
}

/** A store: sparse bins (map, field 1), dense bins (packed doubles, field 2) from an offset (field 3). */
function readStore(cursor: Cursor): number[] {
  const outer = enter(cursor);
  const bins: number[] = [];
  const dense: number[] = [];
  let offset = 0;
  while (cursor.at < cursor.end) {
    const tag = readVarint(cursor);
    if (tag === 10) readPair(cursor, bins);
    else if (tag === 18) {
      const within = enter(cursor);
      while (cursor.at + 8 <= cursor.end) dense.push(readDouble(cursor));
      leave(cursor, within);
    } else if (tag === 17) dense.push(readDouble(cursor));
    else if (tag === 24) offset = zigzag(readVarint(cursor));
    else skip(cursor, tag & 7);
  }
  for (let i = 0; i < dense.length; i++) {
    const count = dense[i] as number;
    if (count > 0) addPair(bins, i + offset, count);
  }
  leave(cursor, outer);
  return bins;
}

function readGamma(cursor: Cursor): number {
  const outer = enter(cursor);
  let gamma = mapping.gamma;
  while (cursor.at < cursor.end) {
    const tag = readVarint(cursor);
    if (tag === 9) gamma = readDouble(cursor);
    else skip(cursor, tag & 7);
  }
  leave(cursor, outer);
  return gamma;
}

function areBins(bins: readonly number[]): boolean {
  for (let i = 0; i < bins.length; i += 2) {
    const count = bins[i + 1] as number;
    if (!Number.isSafeInteger(bins[i]) || !Number.isFinite(count) || count < 0) return false;
  }
  return true;
}

/** The bytes of the sketch that is read; one that does not fit has its own. */
const scratch = Buffer.alloc(16_384);

/**
 * The bins of a sketch in its protobuf form (DataDog/sketches-go, ddsketch.proto), or null when it is none or of another accuracy.
 * Reads it by hand: the library builds dense stores, which takes longer than all else the scorer does with a measure.
 */
export function decodeSketch(base64: string): Bins | null {
  const isShort = base64.length <= scratch.length;
  const bytes = isShort ? scratch : Buffer.from(base64, 'base64');
  const cursor = { bytes, at: 0, end: isShort ? scratch.write(base64, 'base64') : bytes.length };
  try {
    let gamma = mapping.gamma;
    let zeros = 0;
    let bins: readonly number[] = [];
    while (cursor.at < cursor.end) {
      const tag = readVarint(cursor);
      if (tag === 10) gamma = readGamma(cursor);
      else if (tag === 18) bins = readStore(cursor);
      else if (tag === 33) zeros = readDouble(cursor);
      else skip(cursor, tag & 7);
    }
    return areBins(bins) && zeros >= 0 && Math.abs(gamma - mapping.gamma) < 1e-9 ? { zeros, bins } : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The bins of a measure. Equal values need no sketch to be known. */
export function binsOf({ min, max, count, sketch }: Measure): Bins | null {
  if (min === max && count > 0) return min > 0 ? { zeros: 0, bins: [binOf(min), count] } : { zeros: count, bins: [] };
  return sketch === '' ? { zeros: 0, bins: [] } : decodeSketch(sketch);
}
