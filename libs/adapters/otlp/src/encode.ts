import {
  type OtlpAttributes,
  type OtlpGroup,
  type OtlpLogRecord,
  type OtlpScope,
  type OtlpSpan,
  type OtlpValue,
} from '@telltale/contracts';
import { LogsData, toBytes, TracesData } from './definition';

type Groups<Item> = { readonly groups: readonly OtlpGroup<Item>[] };

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');
/** 64-bit numbers go in as text, which keeps them exact. */
const nanos = (ms: number): string => (BigInt(Math.trunc(ms)) * 1_000_000n + BigInt(Math.round((ms % 1) * 1e6))).toString();

function anyValue(value: OtlpValue): object {
  if (value === null) return {};
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return Number.isSafeInteger(value) ? { intValue: value } : { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  return { kvlistValue: { values: keyValues(value) } };
}
const keyValues = (attributes: OtlpAttributes): object[] =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));

const scope = ({ name, version, attributes }: OtlpScope): object => ({ name, version, attributes: keyValues(attributes) });

const span = (s: OtlpSpan): object => ({
  traceId: bytes(s.traceId),
  spanId: bytes(s.spanId),
  traceState: s.traceState,
  parentSpanId: bytes(s.parentSpanId),
  name: s.name,
  kind: s.kind,
  startTimeUnixNano: nanos(s.startMs),
  endTimeUnixNano: nanos(s.endMs),
  attributes: keyValues(s.attributes),
  events: s.events.map((e) => ({ name: e.name, timeUnixNano: nanos(e.timeMs), attributes: keyValues(e.attributes) })),
  links: s.links.map((l) => ({ traceId: bytes(l.traceId), spanId: bytes(l.spanId), attributes: keyValues(l.attributes) })),
  status: s.status,
});

const logRecord = (r: OtlpLogRecord): object => ({
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

export const encodeTraces = ({ groups }: Groups<OtlpSpan>): Buffer =>
  toBytes(TracesData, {
    resourceSpans: groups.map((group) => ({
      resource: { attributes: keyValues(group.resource) },
      scopeSpans: [{ scope: scope(group.scope), spans: group.items.map(({ item }) => span(item)) }],
    })),
  });

export const encodeLogs = ({ groups }: Groups<OtlpLogRecord>): Buffer =>
  toBytes(LogsData, {
    resourceLogs: groups.map((group) => ({
      resource: { attributes: keyValues(group.resource) },
      scopeLogs: [{ scope: scope(group.scope), logRecords: group.items.map(({ item }) => logRecord(item)) }],
    })),
  });
