-- One wide immutable row an event, full content. The record on telltale.events.v1 and the row are the same JSON.
CREATE TABLE IF NOT EXISTS telltale.events @ON_CLUSTER
(
    tenant LowCardinality(String),
    id String COMMENT 'Deterministic: the same operation sent twice has the same id',
    kind LowCardinality(String) COMMENT 'turn, llm, tool, retrieval, embedding, rerank, agent, chain, guardrail, evaluator, mcp, log, session, feedback',
    name LowCardinality(String),
    ts DateTime64(3, 'UTC') COMMENT 'When it started' CODEC(Delta, ZSTD(1)),
    received_at DateTime64(3, 'UTC') COMMENT 'When the log took it in' CODEC(Delta, ZSTD(1)),
    expires_on Date COMMENT 'Day the row is dropped; the partition',
    duration_ms Nullable(Float64),
    status LowCardinality(String) COMMENT 'ok, error, unset',
    error_type LowCardinality(String),
    error_message String CODEC(ZSTD(1)),
    error_stack String CODEC(ZSTD(1)),
    error_fingerprint String COMMENT 'Same fault, same value',
    session_id String,
    trace_id String COMMENT 'The turn',
    span_id String COMMENT 'The operation',
    parent_span_id String,
    service_name LowCardinality(String),
    service_version LowCardinality(String),
    deployment_environment LowCardinality(String),
    release LowCardinality(String),
    user_id String COMMENT 'Pseudonym',
    agent_name LowCardinality(String),
    provider LowCardinality(String) COMMENT 'gen_ai.provider.name',
    request_model LowCardinality(String),
    response_model LowCardinality(String),
    usage_input_uncached Nullable(UInt64) COMMENT 'Input tokens neither read from nor written to a cache',
    usage_cache_read Nullable(UInt64),
    usage_cache_write Nullable(UInt64),
    usage_output Nullable(UInt64) COMMENT 'Output tokens that are not reasoning',
    usage_reasoning Nullable(UInt64),
    cost_nano Nullable(Int64) COMMENT 'Nano-dollars (1e-9 USD); NULL when the price is unknown',
    price_version LowCardinality(String),
    tool_name LowCardinality(String),
    tool_call_id String,
    tool_arguments String CODEC(ZSTD(1)),
    tool_result String CODEC(ZSTD(1)),
    decision_options Array(String),
    decision_chosen String,
    decision_why String,
    input String CODEC(ZSTD(1)),
    output String CODEC(ZSTD(1)),
    finish_reasons Array(LowCardinality(String)),
    time_to_first_token_ms Nullable(Float64),
    prompt_name LowCardinality(String),
    prompt_version LowCardinality(String),
    feature_flags Map(LowCardinality(String), String),
    score_name LowCardinality(String),
    score_value Nullable(Float64),
    score_label LowCardinality(String),
    severity LowCardinality(String) COMMENT 'Logs only',
    body String COMMENT 'Logs only' CODEC(ZSTD(1)),
    log_template String COMMENT 'Logs only',
    attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    sampling_weight Float64 COMMENT 'How many events this one stands for',
    verbosity_level LowCardinality(String),
    source LowCardinality(String) COMMENT 'native, otlp-traces, otlp-logs, openai-chat',
    historic Bool,
    redactions UInt32,
    INDEX trace_id_bloom trace_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX session_id_bloom session_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = @ENGINE(MergeTree)
PARTITION BY expires_on
ORDER BY (tenant, toStartOfMinute(ts), cityHash64(trace_id), id)
TTL expires_on + INTERVAL 1 DAY
SETTINGS ttl_only_drop_parts = 1, @DEDUP_WINDOW;

-- What lists and dashboards read: no content, previews of 200 characters.
CREATE TABLE IF NOT EXISTS telltale.events_core @ON_CLUSTER
(
    tenant LowCardinality(String),
    id String,
    kind LowCardinality(String),
    name LowCardinality(String),
    ts DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    expires_on Date,
    duration_ms Nullable(Float64),
    status LowCardinality(String),
    error_type LowCardinality(String),
    error_fingerprint String,
    session_id String,
    trace_id String,
    span_id String,
    parent_span_id String,
    service_name LowCardinality(String),
    service_version LowCardinality(String),
    deployment_environment LowCardinality(String),
    user_id String,
    provider LowCardinality(String),
    request_model LowCardinality(String),
    response_model LowCardinality(String),
    usage_input_uncached Nullable(UInt64),
    usage_cache_read Nullable(UInt64),
    usage_cache_write Nullable(UInt64),
    usage_output Nullable(UInt64),
    usage_reasoning Nullable(UInt64),
    cost_nano Nullable(Int64),
    tool_name LowCardinality(String),
    decision_chosen String,
    time_to_first_token_ms Nullable(Float64),
    prompt_version LowCardinality(String),
    score_name LowCardinality(String),
    score_value Nullable(Float64),
    score_label LowCardinality(String),
    severity LowCardinality(String),
    sampling_weight Float64,
    historic Bool,
    input_preview String,
    output_preview String,
    INDEX trace_id_bloom trace_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX session_id_bloom session_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = @ENGINE(MergeTree)
PARTITION BY expires_on
ORDER BY (tenant, toStartOfMinute(ts), cityHash64(trace_id), id)
TTL expires_on + INTERVAL 1 DAY
SETTINGS ttl_only_drop_parts = 1, @DEDUP_WINDOW;

CREATE MATERIALIZED VIEW IF NOT EXISTS telltale.events_core_mv @ON_CLUSTER TO telltale.events_core AS
SELECT tenant, id, kind, name, ts, expires_on, duration_ms, status, error_type, error_fingerprint, session_id, trace_id, span_id, parent_span_id,
    service_name, service_version, deployment_environment, user_id, provider, request_model, response_model,
    usage_input_uncached, usage_cache_read, usage_cache_write, usage_output, usage_reasoning, cost_nano, tool_name, decision_chosen,
    time_to_first_token_ms, prompt_version, score_name, score_value, score_label, severity, sampling_weight, historic,
    substringUTF8(input, 1, 200) AS input_preview, substringUTF8(if(output != '', output, body), 1, 200) AS output_preview
FROM telltale.events;

-- Numbers only, by minute.
CREATE TABLE IF NOT EXISTS telltale.operations_minute @ON_CLUSTER
(
    tenant LowCardinality(String),
    minute DateTime('UTC'),
    service_name LowCardinality(String),
    kind LowCardinality(String),
    name LowCardinality(String),
    events UInt64,
    errors UInt64,
    weight Float64 COMMENT 'Events re-weighted by their sampling weight',
    duration_ms Float64 COMMENT 'Sum',
    cost_nano Int64 COMMENT 'Sum of known costs'
)
ENGINE = @ENGINE(SummingMergeTree)
PARTITION BY toYYYYMM(minute)
ORDER BY (tenant, minute, service_name, kind, name)
TTL minute + INTERVAL 400 DAY
SETTINGS ttl_only_drop_parts = 1, @DEDUP_WINDOW;

CREATE MATERIALIZED VIEW IF NOT EXISTS telltale.operations_minute_mv @ON_CLUSTER TO telltale.operations_minute AS
SELECT tenant, toStartOfMinute(toDateTime(ts, 'UTC')) AS minute, service_name, kind, name, count() AS events, countIf(status = 'error') AS errors,
    sum(sampling_weight) AS weight, sum(ifNull(duration_ms, 0)) AS duration_ms, sum(ifNull(cost_nano, 0)) AS cost_nano
FROM telltale.events
GROUP BY tenant, minute, service_name, kind, name;

CREATE TABLE IF NOT EXISTS telltale.log_templates @ON_CLUSTER
(
    tenant LowCardinality(String),
    template_id String,
    template String,
    service_name LowCardinality(String),
    first_seen DateTime64(3, 'UTC')
)
ENGINE = @ENGINE(ReplacingMergeTree)
ORDER BY (tenant, template_id)
SETTINGS @DEDUP_WINDOW;
