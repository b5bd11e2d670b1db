import {
  type OtlpAttributes,
  type OtlpBody,
  type OtlpGroup,
  type OtlpLink,
  type OtlpLogRecord,
  type OtlpScope,
  type OtlpSpan,
  type OtlpSpanEvent,
  type OtlpValue,
} from '@telltale/contracts';
import { Reader } from 'protobufjs';
import { type FieldName, type MessageName, numberOf } from './messages';
import { type OtlpScan } from './scan';
import { SHAPES } from './shapes';
import { type Level, type Signal } from './signals';
import { finite, setAttribute } from './values';

// Everything here reads bytes that `scan` has passed, so lengths, wire types and depth hold.

/** Reads the value of a field into what is built; the reader stands behind the tag. */
type FieldReader<Into> = (into: Into, r: Reader) => void;
/** By field number. */
type FieldReaders<Into> = readonly (FieldReader<Into> | undefined)[];

/** What to do with which field of `message`; the others are skipped. */
function readersOf<Into, M extends MessageName>(
  message: M,
  readers: { readonly [F in FieldName<M>]?: FieldReader<Into> },
): FieldReaders<Into> {
  const byNumber: (FieldReader<Into> | undefined)[] = SHAPES[message].fields.map(() => undefined);
  for (const [name, reader] of Object.entries<FieldReader<Into> | undefined>(readers))
    byNumber[numberOf(message, name as FieldName<M>)] = reader;
  return byNumber;
}

function readFields<Into>(r: Reader, to: number, readers: FieldReaders<Into>, into: Into): void {
  while (r.pos < to) {
    const tag = r.uint32();
    const reader = readers[tag >>> 3];
    if (reader === undefined) r.skipType(tag & 7);
    else reader(into, r);
  }
}
const end = (r: Reader): number => {
  const length = r.uint32();
  return r.pos + length;
};
/** The nested message at the reader. */
function readNested<Into>(r: Reader, readers: FieldReaders<Into>, into: Into): Into {
  readFields(r, end(r), readers, into);
  return into;
}

/** Nanoseconds as fractional milliseconds. */
const millis = (r: Reader): number => {
  const low = r.fixed32();
  return r.fixed32() * 4294.967296 + low / 1e6;
};
const hex = (r: Reader): string => (r.bytes() as Buffer).toString('hex');

/** A number where it is exact, which the first 7 bytes of a varint always are; else its digits. */
function int64(r: Reader): OtlpValue {
  let value = 0;
  let scale = 1;
  let exact = 0n;
  for (let i = 0; ; i++) {
    const byte = r.buf[r.pos++] as number;
    if (i < 7) value += (byte & 127) * scale;
    else exact += BigInt(byte & 127) << BigInt(7 * i);
    scale *= 128;
    if (byte < 128) {
      if (i < 7) return value;
      const whole = BigInt.asIntN(64, exact + BigInt(value));
      return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole.toString();
    }
  }
}

/** The last of the values that are there counts. */
interface Box {
  value: OtlpValue;
}
const VALUE: FieldReaders<Box> = readersOf<Box, 'AnyValue'>('AnyValue', {
  string_value: (box, r) => { box.value = r.string(); },
  bool_value: (box, r) => { box.value = r.bool(); },
  int_value: (box, r) => { box.value = int64(r); },
  double_value: (box, r) => { box.value = finite(r.double()); },
  array_value: (box, r) => { box.value = readNested(r, ARRAY, []); },
  kvlist_value: (box, r) => { box.value = readNested(r, MAP, {}); },
  bytes_value: (box, r) => { box.value = (r.bytes() as Buffer).toString('base64'); },
}); // prettier-ignore
const readValue = (r: Reader): OtlpValue => readNested(r, VALUE, { value: null }).value;
const ARRAY = readersOf<OtlpValue[], 'ArrayValue'>('ArrayValue', { values: (values, r) => { values.push(readValue(r)); } }); // prettier-ignore
interface Pair {
  key: string;
  value: OtlpValue;
}
const PAIR = readersOf<Pair, 'KeyValue'>('KeyValue', {
  key: (pair, r) => { pair.key = r.string(); },
  value: (pair, r) => { pair.value = readValue(r); },
}); // prettier-ignore
const readAttribute: FieldReader<OtlpAttributes> = (into, r) => {
  const { key, value } = readNested(r, PAIR, { key: '', value: null });
  setAttribute(into, key, value);
};
const MAP = readersOf<OtlpAttributes, 'KeyValueList'>('KeyValueList', { values: readAttribute });

interface Attributed {
  attributes: OtlpAttributes;
}
const attributes: FieldReader<Attributed> = (into, r) => readAttribute(into.attributes, r);

const EVENT = readersOf<OtlpSpanEvent, 'Span.Event'>('Span.Event', {
  time_unix_nano: (event, r) => { event.timeMs = millis(r); },
  name: (event, r) => { event.name = r.string(); },
  attributes,
}); // prettier-ignore
const LINK = readersOf<OtlpLink, 'Span.Link'>('Span.Link', {
  trace_id: (link, r) => { link.traceId = hex(r); },
  span_id: (link, r) => { link.spanId = hex(r); },
  attributes,
}); // prettier-ignore
const STATUS = readersOf<OtlpSpan['status'], 'Status'>('Status', {
  message: (status, r) => { status.message = r.string(); },
  code: (status, r) => { status.code = r.int32(); },
}); // prettier-ignore
const SPAN = readersOf<OtlpSpan, 'Span'>('Span', {
  trace_id: (span, r) => { span.traceId = hex(r); },
  span_id: (span, r) => { span.spanId = hex(r); },
  trace_state: (span, r) => { span.traceState = r.string(); },
  parent_span_id: (span, r) => { span.parentSpanId = hex(r); },
  name: (span, r) => { span.name = r.string(); },
  kind: (span, r) => { span.kind = r.int32(); },
  start_time_unix_nano: (span, r) => { span.startMs = millis(r); },
  end_time_unix_nano: (span, r) => { span.endMs = millis(r); },
  attributes,
  events: (span, r) => { span.events.push(readNested(r, EVENT, { name: '', timeMs: 0, attributes: {} })); },
  links: (span, r) => { span.links.push(readNested(r, LINK, { traceId: '', spanId: '', attributes: {} })); },
  status: (span, r) => { readNested(r, STATUS, span.status); },
}); // prettier-ignore
export const readSpan = (r: Reader): OtlpSpan =>
  readNested(r, SPAN, {
    traceId: '',
    spanId: '',
    parentSpanId: '',
    traceState: '',
    name: '',
    kind: 0,
    startMs: 0,
    endMs: 0,
    attributes: {},
    events: [],
    links: [],
    status: { code: 0, message: '' },
  });

const LOG_RECORD = readersOf<OtlpLogRecord, 'LogRecord'>('LogRecord', {
  time_unix_nano: (record, r) => { record.timeMs = millis(r); },
  severity_number: (record, r) => { record.severityNumber = r.int32(); },
  severity_text: (record, r) => { record.severityText = r.string(); },
  body: (record, r) => { record.body = readValue(r); },
  attributes,
  trace_id: (record, r) => { record.traceId = hex(r); },
  span_id: (record, r) => { record.spanId = hex(r); },
  observed_time_unix_nano: (record, r) => { record.observedMs = millis(r); },
  event_name: (record, r) => { record.eventName = r.string(); },
}); // prettier-ignore
export const readLogRecord = (r: Reader): OtlpLogRecord =>
  readNested(r, LOG_RECORD, {
    timeMs: 0,
    observedMs: 0,
    severityNumber: 0,
    severityText: '',
    body: null,
    attributes: {},
    traceId: '',
    spanId: '',
    eventName: '',
  });

const RESOURCE = readersOf<OtlpAttributes, 'Resource'>('Resource', { attributes: readAttribute });
const SCOPE = readersOf<OtlpScope, 'InstrumentationScope'>('InstrumentationScope', {
  name: (scope, r) => { scope.name = r.string(); },
  version: (scope, r) => { scope.version = r.string(); },
  attributes,
}); // prettier-ignore

/** Calls back for the head and for each nested message of a level; both have to move the reader behind it. */
function readLevel(r: Reader, to: number, { head, nested }: Level, onHead: () => void, onNested: () => void): void {
  while (r.pos < to) {
    const tag = r.uint32();
    const field = tag >>> 3;
    if (field === nested) onNested();
    else if (field === head) onHead();
    else r.skipType(tag & 7);
  }
}

/** The good items of a scanned body, by resource and scope. */
export function readBody<Item>(
  { levels }: Signal,
  bytes: Uint8Array,
  scanned: OtlpScan,
  readItem: (r: Reader) => Item,
): OtlpBody<Item> {
  const bad = new Set(scanned.problems.map(({ index }) => index));
  const groups: OtlpGroup<Item>[] = [];
  let index = 0;
  const r = Reader.create(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const readScope = (resource: OtlpAttributes): void => {
    const scope: OtlpScope = { name: '', version: '', attributes: {} };
    const items: OtlpGroup<Item>['items'] = [];
    const onItem = (): void => {
      const item = readItem(r);
      if (!bad.has(index)) items.push({ index, item });
      index++;
    };
    readLevel(r, end(r), levels.scope, () => readNested(r, SCOPE, scope), onItem);
    if (items.length) groups.push({ resource, scope, items });
  };
  const readResource = (): void => {
    const resource: OtlpAttributes = {};
    readLevel(
      r,
      end(r),
      levels.resource,
      () => readNested(r, RESOURCE, resource),
      () => readScope(resource),
    );
  };
  readLevel(r, bytes.byteLength, levels.request, () => undefined, readResource);
  return { groups, problems: [...scanned.problems] };
}
