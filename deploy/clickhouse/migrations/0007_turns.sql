-- Turns are put together from their operations, and written again when late ones amend them; tool calls name the decision that asked for them.
ALTER TABLE telltale.events @ON_CLUSTER ADD COLUMN IF NOT EXISTS asked_call_ids Array(String) COMMENT 'Ids of the tool calls this llm operation asked for' AFTER tool_call_id;
ALTER TABLE telltale.events @ON_CLUSTER ADD COLUMN IF NOT EXISTS asked_by String COMMENT 'The llm operation (span_id) that asked for this tool call; empty while unknown' AFTER asked_call_ids;
ALTER TABLE telltale.events @ON_CLUSTER ADD COLUMN IF NOT EXISTS revision UInt32 COMMENT 'Of the turns of one trace the highest counts' AFTER redactions;

ALTER TABLE telltale.events_core @ON_CLUSTER ADD COLUMN IF NOT EXISTS asked_by String AFTER tool_name;
ALTER TABLE telltale.events_core @ON_CLUSTER ADD COLUMN IF NOT EXISTS revision UInt32 AFTER historic;

DROP VIEW IF EXISTS telltale.events_core_mv @ON_CLUSTER;
CREATE MATERIALIZED VIEW IF NOT EXISTS telltale.events_core_mv @ON_CLUSTER TO telltale.events_core AS
SELECT tenant, id, kind, name, ts, expires_on, duration_ms, status, error_type, error_fingerprint, session_id, trace_id, span_id, parent_span_id,
    service_name, service_version, deployment_environment, user_id, provider, request_model, response_model,
    usage_input_uncached, usage_cache_read, usage_cache_write, usage_output, usage_reasoning, cost_nano, tool_name, asked_by, decision_chosen,
    time_to_first_token_ms, prompt_version, score_name, score_value, score_label, severity, sampling_weight, historic, revision,
    substringUTF8(input, 1, 200) AS input_preview, substringUTF8(if(output != '', output, body), 1, 200) AS output_preview
FROM telltale.events;

-- An amended turn has been counted.
DROP VIEW IF EXISTS telltale.operations_minute_mv @ON_CLUSTER;
CREATE MATERIALIZED VIEW IF NOT EXISTS telltale.operations_minute_mv @ON_CLUSTER TO telltale.operations_minute AS
SELECT tenant, toStartOfMinute(toDateTime(ts, 'UTC')) AS minute, service_name, kind, name, count() AS events, countIf(status = 'error') AS errors,
    sum(sampling_weight) AS weight, sum(ifNull(duration_ms, 0)) AS duration_ms, sum(ifNull(cost_nano, 0)) AS cost_nano
FROM telltale.events
WHERE revision = 0
GROUP BY tenant, minute, service_name, kind, name;

-- One row a turn: the last that was written of it; one without its root only where none has the root.
CREATE VIEW IF NOT EXISTS telltale.turns @ON_CLUSTER AS
SELECT * FROM telltale.events
WHERE kind = 'turn'
ORDER BY attributes['telltale.turn'] = 'without root', revision DESC
LIMIT 1 BY tenant, if(trace_id = '', id, trace_id);

-- The calls of tools with the decision that asked for each: known when the call came, or found by the id of the call.
CREATE VIEW IF NOT EXISTS telltale.tool_calls @ON_CLUSTER AS
SELECT
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
    if(calls.asked_by != '', calls.asked_by, askers.span_id) AS asked_by
FROM (SELECT * FROM telltale.events WHERE kind IN ('tool', 'mcp')) AS calls
LEFT ANY JOIN
(
    SELECT tenant, trace_id, span_id, call_id
    FROM telltale.events
    ARRAY JOIN asked_call_ids AS call_id
    WHERE kind = 'llm'
) AS askers ON calls.tenant = askers.tenant AND calls.trace_id = askers.trace_id AND calls.tool_call_id = askers.call_id;
