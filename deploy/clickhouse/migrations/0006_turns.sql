CREATE VIEW IF NOT EXISTS telltale.turns @ON_CLUSTER AS
SELECT * FROM telltale.events
WHERE kind = 'turn'
ORDER BY attributes['telltale.turn'] = 'without root', revision DESC
LIMIT 1 BY tenant, if(trace_id = '', id, trace_id)
COMMENT 'One row per turn: the last that was written of it; one without its root only where none has the root. Columns as in events.';

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
