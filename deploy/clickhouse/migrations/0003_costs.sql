-- Spend and its corrections are kept without end and have no partitions: their rows are few, and hours of any time may come in one batch.
CREATE TABLE IF NOT EXISTS telltale.spend @ON_CLUSTER
(
    tenant LowCardinality(String) COMMENT 'Tenant that spent it',
    hour DateTime('UTC') COMMENT 'Start of the hour of the calls',
    service_name LowCardinality(String) COMMENT 'As in events',
    provider LowCardinality(String) COMMENT 'As in events',
    model LowCardinality(String) COMMENT 'Model that responded, else the one requested',
    tool_name LowCardinality(String) COMMENT 'Tool that was called; of calls of tools only',
    kind LowCardinality(String) COMMENT 'As in events',
    backfill Bool COMMENT 'Of events that came long after their own time',
    calls UInt64 COMMENT 'Number of calls, weighted',
    unpriced_calls UInt64 COMMENT 'Calls whose price is unknown; not in cost_nano_usd',
    cost_nano_usd Int64 COMMENT 'Cost in nano-dollars (1e-9 USD), as priced when the calls came',
    input_tokens UInt64 COMMENT 'Input tokens, cached included',
    output_tokens UInt64 COMMENT 'Output tokens, reasoning included'
)
ENGINE = @ENGINE(SummingMergeTree)
ORDER BY (tenant, hour, service_name, provider, model, kind, backfill, tool_name)
SETTINGS @DEDUP_WINDOW
COMMENT 'Spend by hour, as changes that the engine sums: sum them. Written by costs.';

CREATE TABLE IF NOT EXISTS telltale.cost_corrections @ON_CLUSTER
(
    tenant LowCardinality(String) COMMENT 'Tenant of the call',
    id String COMMENT 'Deterministic: one event at one price of one table',
    event_id String COMMENT 'Id of the call in events',
    hour DateTime('UTC') COMMENT 'Start of the hour of the call',
    ts DateTime64(3, 'UTC') COMMENT 'When the call started',
    service_name LowCardinality(String) COMMENT 'As in events',
    provider LowCardinality(String) COMMENT 'As in events',
    model LowCardinality(String) COMMENT 'As in spend',
    kind LowCardinality(String) COMMENT 'As in events',
    name String COMMENT 'Name of the operation',
    backfill Bool COMMENT 'As in events',
    cost_nano_usd_before Nullable(Int64) COMMENT 'As in the event; NULL when its price was unknown',
    cost_nano_usd_after Int64 COMMENT 'By the new price table',
    delta_nano_usd Int64 COMMENT 'To be added to spend; weighted by the events this one represents',
    unpriced_calls_delta Int64 COMMENT 'To be added to unpriced_calls; weighted',
    price_version_before LowCardinality(String) COMMENT 'Price table of the event',
    price_version LowCardinality(String) COMMENT 'The new price table',
    corrected_at DateTime64(3, 'UTC') COMMENT 'When the new price was applied'
)
ENGINE = @ENGINE(ReplacingMergeTree, corrected_at)
ORDER BY (tenant, hour, event_id, id)
SETTINGS @DEDUP_WINDOW
COMMENT 'What a later price table makes of a call, as a difference to its event; of one call the newest counts. Rows are never edited. Written by costs.';

CREATE VIEW IF NOT EXISTS telltale.spend_corrected @ON_CLUSTER
(
    tenant LowCardinality(String) COMMENT 'Tenant that spent it',
    hour DateTime('UTC') COMMENT 'Start of the hour of the calls',
    service_name LowCardinality(String) COMMENT 'As in events',
    provider LowCardinality(String) COMMENT 'As in events',
    model LowCardinality(String) COMMENT 'As in spend',
    tool_name LowCardinality(String) COMMENT 'As in spend',
    kind LowCardinality(String) COMMENT 'As in events',
    backfill Bool COMMENT 'As in spend',
    calls Int64 COMMENT 'Number of calls, weighted',
    unpriced_calls Int64 COMMENT 'Calls whose price is still unknown; not in cost_nano_usd',
    cost_nano_usd Int64 COMMENT 'Cost in nano-dollars (1e-9 USD) by the newest price of each call',
    input_tokens Int64 COMMENT 'Input tokens, cached included',
    output_tokens Int64 COMMENT 'Output tokens, reasoning included'
)
AS SELECT tenant, hour, service_name, provider, model, tool_name, kind, backfill, sum(n_calls) AS calls, sum(n_unpriced) AS unpriced_calls,
    sum(n_cost) AS cost_nano_usd, sum(n_input) AS input_tokens, sum(n_output) AS output_tokens
FROM
(
    SELECT tenant, hour, service_name, provider, model, tool_name, kind, backfill, toInt64(calls) AS n_calls, toInt64(unpriced_calls) AS n_unpriced,
        cost_nano_usd AS n_cost, toInt64(input_tokens) AS n_input, toInt64(output_tokens) AS n_output
    FROM telltale.spend
    UNION ALL
    SELECT tenant, hour, service_name, provider, model, '' AS tool_name, kind, backfill, toInt64(0) AS n_calls, argMax(unpriced_calls_delta, corrected_at) AS n_unpriced,
        argMax(delta_nano_usd, corrected_at) AS n_cost, toInt64(0) AS n_input, toInt64(0) AS n_output
    FROM telltale.cost_corrections
    GROUP BY tenant, hour, service_name, provider, model, kind, backfill, event_id
)
GROUP BY tenant, hour, service_name, provider, model, tool_name, kind, backfill
COMMENT 'Spend with its corrections.';

CREATE VIEW IF NOT EXISTS telltale.operations_minute_corrected @ON_CLUSTER
(
    tenant LowCardinality(String) COMMENT 'Tenant the events belong to',
    minute DateTime('UTC') COMMENT 'Start of the minute the events started in',
    service_name LowCardinality(String) COMMENT 'As in events',
    kind LowCardinality(String) COMMENT 'As in events',
    name String COMMENT 'As in events',
    events Int64 COMMENT 'Number of events',
    errors Int64 COMMENT 'Events with status error',
    weight Float64 COMMENT 'Sum of the sampling weights',
    duration_ms Float64 COMMENT 'Sum of the known durations',
    cost_nano_usd Int64 COMMENT 'Sum of the costs in nano-dollars by the newest price of each call; not weighted'
)
AS SELECT tenant, minute, service_name, kind, name, sum(n_events) AS events, sum(n_errors) AS errors, sum(n_weight) AS weight,
    sum(n_duration) AS duration_ms, sum(n_cost) AS cost_nano_usd
FROM
(
    SELECT tenant, minute, service_name, kind, name, toInt64(events) AS n_events, toInt64(errors) AS n_errors, weight AS n_weight,
        duration_ms AS n_duration, cost_nano_usd AS n_cost
    FROM telltale.operations_minute
    UNION ALL
    SELECT tenant, toStartOfMinute(toDateTime(ts, 'UTC')) AS minute, service_name, kind, name, toInt64(0) AS n_events, toInt64(0) AS n_errors,
        toFloat64(0) AS n_weight, toFloat64(0) AS n_duration, argMax(cost_nano_usd_after - ifNull(cost_nano_usd_before, 0), corrected_at) AS n_cost
    FROM telltale.cost_corrections
    GROUP BY tenant, minute, service_name, kind, name, event_id
)
GROUP BY tenant, minute, service_name, kind, name
COMMENT 'Operations by minute with the corrections of their cost.';
