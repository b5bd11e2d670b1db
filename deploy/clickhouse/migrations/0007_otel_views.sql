-- The column names of the OpenTelemetry Collector's ClickHouse exporter, so that dashboards made for it work.
CREATE VIEW IF NOT EXISTS telltale.otel_traces @ON_CLUSTER
(
    Timestamp DateTime64(9, 'UTC') COMMENT 'ts',
    TraceId String COMMENT 'trace_id',
    SpanId String COMMENT 'span_id',
    ParentSpanId String COMMENT 'parent_span_id',
    TraceState String COMMENT 'Always empty',
    SpanName LowCardinality(String) COMMENT 'name',
    SpanKind String COMMENT 'Client for calls of models and stores, else Internal',
    ServiceName LowCardinality(String) COMMENT 'service_name',
    ResourceAttributes Map(String, String) COMMENT 'service.name, service.version, deployment.environment.name',
    ScopeName String COMMENT 'Always empty',
    ScopeVersion String COMMENT 'Always empty',
    SpanAttributes Map(String, String) COMMENT 'attributes, with provider, models, tool and session under their OpenTelemetry names',
    Duration UInt64 COMMENT 'duration_ms in nanoseconds; 0 when unknown',
    StatusCode String COMMENT 'Ok, Error, Unset',
    StatusMessage String COMMENT 'error_message'
)
AS SELECT
    toDateTime64(ts, 9, 'UTC') AS Timestamp,
    trace_id AS TraceId,
    span_id AS SpanId,
    parent_span_id AS ParentSpanId,
    '' AS TraceState,
    name AS SpanName,
    if(kind IN ('llm', 'embedding', 'retrieval', 'rerank'), 'Client', 'Internal') AS SpanKind,
    service_name AS ServiceName,
    map('service.name', service_name, 'service.version', service_version, 'deployment.environment.name', deployment_environment) AS ResourceAttributes,
    '' AS ScopeName,
    '' AS ScopeVersion,
    mapUpdate(CAST(attributes, 'Map(String, String)'), mapFilter((k, v) -> v != '', map('gen_ai.provider.name', toString(provider), 'gen_ai.request.model', toString(request_model), 'gen_ai.response.model', toString(response_model), 'gen_ai.tool.name', toString(tool_name), 'gen_ai.conversation.id', session_id))) AS SpanAttributes,
    toUInt64(ifNull(duration_ms, 0) * 1000000) AS Duration,
    multiIf(status = 'error', 'Error', status = 'ok', 'Ok', 'Unset') AS StatusCode,
    error_message AS StatusMessage
FROM telltale.events
WHERE kind NOT IN ('log', 'session', 'feedback')
COMMENT 'Operations under the column names of the OpenTelemetry Collector ClickHouse exporter.';

CREATE VIEW IF NOT EXISTS telltale.otel_logs @ON_CLUSTER
(
    Timestamp DateTime64(9, 'UTC') COMMENT 'ts',
    TraceId String COMMENT 'trace_id',
    SpanId String COMMENT 'span_id',
    TraceFlags UInt8 COMMENT 'Always 0',
    SeverityText String COMMENT 'severity in capitals',
    SeverityNumber UInt8 COMMENT 'The number OpenTelemetry has for it; 0 when unknown',
    ServiceName LowCardinality(String) COMMENT 'service_name',
    Body String COMMENT 'body',
    ResourceAttributes Map(String, String) COMMENT 'service.name, service.version',
    LogAttributes Map(String, String) COMMENT 'attributes'
)
AS SELECT
    toDateTime64(ts, 9, 'UTC') AS Timestamp,
    trace_id AS TraceId,
    span_id AS SpanId,
    toUInt8(0) AS TraceFlags,
    upper(CAST(severity, 'String')) AS SeverityText,
    toUInt8(transform(CAST(severity, 'String'), ['trace', 'debug', 'info', 'warn', 'error', 'fatal'], [1, 5, 9, 13, 17, 21], 0)) AS SeverityNumber,
    service_name AS ServiceName,
    body AS Body,
    map('service.name', service_name, 'service.version', service_version) AS ResourceAttributes,
    CAST(attributes, 'Map(String, String)') AS LogAttributes
FROM telltale.events
WHERE kind = 'log'
COMMENT 'Log lines under the column names of the OpenTelemetry Collector ClickHouse exporter.';
