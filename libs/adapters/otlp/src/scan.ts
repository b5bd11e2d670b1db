import { type OtlpProblem } from '@telltale/contracts';
import { PermanentError } from '@telltale/kernel';
import { partitionByTrace } from './partitions';
import { packTree } from './pack';
import { FIXED64 } from './shapes';
import {
  type Level,
  type Signal,
  otherSignal,
  PARENT_ID_RULE,
  SPAN_ID_RULE,
  START_RULE,
  TEXT_RULE,
  TRACE_ID_RULE,
  withoutIds,
  wrongFormat,
} from './signals';
import { type Slice, type SliceTree, writeTree } from './write-slices';
import { WireCursor } from './wire';

export interface ScanOptions {
  /** More than this is refused whole: PermanentError('too_large'). */
  readonly maxItems?: number;
  /** What is wrong with the time of an item, in ms since the epoch; null when nothing is. Not asked where there is no time. */
  readonly timeProblem?: (ms: number) => string | null;
}
export const tooManyItems = (signal: Signal, maxItems: number): PermanentError =>
  new PermanentError('too_large', `the body has over ${maxItems} ${signal.items}; send fewer a request`);

/** One body that can be sent on by itself. */
export interface OtlpPart {
  /** The body in pieces that share the sender's bytes. */
  readonly pieces: readonly Uint8Array[];
  /** The body as one; a copy when it has several pieces. */
  readonly bytes: Buffer;
  readonly count: number;
  /** A trace that goes where all its items go, else null: a turn is put together in one task. */
  readonly key: string | null;
}
export const toPart = (pieces: readonly Uint8Array[], count: number, key: string | null): OtlpPart => ({
  pieces,
  count,
  key,
  get bytes() {
    const [only] = pieces;
    return pieces.length === 1 && Buffer.isBuffer(only) ? only : Buffer.concat(pieces);
  },
});
export interface OtlpSplit {
  readonly parts: OtlpPart[];
  /** Items that are over the limit by themselves. */
  readonly tooLarge: OtlpProblem[];
}
/** A checked body. Nothing has been decoded. */
export interface OtlpScan {
  readonly count: number;
  /** Items that cannot be taken. */
  readonly problems: readonly OtlpProblem[];
  /**
   * The good items as bodies of at most `maxBytes`; the body itself when it is good and small enough. Spans of a body of several traces
   * are parted by the partition of their trace, when there are several partitions.
   */
  split(maxBytes: number, partitions?: number): OtlpSplit;
  /** A body of the named items alone, good or bad. */
  pick(indexes: readonly number[]): Buffer;
}

export const tooLargeProblem = (index: number, maxBytes: number): OtlpProblem => ({
  index,
  field: '',
  message: `is over ${maxBytes} bytes by itself; shorten its longest attribute`,
});

const isZero = (buf: Uint8Array, [from, to]: Slice): boolean => {
  for (let i = from; i < to; i++) if (buf[i] !== 0) return false;
  return true;
};
/** Nanoseconds, little-endian, as milliseconds. */
const millisAt = (buf: Uint8Array, at: number): number => wordAt(buf, at + 4) * 4294.967296 + wordAt(buf, at) / 1e6;
function wordAt(buf: Uint8Array, at: number): number {
  const byte = (i: number): number => buf[at + i] as number;
  return (byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24)) >>> 0;
}
const NONE: Slice = [0, 0];
const length = ([from, to]: Slice): number => to - from;
const isSame = (buf: Buffer, a: Slice, b: Slice): boolean => buf.compare(buf, a[0], a[1], b[0], b[1]) === 0;

interface Found {
  readonly tree: SliceTree;
  readonly problems: OtlpProblem[];
  count: number;
  withoutIds: number;
}
/** Groups, and fields beside their items, of a body that has at most `maxItems` items. */
const MAX_FRAMES_PER_ITEM = 4;
const LEAST_FRAMES = 1_000;

/** Checks the item at [pos, end) of `cursor` and adds what is wrong with it to `found`; answers where its trace id lies. */
function scanItem(cursor: WireCursor, end: number, signal: Signal, found: Found, { timeProblem }: ScanOptions): Slice {
  const { buf, field } = cursor;
  let trace = NONE;
  let span = NONE;
  let parent = NONE;
  let startMs = 0;
  let observedMs = 0;
  while (cursor.pos < end) {
    const message = cursor.next(end, signal.item)?.message;
    const { number, from, wire } = field;
    const to = cursor.pos;
    if (message !== undefined) {
      cursor.pos = from;
      cursor.check(to, message, 4);
    } else if (number === signal.ids.trace) trace = [from, to];
    else if (number === signal.ids.span) span = [from, to];
    else if (number === signal.ids.parent) parent = [from, to];
    else if (wire === FIXED64 && number === signal.start) startMs = millisAt(buf, from);
    else if (wire === FIXED64 && number === signal.observed) observedMs = millisAt(buf, from);
  }
  const { badText } = cursor;
  cursor.badText = null;
  const wants = (slice: Slice, bytes: number): boolean =>
    length(slice) === bytes ? signal.strict && isZero(buf, slice) : signal.strict || length(slice) !== 0;
  const rule = wants(trace, 16)
    ? TRACE_ID_RULE
    : wants(span, 8)
      ? SPAN_ID_RULE
      : length(parent) !== 0 && length(parent) !== 8
        ? PARENT_ID_RULE
        : signal.strict && startMs === 0
          ? START_RULE
          : badText !== null
            ? { field: badText, message: TEXT_RULE }
            : null;
  const at = startMs || observedMs;
  const wrongTime = rule === null && at !== 0 ? (timeProblem?.(at) ?? null) : null;
  if (rule) found.problems.push({ index: found.count, ...rule });
  else if (wrongTime !== null)
    found.problems.push({ index: found.count, field: signal.times[startMs ? 0 : 1].wire, message: wrongTime });
  if (length(trace) === 0 && length(span) === 0) found.withoutIds++;
  found.count++;
  return trace;
}

/** Walks one level: `head` gets the slices of all fields but the nested ones, which go to `onNested`. */
function walk(
  cursor: WireCursor,
  end: number,
  { shape, nested }: Level,
  head: Slice[],
  onFrame: () => void,
  onNested: (start: number, end: number) => void,
): number {
  let headBytes = 0;
  while (cursor.pos < end) {
    const start = cursor.pos;
    const message = cursor.next(end, shape)?.message;
    const to = cursor.pos;
    if (cursor.field.number === nested) {
      cursor.pos = cursor.field.from;
      onNested(start, to);
    } else {
      if (message) {
        cursor.pos = cursor.field.from;
        cursor.check(to, message, 3);
      }
      if (cursor.badText !== null)
        throw new PermanentError('undecodable', `not OTLP protobuf: at byte ${start}, ${cursor.badText} ${TEXT_RULE}`);
      onFrame();
      head.push([start, to]);
      headBytes += to - start;
    }
  }
  return headBytes;
}

function find(signal: Signal, buf: Buffer, options: ScanOptions): Found {
  const found: Found = { tree: [], problems: [], count: 0, withoutIds: 0 };
  const cursor = new WireCursor(buf);
  const { maxItems = Infinity } = options;
  let frames = LEAST_FRAMES + maxItems * MAX_FRAMES_PER_ITEM;
  const onFrame = (): void => {
    if (--frames < 0) throw new PermanentError('too_large', 'the body has too many resources and scopes for its items');
  };
  const { request, resource, scope } = signal.levels;
  walk(cursor, buf.length, request, [], onFrame, (_start, end) => {
    onFrame();
    const scopes: Found['tree'][number]['scopes'] = [];
    const head: Slice[] = [];
    const headBytes = walk(cursor, end, resource, head, onFrame, (_from, scopeEnd) => {
      onFrame();
      const items: Found['tree'][number]['scopes'][number]['items'] = [];
      const scopeHead: Slice[] = [];
      const scopeHeadBytes = walk(cursor, scopeEnd, scope, scopeHead, onFrame, (from, to) => {
        const index = found.count;
        if (index >= maxItems) throw tooManyItems(signal, maxItems);
        const trace = scanItem(cursor, to, signal, found, options);
        items.push({ index, bytes: to - from, item: { slice: [from, to], trace } });
      });
      scopes.push({ head: scopeHead, headBytes: scopeHeadBytes, items });
    });
    found.tree.push({ head, headBytes, scopes });
  });
  return found;
}

const isGood = (signal: Signal, buf: Buffer, options: ScanOptions): boolean => {
  try {
    const { count, problems } = find(signal, buf, options);
    return count > 0 && problems.length === 0;
  } catch (error) {
    if (error instanceof PermanentError) return false;
    throw error;
  }
};

/** Tag and length of a nested message take at most this. */
const FRAME_BYTES = 6;

/**
 * Checks a protobuf body in one pass. Throws PermanentError: 'undecodable' for what is not OTLP, 'invalid' ("wrong format") for what is
 * OTLP of the other signal, 'too_large' for what has too many items.
 */
export function scan(signal: Signal, bytes: Uint8Array, options: ScanOptions = {}): OtlpScan {
  const buf = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let found: Found;
  try {
    found = find(signal, buf, options);
  } catch (error) {
    if (error instanceof PermanentError && error.code === 'too_large') throw error;
    if (isGood(otherSignal(signal), buf, options)) throw wrongFormat(signal);
    throw error;
  }
  const { tree, problems, count } = found;
  if (signal.strict && count > 0 && found.withoutIds === count)
    throw isGood(otherSignal(signal), buf, options) ? wrongFormat(signal) : withoutIds(signal);
  const bad = new Set(problems.map(({ index }) => index));
  const partOf = (part: SliceTree, pieces: readonly Uint8Array[], isPartitioned: boolean): OtlpPart => {
    const nodes = part.flatMap(({ scopes }) => scopes.flatMap(({ items }) => items));
    const trace = nodes[0]?.item.trace ?? NONE;
    const isOne = length(trace) > 0 && (isPartitioned || nodes.every(({ item }) => isSame(buf, item.trace, trace)));
    return toPart(pieces, nodes.length, isOne ? buf.toString('hex', ...trace) : null);
  };
  const tracesOf = (): ReadonlyMap<number, string> =>
    new Map(
      tree.flatMap(({ scopes }) =>
        scopes.flatMap(({ items }) => items.map(({ index, item }) => [index, buf.toString('hex', ...item.trace)] as const)),
      ),
    );
  return {
    count,
    problems,
    split(maxBytes, partitions = 1) {
      if (count === bad.size) return { parts: [], tooLarge: [] };
      const isPartitioned = signal.strict && partitions > 1;
      const partitioned = isPartitioned && count > 1 ? partitionByTrace(tracesOf(), partitions, bad) : [null];
      if (partitioned.length === 1 && bad.size === 0 && buf.length <= maxBytes)
        return { parts: [partOf(tree, [buf], isPartitioned)], tooLarge: [] };
      const packed = partitioned.map((partition) =>
        packTree(tree, maxBytes, FRAME_BYTES, (index) => (partition ? partition.has(index) : !bad.has(index))),
      );
      return {
        parts: packed.flatMap(({ trees }) => trees.map((part) => partOf(part, writeTree(part, buf, signal), isPartitioned))),
        tooLarge: packed.flatMap(({ tooLarge }) => tooLarge.map((index) => tooLargeProblem(index, maxBytes))),
      };
    },
    pick(indexes) {
      const wanted = new Set(indexes);
      const [picked] = packTree(tree, Infinity, FRAME_BYTES, (index) => wanted.has(index)).trees;
      return Buffer.concat(writeTree(picked ?? [], buf, signal));
    },
  };
}
