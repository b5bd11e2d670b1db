-- Corrections know the minute and the name of their call. Those of before this have neither: they stand at the first minute of their hour, without a name.
ALTER TABLE telltale.cost_corrections @ON_CLUSTER ADD COLUMN IF NOT EXISTS ts DateTime64(3, 'UTC') DEFAULT hour COMMENT 'Of the call' AFTER hour;
ALTER TABLE telltale.cost_corrections @ON_CLUSTER ADD COLUMN IF NOT EXISTS name String COMMENT 'Of the operation' AFTER kind;

-- Operations by minute as they are with the corrections of their cost; not weighted, like operations_minute.
CREATE VIEW IF NOT EXISTS telltale.operations_minute_corrected @ON_CLUSTER AS
SELECT tenant, minute, service_name, kind, name, sum(n_events) AS events, sum(n_errors) AS errors, sum(n_weight) AS weight,
    sum(n_duration) AS duration_ms, sum(n_cost) AS cost_nano
FROM
(
    SELECT tenant, minute, service_name, kind, name, toInt64(events) AS n_events, toInt64(errors) AS n_errors, weight AS n_weight,
        duration_ms AS n_duration, cost_nano AS n_cost
    FROM telltale.operations_minute
    UNION ALL
    SELECT tenant, toStartOfMinute(toDateTime(ts, 'UTC')) AS minute, service_name, kind, name, toInt64(0) AS n_events, toInt64(0) AS n_errors,
        toFloat64(0) AS n_weight, toFloat64(0) AS n_duration, argMax(cost_nano_after - ifNull(cost_nano_before, 0), corrected_at) AS n_cost
    FROM telltale.cost_corrections
    GROUP BY tenant, minute, service_name, kind, name, event_id
)
GROUP BY tenant, minute, service_name, kind, name;
