-- The windows of 10 s as minutes, five minutes and hours; late parts are added to them.
CREATE TABLE IF NOT EXISTS telltale.series_rollup @ON_CLUSTER
(
    tenant LowCardinality(String),
    metric LowCardinality(String),
    series_id String,
    seconds UInt16 COMMENT '60, 300 or 3600',
    start DateTime('UTC'),
    count SimpleAggregateFunction(sum, Float64),
    sum SimpleAggregateFunction(sum, Float64),
    errors SimpleAggregateFunction(sum, Float64),
    min SimpleAggregateFunction(min, Float64),
    max SimpleAggregateFunction(max, Float64),
    p95_max SimpleAggregateFunction(max, Nullable(Float64)) COMMENT 'Greatest 95th percentile of a window in it, without late parts',
    score_max SimpleAggregateFunction(max, Nullable(Float64))
)
ENGINE = @ENGINE(AggregatingMergeTree)
PARTITION BY toYYYYMM(start)
ORDER BY (tenant, metric, series_id, seconds, start)
TTL start + INTERVAL 400 DAY
SETTINGS ttl_only_drop_parts = 1, @DEDUP_WINDOW;

CREATE MATERIALIZED VIEW IF NOT EXISTS telltale.series_rollup_mv @ON_CLUSTER TO telltale.series_rollup AS
SELECT w.tenant AS tenant, w.metric AS metric, w.series_id AS series_id, arrayJoin([60, 300, 3600]) AS seconds,
    toDateTime(intDiv(toUnixTimestamp(w.window_start), seconds) * seconds, 'UTC') AS start,
    sum(w.count) AS count, sum(w.sum) AS sum, sum(w.errors) AS errors, min(w.min) AS min, max(w.max) AS max, maxOrNullIf(w.p95, NOT w.late) AS p95_max,
    max(w.score) AS score_max
FROM telltale.series_windows AS w
GROUP BY tenant, metric, series_id, seconds, start;

-- The windows of 10 s, one row each, with their late parts added. p50 and p95 are of what was there when the window was scored; where only late parts came, of the largest.
CREATE VIEW IF NOT EXISTS telltale.series_windows_amended @ON_CLUSTER AS
SELECT w.tenant AS tenant, w.metric AS metric, w.series_id AS series_id, w.window_start AS window_start, any(w.dimensions) AS dimensions,
    sum(w.count) AS count, sum(w.sum) AS sum, min(w.min) AS min, max(w.max) AS max, sum(w.errors) AS errors,
    argMin(w.p50, (w.late, -w.count)) AS p50, argMin(w.p95, (w.late, -w.count)) AS p95, max(w.expected) AS expected, max(w.score) AS score,
    argMin(w.historic, w.late) AS historic, sumIf(w.count, w.late) AS late_count
FROM telltale.series_windows AS w
GROUP BY tenant, metric, series_id, window_start;
