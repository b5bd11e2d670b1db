-- Buckets of usage that few calls have, and what else a price depends on.
ALTER TABLE telltale.events @ON_CLUSTER
    ADD COLUMN IF NOT EXISTS usage_cache_write_1h Nullable(UInt64) COMMENT 'Written to a cache for an hour; not in usage_cache_write' AFTER usage_reasoning,
    ADD COLUMN IF NOT EXISTS usage_input_audio Nullable(UInt64) COMMENT 'Uncached audio; not in usage_input_uncached' AFTER usage_cache_write_1h,
    ADD COLUMN IF NOT EXISTS usage_input_image Nullable(UInt64) COMMENT 'Uncached images; not in usage_input_uncached' AFTER usage_input_audio,
    ADD COLUMN IF NOT EXISTS usage_output_audio Nullable(UInt64) COMMENT 'Not in usage_output' AFTER usage_input_image,
    ADD COLUMN IF NOT EXISTS usage_output_image Nullable(UInt64) COMMENT 'Not in usage_output' AFTER usage_output_audio,
    ADD COLUMN IF NOT EXISTS usage_estimated Bool DEFAULT false COMMENT 'The provider told no usage; it was counted from the content' AFTER usage_output_image,
    ADD COLUMN IF NOT EXISTS service_tier LowCardinality(String) COMMENT 'batch, flex, priority, or empty for the standard price' AFTER usage_estimated;

-- What a later price table makes of a call, as a difference to its event; of one call the newest counts. Rows are never edited.
CREATE TABLE IF NOT EXISTS telltale.cost_corrections @ON_CLUSTER
(
    tenant LowCardinality(String),
    id String COMMENT 'Deterministic: one event at one price of one table',
    event_id String,
    hour DateTime('UTC') COMMENT 'Of the call',
    service_name LowCardinality(String),
    provider LowCardinality(String),
    model LowCardinality(String),
    kind LowCardinality(String),
    historic Bool,
    cost_nano_before Nullable(Int64) COMMENT 'As the event has it; NULL when its price was unknown',
    cost_nano_after Int64 COMMENT 'By the new table',
    delta_nano Int64 COMMENT 'To be added to spend; weighted by the events this one stands for',
    unpriced_delta Int64 COMMENT 'To be added to unpriced_calls; weighted',
    price_version_before LowCardinality(String),
    price_version LowCardinality(String),
    corrected_at DateTime64(3, 'UTC')
)
ENGINE = @ENGINE(ReplacingMergeTree, corrected_at)
PARTITION BY toYYYYMM(hour)
ORDER BY (tenant, hour, event_id, id)
SETTINGS @DEDUP_WINDOW;

-- Spend as it is with its corrections.
CREATE VIEW IF NOT EXISTS telltale.spend_corrected @ON_CLUSTER AS
SELECT tenant, hour, service_name, provider, model, kind, historic, sum(n_calls) AS calls, sum(n_unpriced) AS unpriced_calls,
    sum(n_cost) AS cost_nano, sum(n_input) AS input_tokens, sum(n_output) AS output_tokens
FROM
(
    SELECT tenant, hour, service_name, provider, model, kind, historic, toInt64(calls) AS n_calls, toInt64(unpriced_calls) AS n_unpriced,
        cost_nano AS n_cost, toInt64(input_tokens) AS n_input, toInt64(output_tokens) AS n_output
    FROM telltale.spend
    UNION ALL
    SELECT tenant, hour, service_name, provider, model, kind, historic, toInt64(0) AS n_calls, argMax(unpriced_delta, corrected_at) AS n_unpriced,
        argMax(delta_nano, corrected_at) AS n_cost, toInt64(0) AS n_input, toInt64(0) AS n_output
    FROM telltale.cost_corrections
    GROUP BY tenant, hour, service_name, provider, model, kind, historic, event_id
)
GROUP BY tenant, hour, service_name, provider, model, kind, historic;
