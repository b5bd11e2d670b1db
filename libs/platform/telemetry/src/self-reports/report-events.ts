import { type NativeEvent } from '@telltale/contracts';
import { type Span, type SpanAttributes, type Trace } from '@telltale/streaming';

const MAX_TEXT_CHARS = 2_000;
const MAX_FIELDS = 40;

/** Trace and span ids, as many as are asked for. */
export type NewId = (bytes: number) => string;

const serviceOf = (service: string): string => (service.startsWith('telltale') ? service : `telltale-${service}`);
const cut = (value: unknown): string =>
  (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, MAX_TEXT_CHARS);
const fieldsOf = (fields: SpanAttributes | Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).slice(0, MAX_FIELDS).map(([name, value]) => [name, cut(value)])); // prettier-ignore
const outcomeOf = ({ error }: Span): Pick<NativeEvent, 'status' | 'error'> =>
  error === undefined ? { status: 'ok' } : { status: 'error', error: { type: error } };

/**
 * A trace as events: a turn, and its phases as operations of it. A batch begins when its records are there: how long it waited for them
 * says nothing of how it works. Steps and tables are left out; they are in traces (TELLTALE_TRACES).
 */
export function eventsOfTrace(trace: Trace, weight: number, newId: NewId): NativeEvent[] {
  const { parts = [] } = trace;
  const [first] = parts;
  const from = first?.name === 'fetch' ? first.to : trace.from;
  const common = { service_name: serviceOf(trace.service), trace_id: newId(16), sampling_weight: weight };
  const root: NativeEvent = {
    ...common,
    kind: 'turn',
    name: trace.name,
    ts: Math.round(from),
    duration_ms: Math.max(0, trace.to - from),
    span_id: newId(8),
    attributes: fieldsOf(trace.attributes ?? {}),
    ...outcomeOf(trace),
  };
  const operations = parts.filter(({ name }) => name !== 'fetch').map((part): NativeEvent => ({
    ...common,
    kind: 'chain',
    name: part.name,
    ts: Math.round(part.from),
    duration_ms: Math.max(0, part.to - part.from),
    span_id: newId(8),
    parent_span_id: String(root.span_id),
    ...outcomeOf(part),
  })); // prettier-ignore
  return [root, ...operations];
}

export interface LogLine {
  readonly severity: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly at: number;
}

/** A log line as an event, of the service that it names, or of the process. */
export const eventOfLine = ({ severity, message, fields, at }: LogLine, process: string): NativeEvent => ({
  kind: 'log',
  ts: Math.round(at),
  service_name: serviceOf(typeof fields['service'] === 'string' ? fields['service'] : process),
  severity,
  body: message,
  attributes: fieldsOf(fields),
});
