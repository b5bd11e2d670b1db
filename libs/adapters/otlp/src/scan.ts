import { type OtlpProblem } from '@telltale/contracts';
import { PermanentError } from '@telltale/kernel';
import { lanesOf } from './lanes';
import { packTree, type Tree } from './pack';
import {
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
import { BYTES, FIXED64, type MessageShape, RESOURCE, SCOPE, WireCursor } from './wire';

/** One body that can be sent on by itself. */
export interface OtlpPart {
  /** The body in pieces that share the sender's bytes. */
  readonly pieces: readonly Uint8Array[];
  /** The body as one; a copy when it has several pieces. */
  readonly bytes: Buffer;
  readonly count: number;
  /** A trace that goes where all its items go, else null: a turn is put together on one lane. */
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
   * are dealt out by the lane of their trace, when there are several lanes.
   */
  split(maxBytes: number, lanes?: number): OtlpSplit;
  /** A body of the named items alone, good or bad. */
  pick(indexes: readonly number[]): Buffer;
}

export const tooLargeProblem = (index: number, maxBytes: number): OtlpProblem => ({
  index,
  field: '',
  message: `is over ${maxBytes} bytes by itself; shorten its longest attribute`,
});

type Slice = readonly [from: number, to: number];
interface Node {
  readonly slice: Slice;
  readonly trace: Slice;
}

const frame = (name: string, head: MessageShape | undefined, headName: string, items: string): MessageShape => ({
  name,
  fields: [
    undefined,
    { name: headName, wire: BYTES, text: false, message: head },
    items ? { name: items, wire: BYTES, text: false, message: undefined } : undefined,
    items ? { name: 'schema_url', wire: BYTES, text: true, message: undefined } : undefined,
  ],
});
const REQUEST = frame('request', undefined, 'resource', '');
const IN_RESOURCE = frame('resource group', RESOURCE, 'resource', 'scopes');
const IN_SCOPE = frame('scope group', SCOPE, 'scope', 'items');

const isZero = (buf: Uint8Array, [from, to]: Slice): boolean => {
  for (let i = from; i < to; i++) if (buf[i] !== 0) return false;
  return true;
};
const NONE: Slice = [0, 0];
const length = ([from, to]: Slice): number => to - from;
const isSame = (buf: Buffer, a: Slice, b: Slice): boolean => buf.compare(buf, a[0], a[1], b[0], b[1]) === 0;

interface Found {
  readonly tree: Tree<Slice[], Node>;
  readonly problems: OtlpProblem[];
  count: number;
  withoutIds: number;
}

/** Checks the item at [pos, end) of `cursor` and adds what is wrong with it to `found`; answers where its trace id lies. */
function scanItem(cursor: WireCursor, end: number, signal: Signal, found: Found): Slice {
  const { buf, field } = cursor;
  let trace = NONE;
  let span = NONE;
  let parent = NONE;
  let started = false;
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
    else if (number === signal.start && wire === FIXED64) started = !isZero(buf, [from, to]);
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
        : signal.strict && !started
          ? START_RULE
          : badText !== null
            ? { field: badText, message: TEXT_RULE }
            : null;
  if (rule) found.problems.push({ index: found.count, ...rule });
  if (length(trace) === 0 && length(span) === 0) found.withoutIds++;
  found.count++;
  return trace;
}

/** Walks one level: `head` gets the slices of all fields but the nested ones (number `nested`), which go to `onNested`. */
function walk(
  cursor: WireCursor,
  end: number,
  of: MessageShape,
  nested: number,
  head: Slice[],
  onNested: (start: number, end: number) => void,
): number {
  let headBytes = 0;
  while (cursor.pos < end) {
    const start = cursor.pos;
    const message = cursor.next(end, of)?.message;
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
      head.push([start, to]);
      headBytes += to - start;
    }
  }
  return headBytes;
}

function find(signal: Signal, buf: Uint8Array): Found {
  const found: Found = { tree: [], problems: [], count: 0, withoutIds: 0 };
  const cursor = new WireCursor(buf);
  walk(cursor, buf.length, REQUEST, 1, [], (_start, end) => {
    const scopes: Found['tree'][number]['scopes'] = [];
    const head: Slice[] = [];
    const headBytes = walk(cursor, end, IN_RESOURCE, 2, head, (_from, scopeEnd) => {
      const items: Found['tree'][number]['scopes'][number]['items'] = [];
      const scopeHead: Slice[] = [];
      const scopeHeadBytes = walk(cursor, scopeEnd, IN_SCOPE, 2, scopeHead, (from, to) => {
        const index = found.count;
        items.push({ index, bytes: to - from, item: { slice: [from, to], trace: scanItem(cursor, to, signal, found) } });
      });
      scopes.push({ head: scopeHead, headBytes: scopeHeadBytes, items });
    });
    found.tree.push({ head, headBytes, scopes });
  });
  return found;
}

const isGood = (signal: Signal, buf: Uint8Array): boolean => {
  try {
    const { count, problems } = find(signal, buf);
    return count > 0 && problems.length === 0;
  } catch (error) {
    if (error instanceof PermanentError) return false;
    throw error;
  }
};

function varintBytes(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value & 127) | 128);
  bytes.push(value);
  return bytes;
}
const nest = (tag: number, chunks: readonly Uint8Array[]): Uint8Array[] => {
  const size = chunks.reduce((sum, { length: bytes }) => sum + bytes, 0);
  return [Uint8Array.from([tag, ...varintBytes(size)]), ...chunks];
};

function write(tree: Found['tree'], buf: Uint8Array): Uint8Array[] {
  const cut = (slices: readonly Slice[]): Uint8Array[] => {
    const chunks: Uint8Array[] = [];
    let open: [number, number] | undefined;
    for (const [from, to] of slices) {
      if (open?.[1] === from) open[1] = to;
      else {
        if (open) chunks.push(buf.subarray(...open));
        open = [from, to];
      }
    }
    if (open) chunks.push(buf.subarray(...open));
    return chunks;
  };
  return tree.flatMap(({ head, scopes }) =>
    nest(0x0a, [
      ...cut(head),
      ...scopes.flatMap((scope) => nest(0x12, [...cut(scope.head), ...cut(scope.items.map(({ item }) => item.slice))])),
    ]),
  );
}

/** Tag and length of a nested message take at most this. */
const FRAME_BYTES = 6;

/**
 * Checks a protobuf body in one pass. Throws PermanentError: 'undecodable' for what is not OTLP, 'invalid' ("wrong format") for what is
 * OTLP of the other signal.
 */
export function scan(signal: Signal, bytes: Uint8Array): OtlpScan {
  const buf = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let found: Found;
  try {
    found = find(signal, buf);
  } catch (error) {
    if (isGood(otherSignal(signal), buf)) throw wrongFormat(signal);
    throw error;
  }
  const { tree, problems, count } = found;
  if (signal.strict && count > 0 && found.withoutIds === count)
    throw isGood(otherSignal(signal), buf) ? wrongFormat(signal) : withoutIds(signal);
  const bad = new Set(problems.map(({ index }) => index));
  const partOf = (part: Found['tree'], pieces: readonly Uint8Array[], isDealt: boolean): OtlpPart => {
    const nodes = part.flatMap(({ scopes }) => scopes.flatMap(({ items }) => items));
    const trace = nodes[0]?.item.trace ?? NONE;
    const isOne = length(trace) > 0 && (isDealt || nodes.every(({ item }) => isSame(buf, item.trace, trace)));
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
    split(maxBytes, lanes = 1) {
      if (count === bad.size) return { parts: [], tooLarge: [] };
      const isDealt = signal.strict && lanes > 1;
      const dealt = isDealt && count > 1 ? lanesOf(tracesOf(), lanes, bad) : [null];
      if (dealt.length === 1 && bad.size === 0 && buf.length <= maxBytes)
        return { parts: [partOf(tree, [buf], isDealt)], tooLarge: [] };
      const packed = dealt.map((lane) =>
        packTree(tree, maxBytes, FRAME_BYTES, (index) => (lane ? lane.has(index) : !bad.has(index))),
      );
      return {
        parts: packed.flatMap(({ trees }) => trees.map((part) => partOf(part, write(part, buf), isDealt))),
        tooLarge: packed.flatMap(({ tooLarge }) => tooLarge.map((index) => tooLargeProblem(index, maxBytes))),
      };
    },
    pick(indexes) {
      const wanted = new Set(indexes);
      const [picked] = packTree(tree, Infinity, FRAME_BYTES, (index) => wanted.has(index)).trees;
      return Buffer.concat(write(picked ?? [], buf));
    },
  };
}
