import {
  type OtlpAttributes,
  type OtlpLogRecord,
  type OtlpProblem,
  type OtlpScope,
  type OtlpSpan,
  type OtlpValue,
} from '@telltale/contracts';
import { isRecord } from '@telltale/kernel';
import { type JsonName, type JsonOf, type MessageName } from './messages';
import { PARENT_ID_RULE, SPAN_ID_RULE, START_RULE, TRACE_ID_RULE } from './signals';
import { finite, setAttribute } from './values';

/** What is wrong with one item; `at` names the field by its OTLP/JSON name. */
export class FieldError extends Error {
  constructor(
    readonly at: string,
    message: string,
  ) {
    super(message);
  }
}
type Raw = Readonly<Record<string, unknown>>;
/** A name of a field of the message that is read, so that none is misspelt. */
type Key<R> = keyof R & string;

const text = <R extends object>(raw: R, key: Key<R>): string => {
  const value: unknown = raw[key];
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw new FieldError(key, 'must be a string');
  return value;
};
const list = <R extends object>(raw: R, key: Key<R>): unknown[] => {
  const value: unknown = raw[key];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new FieldError(key, 'must be an array');
  return value;
};
const object = <M extends MessageName>(_message: M, value: unknown, field: string): JsonOf<M> => {
  if (!isRecord(value)) throw new FieldError(field, 'must be an object');
  return value as JsonOf<M>;
};
const enumeration = <R extends object>(raw: R, key: Key<R>): number => {
  const value: unknown = raw[key] ?? 0;
  if (!Number.isInteger(value)) throw new FieldError(key, 'must be the number of the enum, not its name');
  return value as number;
};
/** Hex of `bytes` bytes, or '' where it is absent. */
const hex = <R extends object>(raw: R, key: Key<R>, bytes: number, rule: { readonly message: string }): string => {
  const value = text(raw, key).toLowerCase();
  if (value !== '' && (value.length !== bytes * 2 || !/^[0-9a-f]*$/.test(value))) throw new FieldError(key, rule.message);
  return value;
};
const present = (id: string, key: JsonName<'Span'>, rule: { readonly message: string }): string => {
  if (/^0*$/.test(id)) throw new FieldError(key, rule.message);
  return id;
};
const MAX_NANOS = 2 ** 64;
const millis = <R extends object>(raw: R, key: Key<R>): number => {
  const value: unknown = raw[key];
  if (value === undefined || value === null || value === '') return 0;
  const nanos =
    typeof value === 'number' ? value : typeof value === 'string' && /^[0-9]{1,20}$/.test(value) ? Number(value) : NaN;
  if (!(nanos >= 0 && nanos < MAX_NANOS))
    throw new FieldError(key, 'must be nanoseconds since 1970, as a string of digits or a number');
  if (typeof value === 'string' && value.length > 6) return Number(value.slice(0, -6)) + Number(value.slice(-6)) / 1e6;
  return nanos / 1e6;
};

const INT = /^-?[0-9]{1,20}$/;
function int(value: unknown): OtlpValue {
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  if (typeof value !== 'string' || !INT.test(value))
    throw new FieldError('intValue', 'must be an integer, as a string or a number');
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
function double(value: unknown): OtlpValue {
  if (typeof value === 'number') return finite(value);
  const number = value === 'NaN' ? NaN : typeof value === 'string' && value.trim() !== '' ? Number(value) : undefined;
  if (number === undefined || (Number.isNaN(number) && value !== 'NaN')) throw new FieldError('doubleValue', 'must be a number');
  return finite(number);
}

function plainValue(value: unknown): OtlpValue {
  if (Array.isArray(value)) return value.map(plainValue);
  if (isRecord(value)) return plainMap(value);
  return typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number' ? value : null;
}
function plainMap(raw: Raw): OtlpAttributes {
  const map: OtlpAttributes = {};
  for (const [key, value] of Object.entries(raw)) setAttribute(map, key, anyValue(value));
  return map;
}

/** AnyValue; exporters written by hand send bare values, which are taken as they are. */
function anyValue(value: unknown): OtlpValue {
  if (!isRecord(value)) return plainValue(value);
  const any: JsonOf<'AnyValue'> = value;
  if (any.stringValue !== undefined) return text(any, 'stringValue');
  if (any.boolValue !== undefined) {
    if (typeof any.boolValue !== 'boolean') throw new FieldError('boolValue', 'must be true or false');
    return any.boolValue;
  }
  if (any.intValue !== undefined) return int(any.intValue);
  if (any.doubleValue !== undefined) return double(any.doubleValue);
  if (any.arrayValue !== undefined) return list(object('ArrayValue', any.arrayValue ?? {}, 'arrayValue'), 'values').map(anyValue);
  if (any.kvlistValue !== undefined) return attributes(object('KeyValueList', any.kvlistValue ?? {}, 'kvlistValue'), 'values');
  if (any.bytesValue !== undefined) return text(any, 'bytesValue');
  return Object.keys(value).length === 0 ? null : plainMap(value);
}

/** KeyValue[], or the map {k: v} that exporters written by hand send. */
function attributes<R extends object>(raw: R, key: Key<R>): OtlpAttributes {
  const value: unknown = raw[key];
  if (value === undefined || value === null) return {};
  if (isRecord(value)) return plainMap(value);
  if (!Array.isArray(value)) throw new FieldError(key, 'must be an array of {key, value}, or an object');
  const map: OtlpAttributes = {};
  for (const entry of value) {
    const pair = object('KeyValue', entry, key);
    setAttribute(map, text(pair, 'key'), anyValue(pair.value));
  }
  return map;
}

export function readSpanJson(value: unknown): OtlpSpan {
  const raw = object('Span', value, '');
  const status = object('Status', raw.status ?? {}, 'status');
  const span: OtlpSpan = {
    traceId: present(hex(raw, 'traceId', 16, TRACE_ID_RULE), 'traceId', TRACE_ID_RULE),
    spanId: present(hex(raw, 'spanId', 8, SPAN_ID_RULE), 'spanId', SPAN_ID_RULE),
    parentSpanId: hex(raw, 'parentSpanId', 8, PARENT_ID_RULE),
    traceState: text(raw, 'traceState'),
    name: text(raw, 'name'),
    kind: enumeration(raw, 'kind'),
    startMs: millis(raw, 'startTimeUnixNano'),
    endMs: millis(raw, 'endTimeUnixNano'),
    attributes: attributes(raw, 'attributes'),
    events: list(raw, 'events').map((entry) => {
      const event = object('Span.Event', entry, 'events');
      return { name: text(event, 'name'), timeMs: millis(event, 'timeUnixNano'), attributes: attributes(event, 'attributes') };
    }),
    links: list(raw, 'links').map((entry) => {
      const link = object('Span.Link', entry, 'links');
      return {
        traceId: hex(link, 'traceId', 16, TRACE_ID_RULE),
        spanId: hex(link, 'spanId', 8, SPAN_ID_RULE),
        attributes: attributes(link, 'attributes'),
      };
    }),
    status: { code: enumeration(status, 'code'), message: text(status, 'message') },
  };
  if (span.startMs === 0) throw new FieldError('startTimeUnixNano', START_RULE.message);
  return span;
}

export function readLogRecordJson(value: unknown): OtlpLogRecord {
  const raw = object('LogRecord', value, '');
  return {
    timeMs: millis(raw, 'timeUnixNano'),
    observedMs: millis(raw, 'observedTimeUnixNano'),
    severityNumber: enumeration(raw, 'severityNumber'),
    severityText: text(raw, 'severityText'),
    body: raw.body === undefined ? null : anyValue(raw.body),
    attributes: attributes(raw, 'attributes'),
    traceId: hex(raw, 'traceId', 16, TRACE_ID_RULE),
    spanId: hex(raw, 'spanId', 8, SPAN_ID_RULE),
    eventName: text(raw, 'eventName'),
  };
}

export const readResourceJson = (head: JsonOf<'ResourceSpans'>): OtlpAttributes =>
  attributes(object('Resource', head.resource ?? {}, 'resource'), 'attributes');
export function readScopeJson(head: JsonOf<'ScopeSpans'>): OtlpScope {
  const raw = object('InstrumentationScope', head.scope ?? {}, 'scope');
  return { name: text(raw, 'name'), version: text(raw, 'version'), attributes: attributes(raw, 'attributes') };
}

/** What an item's reading throws, as a problem of item `index`; anything else is ours and thrown on. */
export function problemOf(index: number, error: unknown): OtlpProblem {
  if (error instanceof FieldError) return { index, field: error.at, message: error.message };
  throw error;
}
