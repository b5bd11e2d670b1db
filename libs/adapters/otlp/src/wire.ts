import { isUtf8 } from 'node:buffer';
import { PermanentError } from '@telltale/kernel';
import { BYTES, type FieldShape, FIXED32, FIXED64, type MessageShape, VARINT } from './shapes';

// Checks bytes against a message's shape without building anything: lengths, wire types of known fields, text, nesting. Whatever passes
// can be read without further questions. A small part of the cost of decoding.

/** Messages within messages; values may nest about 30 levels deep. */
const MAX_DEPTH = 100;

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
