/** How a field is written; `enum` is an open enum: any 32-bit number. */
export type Scalar = 'string' | 'bytes' | 'bool' | 'enum' | 'int32' | 'int64' | 'uint32' | 'fixed32' | 'fixed64' | 'double';
type Field = readonly [number: number, type: string, rule?: 'repeated' | 'oneof'];

const ATTRIBUTES = 'KeyValue';

/**
 * The one definition of the messages that are read and written: message → field → number, type, rule. A type is a scalar or a message of this table.
 * Common, resource, trace and logs are those of opentelemetry-proto v1.5.0, the release that brought LogRecord.event_name. What a later
 * release adds is an unknown field here: it is kept where bytes are handed on, and not read. The protobuf scanner, decoder and
 * encoder take numbers and wire types from it; the JSON reader and writer take names.
 */
export const MESSAGES = {
  AnyValue: {
    string_value: [1, 'string', 'oneof'],
    bool_value: [2, 'bool', 'oneof'],
    int_value: [3, 'int64', 'oneof'],
    double_value: [4, 'double', 'oneof'],
    array_value: [5, 'ArrayValue', 'oneof'],
    kvlist_value: [6, 'KeyValueList', 'oneof'],
    bytes_value: [7, 'bytes', 'oneof'],
  },
  ArrayValue: { values: [1, 'AnyValue', 'repeated'] },
  KeyValueList: { values: [1, 'KeyValue', 'repeated'] },
  KeyValue: { key: [1, 'string'], value: [2, 'AnyValue'] },
  InstrumentationScope: {
    name: [1, 'string'],
    version: [2, 'string'],
    attributes: [3, ATTRIBUTES, 'repeated'],
    dropped_attributes_count: [4, 'uint32'],
  },
  Resource: { attributes: [1, ATTRIBUTES, 'repeated'], dropped_attributes_count: [2, 'uint32'] },

  TracesData: { resource_spans: [1, 'ResourceSpans', 'repeated'] },
  ResourceSpans: { resource: [1, 'Resource'], scope_spans: [2, 'ScopeSpans', 'repeated'], schema_url: [3, 'string'] },
  ScopeSpans: { scope: [1, 'InstrumentationScope'], spans: [2, 'Span', 'repeated'], schema_url: [3, 'string'] },
  Span: {
    trace_id: [1, 'bytes'],
    span_id: [2, 'bytes'],
    trace_state: [3, 'string'],
    parent_span_id: [4, 'bytes'],
    name: [5, 'string'],
    kind: [6, 'enum'],
    start_time_unix_nano: [7, 'fixed64'],
    end_time_unix_nano: [8, 'fixed64'],
    attributes: [9, ATTRIBUTES, 'repeated'],
    dropped_attributes_count: [10, 'uint32'],
    events: [11, 'Span.Event', 'repeated'],
    dropped_events_count: [12, 'uint32'],
    links: [13, 'Span.Link', 'repeated'],
    dropped_links_count: [14, 'uint32'],
    status: [15, 'Status'],
    flags: [16, 'fixed32'],
  },
  'Span.Event': {
    time_unix_nano: [1, 'fixed64'],
    name: [2, 'string'],
    attributes: [3, ATTRIBUTES, 'repeated'],
    dropped_attributes_count: [4, 'uint32'],
  },
  'Span.Link': {
    trace_id: [1, 'bytes'],
    span_id: [2, 'bytes'],
    trace_state: [3, 'string'],
    attributes: [4, ATTRIBUTES, 'repeated'],
    dropped_attributes_count: [5, 'uint32'],
    flags: [6, 'fixed32'],
  },
  Status: { message: [2, 'string'], code: [3, 'enum'] },

  LogsData: { resource_logs: [1, 'ResourceLogs', 'repeated'] },
  ResourceLogs: { resource: [1, 'Resource'], scope_logs: [2, 'ScopeLogs', 'repeated'], schema_url: [3, 'string'] },
  ScopeLogs: { scope: [1, 'InstrumentationScope'], log_records: [2, 'LogRecord', 'repeated'], schema_url: [3, 'string'] },
  LogRecord: {
    time_unix_nano: [1, 'fixed64'],
    severity_number: [2, 'enum'],
    severity_text: [3, 'string'],
    body: [5, 'AnyValue'],
    attributes: [6, ATTRIBUTES, 'repeated'],
    dropped_attributes_count: [7, 'uint32'],
    flags: [8, 'fixed32'],
    trace_id: [9, 'bytes'],
    span_id: [10, 'bytes'],
    observed_time_unix_nano: [11, 'fixed64'],
    event_name: [12, 'string'],
  },

  ExportTraceServiceResponse: { partial_success: [1, 'ExportTracePartialSuccess'] },
  ExportTracePartialSuccess: { rejected_spans: [1, 'int64'], error_message: [2, 'string'] },
  ExportLogsServiceResponse: { partial_success: [1, 'ExportLogsPartialSuccess'] },
  ExportLogsPartialSuccess: { rejected_log_records: [1, 'int64'], error_message: [2, 'string'] },

  // The body of an error, of google/rpc and google/protobuf.
  'google.rpc.Status': {
    code: [1, 'int32'],
    message: [2, 'string'],
    details: [3, 'google.protobuf.Any', 'repeated'],
  },
  'google.rpc.RetryInfo': { retry_delay: [1, 'google.protobuf.Duration'] },
  'google.protobuf.Any': { type_url: [1, 'string'], value: [2, 'bytes'] },
  'google.protobuf.Duration': { seconds: [1, 'int64'], nanos: [2, 'int32'] },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Field>>>>;

export type MessageName = keyof typeof MESSAGES;
export type FieldName<M extends MessageName> = keyof (typeof MESSAGES)[M] & string;

type Camel<S extends string> = S extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : S;
/** A message as OTLP/JSON spells its fields, and protobufjs too. */
export type JsonOf<M extends MessageName> = { readonly [F in FieldName<M> as Camel<F>]?: unknown };
export type JsonName<M extends MessageName> = keyof JsonOf<M> & string;

export interface FieldSpec {
  readonly name: string;
  readonly number: number;
  /** A scalar or the name of a message. */
  readonly type: Scalar | MessageName;
  readonly rule: 'repeated' | 'oneof' | undefined;
}

export const isMessage = (type: Scalar | MessageName): type is MessageName => type in MESSAGES;
export const jsonName = (name: string): string => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

export const MESSAGE_NAMES = Object.keys(MESSAGES) as MessageName[];
export const fieldsOf = (message: MessageName): FieldSpec[] =>
  Object.entries<Field>(MESSAGES[message]).map(([name, [number, type, rule]]) => ({
    name,
    number,
    type: type as FieldSpec['type'],
    rule,
  }));
export const numberOf = <M extends MessageName>(message: M, field: FieldName<M>): number => {
  const fields: Readonly<Record<string, Field>> = MESSAGES[message];
  return (fields[field] as Field)[0];
};
