import { isUtf8 } from 'node:buffer';
import { PermanentError } from '@telltale/kernel';

/**
 * Checks bytes against a message of the public OTLP definition without building anything: lengths, wire types of known fields,
 * text, nesting. Whatever passes can be read without further questions. A small part of the cost of decoding.
 */
export interface MessageShape {
  readonly name: string;
  /** By field number. */
  readonly fields: readonly (FieldShape | undefined)[];
}
interface FieldShape {
  readonly name: string;
  readonly wire: number;
  readonly text: boolean;
  readonly message: MessageShape | undefined;
}

export const VARINT = 0;
export const FIXED64 = 1;
export const BYTES = 2;
export const FIXED32 = 5;
/** BYTES that must be UTF-8. */
export const TEXT = BYTES | 8;

/** Messages within messages; values may nest about 30 levels deep. */
const MAX_DEPTH = 100;

type Fields = Readonly<Record<number, readonly [name: string, wire: number, message?: () => MessageShape]>>;
/** Fields are filled in by `link`, once every message has a name, as values nest in values. */
const unlinked: (() => void)[] = [];
const shape = (name: string, fields: Fields): MessageShape => {
  const byNumber: (FieldShape | undefined)[] = new Array<undefined>(Math.max(...Object.keys(fields).map(Number)) + 1).fill(
    undefined,
  );
  unlinked.push(() => {
    for (const [number, [field, wire, message]] of Object.entries(fields))
      byNumber[Number(number)] = { name: field, wire: wire & 7, text: wire === TEXT, message: message?.() };
  });
  return { name, fields: byNumber };
};

const anyValue = shape('AnyValue', {
  1: ['string_value', TEXT],
  2: ['bool_value', VARINT],
  3: ['int_value', VARINT],
  4: ['double_value', FIXED64],
  5: ['array_value', BYTES, () => arrayValue],
  6: ['kvlist_value', BYTES, () => keyValueList],
  7: ['bytes_value', BYTES],
});
const arrayValue = shape('ArrayValue', { 1: ['values', BYTES, () => anyValue] });
const keyValueList = shape('KeyValueList', { 1: ['values', BYTES, () => keyValue] });
const keyValue: MessageShape = shape('KeyValue', { 1: ['key', TEXT], 2: ['value', BYTES, () => anyValue] });
const attributes = (name = 'attributes') => [name, BYTES, () => keyValue] as const;

export const RESOURCE = shape('Resource', { 1: attributes(), 2: ['dropped_attributes_count', VARINT] });
export const SCOPE = shape('InstrumentationScope', {
  1: ['name', TEXT],
  2: ['version', TEXT],
  3: attributes(),
  4: ['dropped_attributes_count', VARINT],
});
const spanEvent = shape('Span.Event', {
  1: ['time_unix_nano', FIXED64],
  2: ['name', TEXT],
  3: attributes(),
  4: ['dropped_attributes_count', VARINT],
});
const spanLink = shape('Span.Link', {
  1: ['trace_id', BYTES],
  2: ['span_id', BYTES],
  3: ['trace_state', TEXT],
  4: attributes(),
  5: ['dropped_attributes_count', VARINT],
  6: ['flags', FIXED32],
});
const spanStatus = shape('Status', { 2: ['message', TEXT], 3: ['code', VARINT] });

export const SPAN = shape('Span', {
  1: ['trace_id', BYTES],
  2: ['span_id', BYTES],
  3: ['trace_state', TEXT],
  4: ['parent_span_id', BYTES],
  5: ['name', TEXT],
  6: ['kind', VARINT],
  7: ['start_time_unix_nano', FIXED64],
  8: ['end_time_unix_nano', FIXED64],
  9: attributes(),
  10: ['dropped_attributes_count', VARINT],
  11: ['events', BYTES, () => spanEvent],
  12: ['dropped_events_count', VARINT],
  13: ['links', BYTES, () => spanLink],
  14: ['dropped_links_count', VARINT],
  15: ['status', BYTES, () => spanStatus],
  16: ['flags', FIXED32],
});
export const LOG_RECORD = shape('LogRecord', {
  1: ['time_unix_nano', FIXED64],
  2: ['severity_number', VARINT],
  3: ['severity_text', TEXT],
  5: ['body', BYTES, () => anyValue],
  6: attributes(),
  7: ['dropped_attributes_count', VARINT],
  8: ['flags', FIXED32],
  9: ['trace_id', BYTES],
  10: ['span_id', BYTES],
  11: ['observed_time_unix_nano', FIXED64],
  12: ['event_name', TEXT],
});

for (const link of unlinked) link();

/** A call out is dearer than a look at a few bytes. */
const SHORT_TEXT = 48;
function isText(buf: Uint8Array, from: number, to: number): boolean {
  if (to - from > SHORT_TEXT) return isUtf8(buf.subarray(from, to));
  for (let i = from; i < to; i++) if ((buf[i] as number) > 127) return isUtf8(buf.subarray(from, to));
  return true;
}

const broken = (at: number, message: string, what: string): PermanentError =>
  new PermanentError('undecodable', `not OTLP protobuf: at byte ${at}, in ${message}: ${what}`);

export interface FieldAt {
  number: number;
  wire: number;
  /** Start of the value; of BYTES, behind their length. */
  from: number;
}

export class WireCursor {
  pos = 0;
  /** The first text that is not UTF-8 since this was last set to null. */
  badText: string | null = null;
  readonly field: FieldAt = { number: 0, wire: 0, from: 0 };

  constructor(readonly buf: Uint8Array) {}

  private varint(end: number, message: string): number {
    const { buf } = this;
    let byte = this.pos < end ? (buf[this.pos++] as number) : -1;
    if (byte >= 0 && byte < 128) return byte;
    let value = byte & 127;
    let scale = 128;
    for (let i = 1; i < 10 && byte >= 0; i++) {
      byte = this.pos < end ? (buf[this.pos++] as number) : -1;
      if (i < 5) value += (byte & 127) * scale;
      else if ((byte & 127) !== 0) value = Infinity;
      scale *= 128;
      if (byte >= 0 && byte < 128) return value;
    }
    throw broken(this.pos, message, byte < 0 ? 'cut off in the middle of a number' : 'a number is longer than 10 bytes');
  }

  /** Reads the field at `pos`, which is before `end`, into `field`, checked against `of`, and moves behind it. */
  next(end: number, of: MessageShape): FieldShape | undefined {
    const { buf, field: out } = this;
    const at = this.pos;
    // One byte is the rule; `varint` would do, at twice the price.
    let tag = buf[at] as number;
    if (tag < 128) this.pos = at + 1;
    else {
      tag = this.varint(end, of.name);
      if (tag > 0xffffffff) throw broken(at, of.name, 'there is no such field number');
    }
    const number = tag >>> 3;
    const wire = tag & 7;
    const field = of.fields[number];
    if (field === undefined) {
      if (number === 0) throw broken(at, of.name, 'there is no such field number');
    } else if (field.wire !== wire) throw broken(at, of.name, `${field.name} has wire type ${wire} where ${field.wire} belongs`);
    let from = this.pos;
    let to = from;
    if (wire === BYTES) {
      const short = from < end ? (buf[from] as number) : 128;
      if (short < 128) {
        from++;
        to = from + short;
      } else {
        const length = this.varint(end, of.name);
        from = this.pos;
        to = from + length;
      }
    } else if (wire === VARINT) {
      this.varint(end, of.name);
      to = this.pos;
    } else if (wire === FIXED64) to = from + 8;
    else if (wire === FIXED32) to = from + 4;
    else throw broken(at, of.name, `wire type ${wire} does not belong here`);
    if (to > end)
      throw broken(
        at,
        of.name,
        `${field?.name ?? `field ${number}`} reaches ${to - end} bytes past the end; the body is cut off`,
      );
    if (field !== undefined && field.text && !isText(buf, from, to)) this.badText ??= `${of.name}.${field.name}`;
    out.number = number;
    out.wire = wire;
    out.from = from;
    this.pos = to;
    return field;
  }

  /** Checks [pos, end) as message `of`, with all it holds, and moves to `end`. */
  check(end: number, of: MessageShape, depth: number): void {
    if (depth > MAX_DEPTH) throw broken(this.pos, of.name, `nests deeper than ${MAX_DEPTH} messages`);
    while (this.pos < end) {
      const message = this.next(end, of)?.message;
      if (message !== undefined) {
        const to = this.pos;
        this.pos = this.field.from;
        this.check(to, message, depth + 1);
      }
    }
  }
}
