CREATE TABLE IF NOT EXISTS telltale.series_windows @ON_CLUSTER
(
    tenant LowCardinality(String) COMMENT 'Tenant the series belongs to',
    series_id String COMMENT 'Hash of tenant, metric and dimensions',
    metric LowCardinality(String) COMMENT 'What is measured, such as duration_ms',
    dimensions Map(LowCardinality(String), String) COMMENT 'What the series is about, such as service_name and name',
    window_start DateTime('UTC') COMMENT 'Start of the window of 10 s',
    count Float64 COMMENT 'Number of values, weighted',
    sum Float64 COMMENT 'Sum of the values, weighted',
    min Float64 COMMENT 'Least value',
    max Float64 COMMENT 'Greatest value',
    errors Float64 COMMENT 'Values of failed operations, weighted',
    p50 Float64 COMMENT 'Median of the window',
    p95 Float64 COMMENT '95th percentile of the window',
    expected Nullable(Float64) COMMENT 'Center of the baseline before this window trained it',
    score Nullable(Float64) COMMENT 'Robust standard deviations from it; NULL while warming up',
    backfill Bool COMMENT 'Of events that came long after their own time',
    late Bool COMMENT 'A part that came after its window was scored, or far ahead of time: it adds to the window, was not scored, and trained no baseline',
    expires_on Date COMMENT 'Last day the row is kept; the partition'
)
ENGINE = @ENGINE(MergeTree)
PARTITION BY expires_on
ORDER BY (tenant, metric, series_id, window_start)
TTL expires_on + INTERVAL 1 DAY
SETTINGS ttl_only_drop_parts = 1, @DEDUP_WINDOW
COMMENT 'Windows of series with what the baseline expected: one row when a window is scored, and one for each part that comes later. Sums go over all rows; series_windows_amended has one row per window. Written by the scorer.';

CREATE TABLE IF NOT EXISTS telltale.series_rollup @ON_CLUSTER
(
    tenant LowCardinality(String) COMMENT 'Tenant the series belongs to',
    metric LowCardinality(String) COMMENT 'As in series_windows',
    series_id String COMMENT 'As in series_windows',
    seconds UInt16 COMMENT 'Length of the span: 60, 300 or 3600',
    start DateTime('UTC') COMMENT 'Start of the span',
    count SimpleAggregateFunction(sum, Float64) COMMENT 'Sum of the counts of its windows',
    sum SimpleAggregateFunction(sum, Float64) COMMENT 'Sum of the sums of its windows',
    errors SimpleAggregateFunction(sum, Float64) COMMENT 'Sum of the errors of its windows',
    min SimpleAggregateFunction(min, Float64) COMMENT 'Least value',
    max SimpleAggregateFunction(max, Float64) COMMENT 'Greatest value',
    p95_max SimpleAggregateFunction(max, Nullable(Float64)) COMMENT 'Greatest 95th percentile of a window in it, without late parts',
    score_max SimpleAggregateFunction(max, Nullable(Float64)) COMMENT 'Greatest score of a window in it',
    expires_on Date COMMENT 'Start of the month in which the row is dropped, 13 to 14 months after its windows; the partition'
)
ENGINE = @ENGINE(AggregatingMergeTree)
PARTITION BY expires_on
ORDER BY (tenant, metric, series_id, seconds, start)
TTL expires_on
SETTINGS ttl_only_drop_parts = 1, @DEDUP_WINDOW
COMMENT 'The windows of 10 s, late parts included, as minutes, five minutes and hours. Parts that are not merged yet hold several rows of a key: aggregate them.';

CREATE MATERIALIZED VIEW IF NOT EXISTS telltale.series_rollup_mv @ON_CLUSTER TO telltale.series_rollup AS
SELECT w.tenant AS tenant, w.metric AS metric, w.series_id AS series_id, arrayJoin([60, 300, 3600]) AS seconds,
    toDateTime(intDiv(toUnixTimestamp(w.window_start), seconds) * seconds, 'UTC') AS start,
    sum(w.count) AS count, sum(w.sum) AS sum, sum(w.errors) AS errors, min(w.min) AS min, max(w.max) AS max, maxOrNullIf(w.p95, NOT w.late) AS p95_max,
    max(w.score) AS score_max, toStartOfMonth(w.expires_on + INTERVAL 14 MONTH) AS expires_on
FROM telltale.series_windows AS w
GROUP BY tenant, metric, series_id, seconds, start, expires_on
COMMENT 'Fills series_rollup from series_windows.';

CREATE VIEW IF NOT EXISTS telltale.series_windows_amended @ON_CLUSTER
(
    tenant LowCardinality(String) COMMENT 'As in series_windows',
    metric LowCardinality(String) COMMENT 'As in series_windows',
    series_id String COMMENT 'As in series_windows',
    window_start DateTime('UTC') COMMENT 'As in series_windows',
    dimensions Map(LowCardinality(String), String) COMMENT 'As in series_windows',
    count Float64 COMMENT 'Number of values, weighted, late parts included',
    sum Float64 COMMENT 'Sum of the values, weighted, late parts included',
    min Float64 COMMENT 'Least value, late parts included',
    max Float64 COMMENT 'Greatest value, late parts included',
    errors Float64 COMMENT 'Values of failed operations, weighted, late parts included',
    p50 Float64 COMMENT 'Median of what was there when the window was scored; where only late parts came, of the largest',
    p95 Float64 COMMENT '95th percentile of the same values as p50',
    expected Nullable(Float64) COMMENT 'As in series_windows',
    score Nullable(Float64) COMMENT 'As in series_windows',
    backfill Bool COMMENT 'As in series_windows',
    late_count Float64 COMMENT 'Of count, what came in late parts'
)
AS SELECT w.tenant AS tenant, w.metric AS metric, w.series_id AS series_id, w.window_start AS window_start, any(w.dimensions) AS dimensions,
    sum(w.count) AS count, sum(w.sum) AS sum, min(w.min) AS min, max(w.max) AS max, sum(w.errors) AS errors,
    argMin(w.p50, (w.late, -w.count)) AS p50, argMin(w.p95, (w.late, -w.count)) AS p95, max(w.expected) AS expected, max(w.score) AS score,
    argMin(w.backfill, w.late) AS backfill, sumIf(w.count, w.late) AS late_count
FROM telltale.series_windows AS w
GROUP BY tenant, metric, series_id, window_start
COMMENT 'The windows of 10 s, one row each, with their late parts added.';

CREATE TABLE IF NOT EXISTS telltale.anomalies @ON_CLUSTER
(
    tenant LowCardinality(String) COMMENT 'Tenant the series belongs to',
    id String COMMENT 'Id of the anomaly; its rows share it',
    series_id String COMMENT 'As in series_windows',
    metric LowCardinality(String) COMMENT 'As in series_windows',
    dimensions Map(LowCardinality(String), String) COMMENT 'As in series_windows',
    state LowCardinality(String) COMMENT 'open, closed: one row each; the newest counts',
    started_at DateTime64(3, 'UTC') COMMENT 'Start of its first window',
    ended_at Nullable(DateTime64(3, 'UTC')) COMMENT 'End of its last window; NULL while open',
    direction LowCardinality(String) COMMENT 'up, down',
    value Float64 COMMENT 'Value of the worst window',
    expected Float64 COMMENT 'Value the baseline expected there',
    expected_low Float64 COMMENT 'Lower end of what is normal there',
    expected_high Float64 COMMENT 'Upper end of what is normal there',
    score Float64 COMMENT 'Robust standard deviations of the worst window',
    windows UInt32 COMMENT 'Number of windows it lasted so far',
    backfill Bool COMMENT 'Of events that came long after their own time; raises no alert',
    summary String COMMENT 'One sentence for people',
    kind LowCardinality(String) DEFAULT 'deviation' COMMENT 'deviation, no_data, drift, novelty',
    channel LowCardinality(String) COMMENT 'Which part of the detector saw it',
    peak_at Nullable(DateTime64(3, 'UTC')) COMMENT 'Start of the worst window',
    p_value Nullable(Float64) COMMENT 'How likely a normal series is to look like this',
    expected_false_per_day Nullable(Float64) COMMENT 'Expected false anomalies of this size per series and day',
    parent_anomaly_id String COMMENT 'Id of the anomaly that explains this one',
    in_maintenance Bool COMMENT 'It started in a maintenance window'
)
ENGINE = @ENGINE(ReplacingMergeTree, windows)
ORDER BY (tenant, id, state)
SETTINGS @DEDUP_WINDOW
COMMENT 'Series that deviate from their baseline. Written by the scorer.';

CREATE TABLE IF NOT EXISTS telltale.detector_overrides @ON_CLUSTER
(
    tenant LowCardinality(String) COMMENT 'Tenant it holds for',
    id String COMMENT 'Id of the setting',
    type LowCardinality(String) COMMENT 'label_anomaly, set_maintenance, set_sensitivity',
    state LowCardinality(String) COMMENT 'active, ended; active ones are over once until_at has passed',
    series_id String COMMENT 'Marks only',
    anomaly_id String COMMENT 'Marks only',
    label LowCardinality(String) COMMENT 'Marks only: expected, false_positive, real',
    metric LowCardinality(String) COMMENT 'Empty: every metric',
    service_name LowCardinality(String) COMMENT 'Empty: every service',
    false_positives_per_day Nullable(Float64) COMMENT 'False anomalies a day that the tenant accepts',
    rate_multiplier Nullable(Float64) COMMENT '1 is the default; 10 accepts ten times as many false anomalies',
    from_at Nullable(DateTime64(3, 'UTC')) COMMENT 'Start of its effect',
    until_at Nullable(DateTime64(3, 'UTC')) COMMENT 'End of its effect; NULL: until it is ended',
    reason String COMMENT 'Reason that was given',
    issued_by LowCardinality(String) COMMENT 'Who set it',
    recorded_at DateTime64(3, 'UTC') COMMENT 'When the scorer read it'
)
ENGINE = @ENGINE(ReplacingMergeTree, recorded_at)
ORDER BY (tenant, id)
SETTINGS @DEDUP_WINDOW
COMMENT 'Marks, maintenance windows and sensitivities that people set; of one id the newest recorded_at counts. Written by the scorer, task 0.';
