CREATE TABLE IF NOT EXISTS telltale.turns @ON_CLUSTER
(
    tenant LowCardinality(String) COMMENT 'Tenant the turn belongs to',
    turn_id String COMMENT 'The trace id; of a turn event without a trace its event id',
    revision UInt32 COMMENT 'How many events it is made of; of one turn the highest counts',
    trace_id String COMMENT 'Its trace; empty for a turn event without one',
    session_id String COMMENT 'The conversation, as its producer says; empty where it says none: sessions then puts turns of a user together',
    user_id String COMMENT 'Pseudonym, never the value that the producer sent',
    turn_number Nullable(UInt32) COMMENT 'Which turn of its session: as the producer says, else how many messages of the user its first call of a model was given',
    name LowCardinality(String) COMMENT 'Of its root, else of its first operation',
    ts DateTime64(3, 'UTC') COMMENT 'When its first operation started; a revision may move it back, never forward' CODEC(Delta, ZSTD(1)),
    first_minute DateTime('UTC') COMMENT 'Minute of ts when the turn was first written; the same in all revisions, and never before ts' CODEC(Delta, ZSTD(1)),
    received_at DateTime64(3, 'UTC') COMMENT 'When the last of its events arrived' CODEC(Delta, ZSTD(1)),
    expires_on Date COMMENT 'Last day the row is kept, fixed when the turn was first seen; the partition',
    duration_ms Float64 COMMENT 'Of its root; without one from its first start to its last end',
    has_root Bool COMMENT 'Whether the event of the turn itself, or the span without a parent, is among its events',
    status LowCardinality(String) DEFAULT 'unset' COMMENT 'ok, error, unset: that of its root; unset without one',
    error_type LowCardinality(String) COMMENT 'Class or code of the error of its root',
    outcome LowCardinality(String) DEFAULT 'unknown' COMMENT 'answered, error, abandoned, transferred, refused, unknown',
    outcome_event_id String COMMENT 'The event that shows it; empty when the missing event is what shows it',
    outcome_reason String COMMENT 'How that event shows it',
    intent LowCardinality(String) COMMENT 'What the request wants: cancel order',
    intent_matched_terms Array(String) COMMENT 'The words that the intent was recognized by',
    language LowCardinality(String) COMMENT 'ISO 639-1 code of the request, und when it cannot be determined',
    request_hash String COMMENT 'Same request, same value',
    request_simhash String COMMENT '64 bits as hex; bitHammingDistance is small for nearly the same request',
    service_name LowCardinality(String) COMMENT 'The observed program (service.name)',
    service_version LowCardinality(String) COMMENT 'Its version (service.version)',
    release LowCardinality(String) COMMENT 'Release of the agent, where it differs from the version of the service',
    deployment_environment LowCardinality(String) COMMENT 'Where it runs (deployment.environment.name)',
    region LowCardinality(String) COMMENT 'cloud.region',
    agents Array(LowCardinality(String)) COMMENT 'Names of its agents (at most 16)',
    models Array(LowCardinality(String)) COMMENT 'Models that answered, else that were requested (at most 16)',
    providers Array(LowCardinality(String)) COMMENT 'gen_ai.provider.name (at most 16)',
    tools Array(LowCardinality(String)) COMMENT 'Tools that were called (at most 32)',
    prompt_versions Array(LowCardinality(String)) COMMENT 'Prompt templates, name and version joined by an at sign (at most 16)',
    feature_flags Map(LowCardinality(String), String) COMMENT 'Flags in effect, by name (at most 32)',
    dimensions Map(LowCardinality(String), String) COMMENT 'Values of the attributes that the tenant named as dimensions (at most 20)',
    calls Map(LowCardinality(String), UInt32) COMMENT 'Operations by kind; events of kind turn, log, feedback, evaluator and session are none',
    errors Map(LowCardinality(String), UInt32) COMMENT 'Failed operations, and logs of severity error or fatal, by kind',
    error_fingerprints Array(String) COMMENT 'Faults in it (at most 16)',
    log_template_ids Array(String) COMMENT 'Templates of its log lines (at most 32)',
    first_failed_span_id String COMMENT 'The operation that failed first, by the end of its work',
    retries UInt32 COMMENT 'Calls after a failed call of the same, and calls that say they are a later attempt',
    repeated_call String COMMENT 'The call that was made most often with the same arguments, <kind> <name>; empty when none was repeated',
    repeated_call_count UInt32 COMMENT 'How often that call was made',
    usage_input_uncached Nullable(UInt64) COMMENT 'Input tokens neither read from nor written to a cache; of two reports of one request the inner one counts',
    usage_cache_read Nullable(UInt64) COMMENT 'Input tokens read from a cache',
    usage_cache_write Nullable(UInt64) COMMENT 'Input tokens written to a cache',
    usage_output Nullable(UInt64) COMMENT 'Output tokens that are not reasoning',
    usage_reasoning Nullable(UInt64) COMMENT 'Output tokens spent on reasoning',
    usage_cache_write_1h Nullable(UInt64) COMMENT 'Written to a cache for an hour; not in usage_cache_write',
    usage_input_audio Nullable(UInt64) COMMENT 'Uncached audio; not in usage_input_uncached',
    usage_input_image Nullable(UInt64) COMMENT 'Uncached images; not in usage_input_uncached',
    usage_output_audio Nullable(UInt64) COMMENT 'Audio; not in usage_output',
    usage_output_image Nullable(UInt64) COMMENT 'Images; not in usage_output',
    cost_nano_usd Nullable(Int64) COMMENT 'Sum of the known costs, nano-dollars (1e-9 USD); NULL when none is known',
    unpriced_calls UInt32 COMMENT 'Calls that are paid for without a known cost',
    max_context_tokens Nullable(UInt64) COMMENT 'Most input tokens of one call',
    cache_read_share Nullable(Float64) COMMENT 'Part of the input tokens read from a cache, 0 to 1',
    time_to_first_token_ms Nullable(Float64) COMMENT 'From its start to the first token of the call that answered',
    self_time_ms Map(LowCardinality(String), Float64) COMMENT 'Time in operations but not in those they called, by <kind> <name>: the 8 greatest',
    edges Array(Tuple(caller LowCardinality(String), callee LowCardinality(String), calls UInt32, duration_ms Float64, errors UInt32)) COMMENT 'Who called whom, each <kind> <name>: the 64 with the most calls' CODEC(ZSTD(1)),
    directive_ids Array(String) COMMENT 'Directives in force in any of its operations (at most 16)',
    input_preview String COMMENT 'First 200 characters of the request, redacted' CODEC(ZSTD(1)),
    output_preview String COMMENT 'First 200 characters of the answer, redacted' CODEC(ZSTD(1)),
    sampling_weight Float64 DEFAULT 1 COMMENT 'How many turns this one represents',
    backfill Bool COMMENT 'All of its events lay long before their arrival',
    undetailed_events UInt32 COMMENT 'Events beyond the 1,000 that a turn keeps in detail: they count in calls, errors, tokens and cost only',
    INDEX ts_range ts TYPE minmax GRANULARITY 1,
    INDEX turn_id_bloom turn_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX session_id_bloom session_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX user_id_bloom user_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = @ENGINE(ReplacingMergeTree, revision)
PARTITION BY expires_on
ORDER BY (tenant, first_minute, turn_id)
TTL expires_on + INTERVAL 1 DAY
SETTINGS ttl_only_drop_parts = 1, index_granularity = 1024, @DEDUP_WINDOW
COMMENT 'One row per turn and revision, put together from its events: read it with FINAL. Written by turns; the record in telltale.turns.v1 is the same JSON.';

CREATE TABLE IF NOT EXISTS telltale.sessions @ON_CLUSTER
(
    tenant LowCardinality(String) COMMENT 'Tenant the session belongs to',
    session_id String COMMENT 'The conversation: as its producer names it, or derived',
    revision UInt32 COMMENT 'Counts how often it was written; of one session, first_minute and expires_on the highest counts',
    derived Bool COMMENT 'No producer named it: turns of one user of one service, each within 30 min of those before',
    merged_into String COMMENT 'Id of the session that its turns now belong to; empty while it has turns',
    user_id String COMMENT 'Pseudonym, never the value that the producer sent',
    service_name LowCardinality(String) COMMENT 'Of its first turn',
    deployment_environment LowCardinality(String) COMMENT 'Of its first turn',
    started_at DateTime64(3, 'UTC') COMMENT 'Start of its first turn' CODEC(Delta, ZSTD(1)),
    ended_at DateTime64(3, 'UTC') COMMENT 'End of its last turn' CODEC(Delta, ZSTD(1)),
    first_minute DateTime('UTC') COMMENT 'Minute of started_at when the session was first written; the same in all revisions' CODEC(Delta, ZSTD(1)),
    expires_on Date COMMENT 'Last day the row is kept, fixed when the session was first seen; the partition',
    turns UInt32 COMMENT 'Its turns; 0 when it has become part of another session',
    events UInt64 COMMENT 'Events of its turns',
    calls Map(LowCardinality(String), UInt64) COMMENT 'Operations by kind',
    errors UInt64 COMMENT 'Failed operations',
    failed_turns UInt32 COMMENT 'Turns with status error',
    outcomes Map(LowCardinality(String), UInt32) COMMENT 'Turns by outcome',
    intents Array(LowCardinality(String)) COMMENT 'Intents of its turns (at most 16)',
    languages Array(LowCardinality(String)) COMMENT 'Languages of its requests (at most 4)',
    models Array(LowCardinality(String)) COMMENT 'Models it was answered by (at most 16)',
    last_outcome LowCardinality(String) COMMENT 'Outcome of its last turn',
    input_tokens UInt64 COMMENT 'Input tokens of its turns, in all buckets',
    output_tokens UInt64 COMMENT 'Output tokens of its turns, in all buckets',
    cost_nano_usd Nullable(Int64) COMMENT 'Sum of the known costs, nano-dollars (1e-9 USD); NULL when none is known',
    unpriced_calls UInt64 COMMENT 'Calls that are paid for without a known cost',
    retries UInt64 COMMENT 'Sum of the retries of its turns',
    input_preview String COMMENT 'First 200 characters of its first request, redacted' CODEC(ZSTD(1)),
    sampling_weight Float64 DEFAULT 1 COMMENT 'Of its first turn',
    backfill Bool COMMENT 'All of its turns are backfill',
    INDEX started_at_range started_at TYPE minmax GRANULARITY 1,
    INDEX session_id_bloom session_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX user_id_bloom user_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = @ENGINE(ReplacingMergeTree, revision)
PARTITION BY expires_on
ORDER BY (tenant, first_minute, session_id, expires_on)
TTL expires_on + INTERVAL 1 DAY
SETTINGS ttl_only_drop_parts = 1, index_granularity = 1024, @DEDUP_WINDOW
COMMENT 'One row per session and revision, put together from its turns: read it with FINAL and turns > 0. A session that goes on after a week of silence is another row. Written by sessions.';

CREATE VIEW IF NOT EXISTS telltale.tool_calls @ON_CLUSTER
(
    tenant LowCardinality(String) COMMENT 'As in events',
    trace_id String COMMENT 'As in events',
    session_id String COMMENT 'As in events',
    ts DateTime64(3, 'UTC') COMMENT 'When the call started',
    span_id String COMMENT 'The call',
    tool_name LowCardinality(String) COMMENT 'As in events',
    tool_call_id String COMMENT 'As in events',
    status LowCardinality(String) COMMENT 'As in events',
    duration_ms Nullable(Float64) COMMENT 'As in events',
    tool_arguments String COMMENT 'As in events',
    tool_result String COMMENT 'As in events',
    requested_by_span_id String COMMENT 'The llm operation (span_id) that requested the call: known when the call came, or found by tool_call_id'
)
AS SELECT
    calls.tenant AS tenant,
    calls.trace_id AS trace_id,
    calls.session_id AS session_id,
    calls.ts AS ts,
    calls.span_id AS span_id,
    calls.tool_name AS tool_name,
    calls.tool_call_id AS tool_call_id,
    calls.status AS status,
    calls.duration_ms AS duration_ms,
    calls.tool_arguments AS tool_arguments,
    calls.tool_result AS tool_result,
    if(calls.requested_by_span_id != '', calls.requested_by_span_id, askers.span_id) AS requested_by_span_id
FROM (SELECT * FROM telltale.events WHERE kind IN ('tool', 'mcp')) AS calls
LEFT ANY JOIN
(
    SELECT tenant, trace_id, span_id, call_id
    FROM telltale.events
    ARRAY JOIN requested_tool_call_ids AS call_id
    WHERE kind = 'llm'
) AS askers ON calls.tenant = askers.tenant AND calls.trace_id = askers.trace_id AND calls.tool_call_id = askers.call_id
COMMENT 'Calls of tools with the operation that requested each.';
