-- What events mean: what was said twice, what was wanted, how it ended.
ALTER TABLE telltale.events @ON_CLUSTER
    ADD COLUMN IF NOT EXISTS log_template_id String COMMENT 'Logs only; stays when the template widens' AFTER log_template,
    ADD COLUMN IF NOT EXISTS prompt_hash String COMMENT 'Same model and same input, same value; calls of models only' AFTER log_template_id,
    ADD COLUMN IF NOT EXISTS prompt_near_hash String COMMENT '64 bits as hex; bitHammingDistance is small for nearly the same input' AFTER prompt_hash,
    ADD COLUMN IF NOT EXISTS tool_call_hash String COMMENT 'Same tool and same arguments, same value; calls of tools only' AFTER prompt_near_hash,
    ADD COLUMN IF NOT EXISTS language LowCardinality(String) COMMENT 'ISO 639-1 code of the request, und when it cannot be told; turns only' AFTER tool_call_hash,
    ADD COLUMN IF NOT EXISTS intent LowCardinality(String) COMMENT 'What the request wants; turns only' AFTER language,
    ADD COLUMN IF NOT EXISTS intent_because Array(String) COMMENT 'The words the intent was told by' AFTER intent,
    ADD COLUMN IF NOT EXISTS turn_outcome LowCardinality(String) COMMENT 'answered, error, abandoned, transferred, refused, unknown; turns only' AFTER intent_because,
    ADD COLUMN IF NOT EXISTS turn_outcome_id String COMMENT 'The event that says so; empty when it is what is missing' AFTER turn_outcome,
    ADD COLUMN IF NOT EXISTS turn_outcome_why String COMMENT 'How that event says so' AFTER turn_outcome_id;

ALTER TABLE telltale.events_core @ON_CLUSTER
    ADD COLUMN IF NOT EXISTS log_template_id String AFTER severity,
    ADD COLUMN IF NOT EXISTS prompt_hash String AFTER log_template_id,
    ADD COLUMN IF NOT EXISTS tool_call_hash String AFTER prompt_hash,
    ADD COLUMN IF NOT EXISTS language LowCardinality(String) AFTER tool_call_hash,
    ADD COLUMN IF NOT EXISTS intent LowCardinality(String) AFTER language,
    ADD COLUMN IF NOT EXISTS turn_outcome LowCardinality(String) AFTER intent;

DROP VIEW IF EXISTS telltale.events_core_mv @ON_CLUSTER;
CREATE MATERIALIZED VIEW IF NOT EXISTS telltale.events_core_mv @ON_CLUSTER TO telltale.events_core AS
SELECT tenant, id, kind, name, ts, expires_on, duration_ms, status, error_type, error_fingerprint, session_id, trace_id, span_id, parent_span_id,
    service_name, service_version, deployment_environment, user_id, provider, request_model, response_model,
    usage_input_uncached, usage_cache_read, usage_cache_write, usage_output, usage_reasoning, cost_nano, tool_name, asked_by, decision_chosen,
    time_to_first_token_ms, prompt_version, score_name, score_value, score_label, severity, log_template_id, prompt_hash, tool_call_hash,
    language, intent, turn_outcome, sampling_weight, historic, revision,
    substringUTF8(input, 1, 200) AS input_preview, substringUTF8(if(output != '', output, body), 1, 200) AS output_preview
FROM telltale.events;

-- Two templates that turn out to be one keep the id of the older; lines stored under the other say so here.
ALTER TABLE telltale.log_templates @ON_CLUSTER ADD COLUMN IF NOT EXISTS merged_into String COMMENT 'The template that stands for this one now; empty for one that stands';

-- A view has the columns its table had when it was made.
DROP VIEW IF EXISTS telltale.turns @ON_CLUSTER;
CREATE VIEW IF NOT EXISTS telltale.turns @ON_CLUSTER AS
SELECT * FROM telltale.events
WHERE kind = 'turn'
ORDER BY attributes['telltale.turn'] = 'without root', revision DESC
LIMIT 1 BY tenant, if(trace_id = '', id, trace_id);
