import protobuf from 'protobufjs';
import { toBytes } from './definition';
import { fieldsOf, isMessage, jsonName, MESSAGE_NAMES } from './messages';
import { SHAPES } from './shapes';
import { LOGS, TRACES } from './signals';

/** Fields of opentelemetry-proto v1.5.0 (common, resource, trace, logs and the collector's responses), as its .proto files state them. */
const PUBLISHED = `
syntax = "proto3";
message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7; } }
message ArrayValue { repeated AnyValue values = 1; }
message KeyValueList { repeated KeyValue values = 1; }
message KeyValue { string key = 1; AnyValue value = 2; }
message InstrumentationScope { string name = 1; string version = 2; repeated KeyValue attributes = 3; uint32 dropped_attributes_count = 4; }
message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }

message TracesData { repeated ResourceSpans resource_spans = 1; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }
message ScopeSpans { InstrumentationScope scope = 1; repeated Span spans = 2; string schema_url = 3; }
message Span {
  bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; string name = 5; SpanKind kind = 6;
  fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9; uint32 dropped_attributes_count = 10;
  repeated Event events = 11; uint32 dropped_events_count = 12; repeated Link links = 13; uint32 dropped_links_count = 14; Status status = 15; fixed32 flags = 16;
  message Event { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; uint32 dropped_attributes_count = 4; }
  message Link { bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; repeated KeyValue attributes = 4; uint32 dropped_attributes_count = 5; fixed32 flags = 6; }
}
message Status { string message = 2; StatusCode code = 3; }

message LogsData { repeated ResourceLogs resource_logs = 1; }
message ResourceLogs { Resource resource = 1; repeated ScopeLogs scope_logs = 2; string schema_url = 3; }
message ScopeLogs { InstrumentationScope scope = 1; repeated LogRecord log_records = 2; string schema_url = 3; }
message LogRecord {
  fixed64 time_unix_nano = 1; SeverityNumber severity_number = 2; string severity_text = 3; AnyValue body = 5; repeated KeyValue attributes = 6;
  uint32 dropped_attributes_count = 7; fixed32 flags = 8; bytes trace_id = 9; bytes span_id = 10; fixed64 observed_time_unix_nano = 11; string event_name = 12;
}

enum SpanKind { SPAN_KIND_UNSPECIFIED = 0; }
enum StatusCode { STATUS_CODE_UNSET = 0; }
enum SeverityNumber { SEVERITY_NUMBER_UNSPECIFIED = 0; }

message ExportTraceServiceResponse { ExportTracePartialSuccess partial_success = 1; }
message ExportTracePartialSuccess { int64 rejected_spans = 1; string error_message = 2; }
message ExportLogsServiceResponse { ExportLogsPartialSuccess partial_success = 1; }
message ExportLogsPartialSuccess { int64 rejected_log_records = 1; string error_message = 2; }
`;
const root = protobuf.parse(PUBLISHED, { keepCase: true }).root.resolveAll() as protobuf.Root;
const OURS = MESSAGE_NAMES.filter((name) => !name.startsWith('google.'));

const fieldsIn = (type: protobuf.Type): unknown =>
  type.fieldsArray.map((field) => ({
    name: field.name,
    number: field.id,
    type: field.resolvedType instanceof protobuf.Enum ? 'enum' : (field.resolvedType?.fullName.slice(1) ?? field.type),
    rule: field.repeated ? 'repeated' : field.partOf ? 'oneof' : undefined,
  }));

describe('the definition of the messages', () => {
  it.each(OURS)('says of %s what the published .proto says', (name) => {
    expect(fieldsOf(name)).toEqual(fieldsIn(root.lookupType(name)));
  });

  it('has every message of it', () => {
    const names = (of: protobuf.NamespaceBase): string[] =>
      of.nestedArray.flatMap((nested) => (nested instanceof protobuf.Type ? [nested.fullName.slice(1), ...names(nested)] : []));
    expect(names(root).sort()).toEqual([...OURS].sort());
  });

  it('gives each field the wire type that protobufjs writes it with', () => {
    const samples = { string: 'x', bytes: Buffer.from([1]), bool: true, double: 1.5 };
    const written = OURS.flatMap((name) =>
      fieldsOf(name).map(({ name: field, type, rule }) => {
        const value = isMessage(type) ? {} : ((samples as Record<string, unknown>)[type] ?? 1);
        const [tag = 0, next = 0] = toBytes(name, { [jsonName(field)]: rule === 'repeated' ? [value] : value });
        // A number above 15 takes two bytes.
        const key = tag < 128 ? tag : (tag & 127) | (next << 7);
        return [name, field, key >>> 3, key & 7];
      }),
    );
    expect(
      OURS.flatMap((name) =>
        SHAPES[name].fields.flatMap((field, number) => (field ? [[name, field.name, number, field.wire]] : [])),
      ),
    ).toEqual(written);
  });

  it('spells names for OTLP/JSON', () => {
    expect(TRACES.levels).toMatchObject({
      request: { json: 'resourceSpans' },
      resource: { json: 'scopeSpans' },
      scope: { json: 'spans' },
    });
    expect(LOGS.levels).toMatchObject({
      request: { json: 'resourceLogs' },
      resource: { json: 'scopeLogs' },
      scope: { json: 'logRecords' },
    });
    expect(LOGS.times).toEqual([
      { wire: 'time_unix_nano', json: 'timeUnixNano' },
      { wire: 'observed_time_unix_nano', json: 'observedTimeUnixNano' },
    ]);
  });
});
