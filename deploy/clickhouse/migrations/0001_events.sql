-- Rows are partitioned by the day (rollups: the month) on which they expire, counted from arrival. Event times never choose a partition, so that a
-- batch touches a handful of partitions whatever times its events have.

CREATE TABLE IF NOT EXISTS telltale.events @ON_CLUSTER
(
    tenant LowCardinality(String) COMMENT 'Tenant the event belongs to',
    id String COMMENT 'Deterministic: the same operation sent twice has the same id',
    kind LowCardinality(String) COMMENT 'turn, llm, tool, retrieval, embedding, rerank, agent, chain, guardrail, evaluator, mcp, log, session, feedback',
    name LowCardinality(String) COMMENT 'Name of the operation, such as the span name',
    ts DateTime64(3, 'UTC') COMMENT 'When it started' CODEC(Delta, ZSTD(1)),
    received_at DateTime64(3, 'UTC') COMMENT 'When it arrived at the gateway or in the raw topic' CODEC(Delta, ZSTD(1)),
    expires_on Date COMMENT 'Last day the row is kept; the partition',
    duration_ms Nullable(Float64) COMMENT 'How long it took; NULL when unknown',
    status LowCardinality(String) COMMENT 'ok, error, unset',
    error_type LowCardinality(String) COMMENT 'Class or code of the error',
    error_message String COMMENT 'Message of the error, redacted' CODEC(ZSTD(1)),
    error_stack String COMMENT 'Stack trace, redacted' CODEC(ZSTD(1)),
    error_fingerprint String COMMENT 'Same fault, same value, across ids, numbers and paths',
    session_id String COMMENT 'The conversation (gen_ai.conversation.id, session.id)',
    trace_id String COMMENT 'The turn',
    span_id String COMMENT 'The operation',
    parent_span_id String COMMENT 'The operation that called this one; empty at the root of a turn',
    service_name LowCardinality(String) COMMENT 'The observed program (service.name)',
    service_version LowCardinality(String) COMMENT 'Its version (service.version)',
    deployment_environment LowCardinality(String) COMMENT 'Where it runs (deployment.environment.name)',
    release LowCardinality(String) COMMENT 'Release of the agent, where it differs from the version of the service',
    region LowCardinality(String) COMMENT 'cloud.region',
    instance LowCardinality(String) COMMENT 'The process that produced it (service.instance.id)',
    user_id String COMMENT 'Pseudonym, never the value that the producer sent',
    agent_name LowCardinality(String) COMMENT 'gen_ai.agent.name',
    provider LowCardinality(String) COMMENT 'gen_ai.provider.name',
    request_model LowCardinality(String) COMMENT 'Model that was requested (gen_ai.request.model)',
    response_model LowCardinality(String) COMMENT 'Model that responded (gen_ai.response.model)',
    request_max_tokens Nullable(UInt64) COMMENT 'Most output tokens that were requested (gen_ai.request.max_tokens)',
    attempt Nullable(UInt32) COMMENT '1: the first try of the call; NULL when the producer does not say',
    usage_input_uncached Nullable(UInt64) COMMENT 'Input tokens neither read from nor written to a cache',
    usage_cache_read Nullable(UInt64) COMMENT 'Input tokens read from a cache',
    usage_cache_write Nullable(UInt64) COMMENT 'Input tokens written to a cache',
    usage_output Nullable(UInt64) COMMENT 'Output tokens that are not reasoning',
    usage_reasoning Nullable(UInt64) COMMENT 'Output tokens spent on reasoning',
    usage_cache_write_1h Nullable(UInt64) COMMENT 'Written to a cache for an hour; not in usage_cache_write',
    usage_input_audio Nullable(UInt64) COMMENT 'Uncached audio; not in usage_input_uncached',
    usage_input_image Nullable(UInt64) COMMENT 'Uncached images; not in usage_input_uncached',
    usage_output_audio Nullable(UInt64) COMMENT 'Audio; not in usage_output',
    usage_output_image Nullable(UInt64) COMMENT 'Images; not in usage_output',
    usage_estimated Bool DEFAULT false COMMENT 'The provider reported no usage; it was counted from the content',
    service_tier LowCardinality(String) COMMENT 'batch, flex, priority, or empty for the standard price',
    cost_nano_usd Nullable(Int64) COMMENT 'Nano-dollars (1e-9 USD); NULL when the price is unknown',
    price_version LowCardinality(String) COMMENT 'Price table or setting the cost comes from; of a tool also where its cost is unknown',
    tool_name LowCardinality(String) COMMENT 'Name of the tool; tools only',
    tool_call_id String COMMENT 'Id that the model gave the call; tools only',
    requested_tool_call_ids Array(String) COMMENT 'Ids of the tool calls that this llm operation requested',
    requested_by_span_id String COMMENT 'The llm operation (span_id) that requested this tool call; empty while unknown',
    tool_arguments String COMMENT 'JSON, redacted; tools only' CODEC(ZSTD(1)),
    tool_result String COMMENT 'Redacted; tools only' CODEC(ZSTD(1)),
    decision_options Array(String) COMMENT 'What the agent could choose from',
    decision_chosen String COMMENT 'What it chose',
    decision_reason String COMMENT 'The reason it gave',
    input String COMMENT 'Messages or value in, JSON unless plain text, redacted' CODEC(ZSTD(1)),
    output String COMMENT 'Messages or value out, JSON unless plain text, redacted' CODEC(ZSTD(1)),
    finish_reasons Array(LowCardinality(String)) COMMENT 'Why the model stopped, one per choice (gen_ai.response.finish_reasons)',
    time_to_first_token_ms Nullable(Float64) COMMENT 'From the request to the first token of a streamed response',
    prompt_name LowCardinality(String) COMMENT 'Name of the prompt template',
    prompt_version LowCardinality(String) COMMENT 'Version of the prompt template',
    feature_flags Map(LowCardinality(String), String) COMMENT 'Flags in effect, by name',
    score_name LowCardinality(String) COMMENT 'What was evaluated; evaluators and feedback only',
    score_value Nullable(Float64) COMMENT 'The score as a number',
    score_label LowCardinality(String) COMMENT 'The score as a word, such as pass or fail',
    severity LowCardinality(String) COMMENT 'trace, debug, info, warn, error or fatal; logs only',
    body String COMMENT 'The log line, redacted; logs only' CODEC(ZSTD(1)),
    log_template String COMMENT 'The log line without its variable parts; logs only',
    log_template_id String COMMENT 'Stays when the template widens; logs only',
    prompt_hash String COMMENT 'Same model and same input, same value; calls of models only',
    prompt_simhash String COMMENT '64 bits as hex; bitHammingDistance is small for nearly the same input; calls of models only',
    prompt_block_hashes Array(String) COMMENT 'Keyed chain over blocks of the prompt of about 256 tokens: prompts with the same beginning share the first ones; calls of models only',
    tool_call_hash String COMMENT 'Same tool and same arguments, same value; calls of tools only',
    attributes Map(LowCardinality(String), String) COMMENT 'All else the producer sent' CODEC(ZSTD(1)),
    sampling_weight Float64 COMMENT 'How many events this one represents',
    verbosity_level LowCardinality(String) COMMENT 'Level in force when it was produced: metadata, normal, full, debug',
    directive_ids Array(String) COMMENT 'Directives in force when it was produced',
    from_ring Bool COMMENT 'It was held back, and sent after something went wrong',
    ingest_format LowCardinality(String) COMMENT 'native, otlp-traces, otlp-logs, openai-chat',
    backfill Bool COMMENT 'Its own time lies long before its arrival: scored, but raises no live alert',
    redactions UInt32 COMMENT 'How many values were masked in it',
    INDEX trace_id_bloom trace_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX session_id_bloom session_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = @ENGINE(MergeTree)
PARTITION BY expires_on
ORDER BY (tenant, toStartOfMinute(ts), cityHash64(trace_id), id)
TTL expires_on + INTERVAL 1 DAY
SETTINGS ttl_only_drop_parts = 1, @DEDUP_WINDOW
COMMENT 'One wide immutable row per event, with full content. The record in telltale.events.v1 and the row are the same JSON.';

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
    error_message String COMMENT 'First 200 characters of the message of the error, redacted' CODEC(ZSTD(1)),
    session_id String,
    trace_id String,
    span_id String,
    parent_span_id String,
    service_name LowCardinality(String),
    service_version LowCardinality(String),
    deployment_environment LowCardinality(String),
    release LowCardinality(String),
    region LowCardinality(String),
    instance LowCardinality(String),
    user_id String,
    agent_name LowCardinality(String),
    provider LowCardinality(String),
    request_model LowCardinality(String),
    response_model LowCardinality(String),
    request_max_tokens Nullable(UInt64),
    attempt Nullable(UInt32),
    service_tier LowCardinality(String),
    usage_input_uncached Nullable(UInt64),
    usage_cache_read Nullable(UInt64),
    usage_cache_write Nullable(UInt64),
    usage_output Nullable(UInt64),
    usage_reasoning Nullable(UInt64),
    usage_cache_write_1h Nullable(UInt64),
    usage_input_audio Nullable(UInt64),
    usage_input_image Nullable(UInt64),
    usage_output_audio Nullable(UInt64),
    usage_output_image Nullable(UInt64),
    cost_nano_usd Nullable(Int64),
    tool_name LowCardinality(String),
    requested_by_span_id String,
    decision_chosen String,
    time_to_first_token_ms Nullable(Float64),
    prompt_name LowCardinality(String),
    prompt_version LowCardinality(String),
    feature_flags Map(LowCardinality(String), String),
    score_name LowCardinality(String),
    score_value Nullable(Float64),
    score_label LowCardinality(String),
    severity LowCardinality(String),
    log_template_id String,
    prompt_hash String,
    prompt_block_hashes Array(String),
    tool_call_hash String,
    sampling_weight Float64,
    verbosity_level LowCardinality(String),
    directive_ids Array(String),
    from_ring Bool,
    backfill Bool,
    input_preview String COMMENT 'First 200 characters of input',
    output_preview String COMMENT 'First 200 characters of output; of body where there is no output',
    INDEX trace_id_bloom trace_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX session_id_bloom session_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = @ENGINE(MergeTree)
PARTITION BY expires_on
ORDER BY (tenant, toStartOfMinute(ts), cityHash64(trace_id), id)
TTL expires_on + INTERVAL 1 DAY
SETTINGS ttl_only_drop_parts = 1, @DEDUP_WINDOW
COMMENT 'The events without content, which lists and dashboards read; columns as in events.';

CREATE MATERIALIZED VIEW IF NOT EXISTS telltale.events_core_mv @ON_CLUSTER TO telltale.events_core AS
SELECT tenant, id, kind, name, ts, expires_on, duration_ms, status, error_type, error_fingerprint, substringUTF8(e.error_message, 1, 200) AS error_message, session_id, trace_id, span_id, parent_span_id,
    service_name, service_version, deployment_environment, release, region, instance, user_id, agent_name, provider, request_model, response_model,
    request_max_tokens, attempt, service_tier, usage_input_uncached, usage_cache_read, usage_cache_write, usage_output, usage_reasoning,
    usage_cache_write_1h, usage_input_audio, usage_input_image, usage_output_audio, usage_output_image, cost_nano_usd, tool_name, requested_by_span_id, decision_chosen,
    time_to_first_token_ms, prompt_name, prompt_version, feature_flags, score_name, score_value, score_label, severity, log_template_id, prompt_hash, prompt_block_hashes, tool_call_hash,
    sampling_weight, verbosity_level, directive_ids, from_ring, backfill,
    substringUTF8(input, 1, 200) AS input_preview, substringUTF8(if(output != '', output, body), 1, 200) AS output_preview
FROM telltale.events AS e
COMMENT 'Fills events_core from events.';

CREATE TABLE IF NOT EXISTS telltale.operations_minute @ON_CLUSTER
(
    tenant LowCardinality(String) COMMENT 'Tenant the events belong to',
    minute DateTime('UTC') COMMENT 'Start of the minute the events started in',
    service_name LowCardinality(String) COMMENT 'As in events',
    kind LowCardinality(String) COMMENT 'As in events',
    name LowCardinality(String) COMMENT 'As in events',
    events UInt64 COMMENT 'Number of events',
    errors UInt64 COMMENT 'Events with status error',
    weight Float64 COMMENT 'Sum of the sampling weights',
    duration_ms Float64 COMMENT 'Sum of the known durations',
    cost_nano_usd Int64 COMMENT 'Sum of the known costs, in nano-dollars',
    expires_on Date COMMENT 'Start of the month in which the row is dropped, 13 to 14 months after its events; the partition'
)
ENGINE = @ENGINE(SummingMergeTree)
PARTITION BY expires_on
ORDER BY (tenant, minute, service_name, kind, name)
TTL expires_on
SETTINGS ttl_only_drop_parts = 1, @DEDUP_WINDOW
COMMENT 'Operations by minute, numbers only. Parts that are not merged yet hold several rows of a key: sum them.';

CREATE MATERIALIZED VIEW IF NOT EXISTS telltale.operations_minute_mv @ON_CLUSTER TO telltale.operations_minute AS
SELECT e.tenant AS tenant, toStartOfMinute(toDateTime(e.ts, 'UTC')) AS minute, e.service_name AS service_name, e.kind AS kind, e.name AS name,
    count() AS events, countIf(e.status = 'error') AS errors, sum(e.sampling_weight) AS weight, sum(ifNull(e.duration_ms, 0)) AS duration_ms,
    sum(ifNull(e.cost_nano_usd, 0)) AS cost_nano_usd, toStartOfMonth(e.expires_on + INTERVAL 14 MONTH) AS expires_on
FROM telltale.events AS e
GROUP BY tenant, minute, service_name, kind, name, expires_on
COMMENT 'Fills operations_minute from events.';

CREATE TABLE IF NOT EXISTS telltale.log_templates @ON_CLUSTER
(
    tenant LowCardinality(String) COMMENT 'Tenant the lines belong to',
    template_id String COMMENT 'log_template_id of the lines',
    template String COMMENT 'The line without its variable parts',
    service_name LowCardinality(String) COMMENT 'Service that the first line came from',
    first_seen DateTime64(3, 'UTC') COMMENT 'When the first line came',
    merged_into String COMMENT 'Id of the older template that this one proved to be the same as; empty while it counts itself'
)
ENGINE = @ENGINE(ReplacingMergeTree)
ORDER BY (tenant, template_id)
SETTINGS @DEDUP_WINDOW
COMMENT 'Templates of log lines. Written by the enricher.';

CREATE TABLE IF NOT EXISTS telltale.pseudonyms @ON_CLUSTER
(
    tenant LowCardinality(String) COMMENT 'Tenant the events belong to',
    subject String COMMENT 'user_id of the events with the pseudonym; the pseudonym itself where they name no user',
    pseudonym String COMMENT 'As it appears in events',
    encrypted String COMMENT 'The value, AES-256-GCM under the key of the subject, base64url of nonce, ciphertext and tag',
    expires_on Date COMMENT 'That of the events; the partition',
    INDEX pseudonym_bloom pseudonym TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = @ENGINE(ReplacingMergeTree)
PARTITION BY expires_on
ORDER BY (tenant, subject, pseudonym, encrypted)
TTL expires_on + INTERVAL 1 DAY
SETTINGS ttl_only_drop_parts = 1, @DEDUP_WINDOW
COMMENT 'What pseudonyms were made from, encrypted: nobody can read it once the key of the subject is deleted. Written by the enricher.';
