import {
  type OtlpAttributes,
  type OtlpBody,
  type OtlpGroup,
  type OtlpLogRecord,
  type OtlpScope,
  type OtlpSpan,
  type OtlpValue,
} from '@telltale/contracts';
import { Reader } from 'protobufjs';
import { type OtlpScan } from './scan';
import { finite, setAttribute } from './values';

// Everything here reads bytes that `scan` has passed, so lengths, wire types and depth hold.

/** Runs `onField` for each field of the message at the reader, which skips what `onField` does not know (answers false). */
function fields(r: Reader, end: number, onField: (field: number, r: Reader) => boolean): void {
  while (r.pos < end) {
    const tag = r.uint32();
    if (!onField(tag >>> 3, r)) r.skipType(tag & 7);
  }
}
const end = (r: Reader): number => {
  const length = r.uint32();
  return r.pos + length;
};
const nested = (r: Reader, onField: (field: number, r: Reader) => boolean): void => fields(r, end(r), onField);

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

function readValue(r: Reader): OtlpValue {
  const to = end(r);
  let value: OtlpValue = null;
  while (r.pos < to) {
    const tag = r.uint32();
    switch (tag >>> 3) {
      case 1:
        value = r.string();
        break;
      case 2:
        value = r.bool();
        break;
      case 3:
        value = int64(r);
        break;
      case 4:
        value = finite(r.double());
        break;
      case 5: {
        const values: OtlpValue[] = [];
        nested(r, (field) => {
          if (field !== 1) return false;
          values.push(readValue(r));
          return true;
        });
        value = values;
        break;
      }
      case 6: {
        const map: OtlpAttributes = {};
        nested(r, (field) => {
          if (field !== 1) return false;
          readAttribute(r, map);
          return true;
        });
        value = map;
        break;
      }
      case 7:
        value = (r.bytes() as Buffer).toString('base64');
        break;
      default:
        r.skipType(tag & 7);
    }
  }
  return value;
}

function readAttribute(r: Reader, into: OtlpAttributes): void {
  const to = end(r);
  let key = '';
  let value: OtlpValue = null;
  while (r.pos < to) {
    const tag = r.uint32();
    if (tag >>> 3 === 1) key = r.string();
    else if (tag >>> 3 === 2) value = readValue(r);
    else r.skipType(tag & 7);
  }
  setAttribute(into, key, value);
}

export function readSpan(r: Reader): OtlpSpan {
  const span: OtlpSpan = {
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
  };
  const to = end(r);
  while (r.pos < to) {
    const tag = r.uint32();
    switch (tag >>> 3) {
      case 1:
        span.traceId = hex(r);
        break;
      case 2:
        span.spanId = hex(r);
        break;
      case 3:
        span.traceState = r.string();
        break;
      case 4:
        span.parentSpanId = hex(r);
        break;
      case 5:
        span.name = r.string();
        break;
      case 6:
        span.kind = r.int32();
        break;
      case 7:
        span.startMs = millis(r);
        break;
      case 8:
        span.endMs = millis(r);
        break;
      case 9:
        readAttribute(r, span.attributes);
        break;
      case 11: {
        const event = { name: '', timeMs: 0, attributes: {} };
        nested(r, (field) => {
          if (field === 1) event.timeMs = millis(r);
          else if (field === 2) event.name = r.string();
          else if (field === 3) readAttribute(r, event.attributes);
          else return false;
          return true;
        });
        span.events.push(event);
        break;
      }
      case 13: {
        const link = { traceId: '', spanId: '', attributes: {} };
        nested(r, (field) => {
          if (field === 1) link.traceId = hex(r);
          else if (field === 2) link.spanId = hex(r);
          else if (field === 4) readAttribute(r, link.attributes);
          else return false;
          return true;
        });
        span.links.push(link);
        break;
      }
      case 15:
        nested(r, (field) => {
          if (field === 2) span.status.message = r.string();
          else if (field === 3) span.status.code = r.int32();
          else return false;
          return true;
        });
        break;
      default:
        r.skipType(tag & 7);
    }
  }
  return span;
}

export function readLogRecord(r: Reader): OtlpLogRecord {
  const record: OtlpLogRecord = {
    timeMs: 0,
    observedMs: 0,
    severityNumber: 0,
    severityText: '',
    body: null,
    attributes: {},
    traceId: '',
    spanId: '',
    eventName: '',
  };
  nested(r, (field) => {
    if (field === 1) record.timeMs = millis(r);
    else if (field === 2) record.severityNumber = r.int32();
    else if (field === 3) record.severityText = r.string();
    else if (field === 5) record.body = readValue(r);
    else if (field === 6) readAttribute(r, record.attributes);
    else if (field === 9) record.traceId = hex(r);
    else if (field === 10) record.spanId = hex(r);
    else if (field === 11) record.observedMs = millis(r);
    else if (field === 12) record.eventName = r.string();
    else return false;
    return true;
  });
  return record;
}

/** The good items of a scanned body, by resource and scope. */
export function readBody<Item>(bytes: Uint8Array, scanned: OtlpScan, readItem: (r: Reader) => Item): OtlpBody<Item> {
  const bad = new Set(scanned.problems.map(({ index }) => index));
  const groups: OtlpGroup<Item>[] = [];
  let index = 0;
  const readScope = (r: Reader, resource: OtlpAttributes): void => {
    const scope: OtlpScope = { name: '', version: '', attributes: {} };
    const items: OtlpGroup<Item>['items'] = [];
    nested(r, (field) => {
      if (field === 1)
        nested(r, (part) => {
          if (part === 1) scope.name = r.string();
          else if (part === 2) scope.version = r.string();
          else if (part === 3) readAttribute(r, scope.attributes);
          else return false;
          return true;
        });
      else if (field === 2) {
        const item = readItem(r);
        if (!bad.has(index)) items.push({ index, item });
        index++;
      } else return false;
      return true;
    });
    if (items.length) groups.push({ resource, scope, items });
  };
  const r = Reader.create(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  fields(r, bytes.byteLength, (field) => {
    if (field !== 1) return false;
    const resource: OtlpAttributes = {};
    nested(r, (part) => {
      if (part === 1)
        nested(r, (inner) => {
          if (inner !== 1) return false;
          readAttribute(r, resource);
          return true;
        });
      else if (part === 2) readScope(r, resource);
      else return false;
      return true;
    });
    return true;
  });
  return { groups, problems: [...scanned.problems] };
}
