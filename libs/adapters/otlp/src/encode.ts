import {
  type OtlpAttributes,
  type OtlpGroup,
  type OtlpLogRecord,
  type OtlpScope,
  type OtlpSpan,
  type OtlpValue,
} from '@telltale/contracts';
import { toBytes } from './definition';
import { type JsonOf } from './messages';

type Groups<Item> = { readonly groups: readonly OtlpGroup<Item>[] };

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');
/** 64-bit numbers go in as text, which keeps them exact. */
const nanos = (ms: number): string => (BigInt(Math.trunc(ms)) * 1_000_000n + BigInt(Math.round((ms % 1) * 1e6))).toString();

function anyValue(value: OtlpValue): JsonOf<'AnyValue'> {
  if (value === null) return {};
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return Number.isSafeInteger(value) ? { intValue: value } : { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: arrayValue(value) };
  return { kvlistValue: keyValueList(value) };
}
const keyValues = (attributes: OtlpAttributes): JsonOf<'KeyValue'>[] =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));

const arrayValue = (values: readonly OtlpValue[]): JsonOf<'ArrayValue'> => ({ values: values.map(anyValue) });
const keyValueList = (map: OtlpAttributes): JsonOf<'KeyValueList'> => ({ values: keyValues(map) });

const scope = ({ name, version, attributes }: OtlpScope): JsonOf<'InstrumentationScope'> => ({
  name,
  version,
  attributes: keyValues(attributes),
});

const resource = (attributes: OtlpAttributes): JsonOf<'Resource'> => ({ attributes: keyValues(attributes) });

const span = (s: OtlpSpan): JsonOf<'Span'> => ({
  traceId: bytes(s.traceId),
  spanId: bytes(s.spanId),
  traceState: s.traceState,
  parentSpanId: bytes(s.parentSpanId),
  name: s.name,
  kind: s.kind,
  startTimeUnixNano: nanos(s.startMs),
  endTimeUnixNano: nanos(s.endMs),
  attributes: keyValues(s.attributes),
  events: s.events.map((e): JsonOf<'Span.Event'> => ({
    name: e.name,
    timeUnixNano: nanos(e.timeMs),
    attributes: keyValues(e.attributes),
  })),
  links: s.links.map((l): JsonOf<'Span.Link'> => ({
    traceId: bytes(l.traceId),
    spanId: bytes(l.spanId),
    attributes: keyValues(l.attributes),
  })),
  status: s.status,
});

const logRecord = (r: OtlpLogRecord): JsonOf<'LogRecord'> => ({
  timeUnixNano: nanos(r.timeMs),
  observedTimeUnixNano: nanos(r.observedMs),
  severityNumber: r.severityNumber,
  severityText: r.severityText,
  body: r.body === null ? undefined : anyValue(r.body),
  attributes: keyValues(r.attributes),
  traceId: bytes(r.traceId),
  spanId: bytes(r.spanId),
  eventName: r.eventName,
});

const scopeSpans = (group: OtlpGroup<OtlpSpan>): JsonOf<'ScopeSpans'> => ({
  scope: scope(group.scope),
  spans: group.items.map(({ item }) => span(item)),
});
const scopeLogs = (group: OtlpGroup<OtlpLogRecord>): JsonOf<'ScopeLogs'> => ({
  scope: scope(group.scope),
  logRecords: group.items.map(({ item }) => logRecord(item)),
});

export const encodeTraces = ({ groups }: Groups<OtlpSpan>): Buffer =>
  toBytes('TracesData', {
    resourceSpans: groups.map((group): JsonOf<'ResourceSpans'> => ({
      resource: resource(group.resource),
      scopeSpans: [scopeSpans(group)],
    })),
  });

export const encodeLogs = ({ groups }: Groups<OtlpLogRecord>): Buffer =>
  toBytes('LogsData', {
    resourceLogs: groups.map((group): JsonOf<'ResourceLogs'> => ({
      resource: resource(group.resource),
      scopeLogs: [scopeLogs(group)],
    })),
  });
