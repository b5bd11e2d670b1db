-- Written by the scorer, lane 0: marks, maintenance windows and sensitivities. The newest recorded_at counts.
CREATE TABLE IF NOT EXISTS telltale.tuning @ON_CLUSTER
(
    tenant LowCardinality(String),
    id String,
    type LowCardinality(String) COMMENT 'mark_anomaly, set_maintenance, set_sensitivity',
    state LowCardinality(String) COMMENT 'active, ended; active ones are over once until_at has passed',
    series_id String COMMENT 'Marks only',
    anomaly_id String COMMENT 'Marks only',
    verdict LowCardinality(String) COMMENT 'Marks only: expected, false, real',
    metric LowCardinality(String) COMMENT 'Empty: every metric',
    service_name LowCardinality(String) COMMENT 'Empty: every service',
    false_per_day Nullable(Float64) COMMENT 'False anomalies a day that the tenant accepts',
    factor Nullable(Float64) COMMENT '1 is the default; 10 accepts ten times as many false anomalies',
    from_at Nullable(DateTime64(3, 'UTC')),
    until_at Nullable(DateTime64(3, 'UTC')) COMMENT 'NULL: until it is ended',
    reason String,
    issued_by LowCardinality(String),
    recorded_at DateTime64(3, 'UTC')
)
ENGINE = @ENGINE(ReplacingMergeTree, recorded_at)
ORDER BY (tenant, id)
SETTINGS @DEDUP_WINDOW;

ALTER TABLE telltale.anomalies @ON_CLUSTER
    ADD COLUMN IF NOT EXISTS kind LowCardinality(String) DEFAULT 'departure' COMMENT 'departure, no_data, drift, novelty',
    ADD COLUMN IF NOT EXISTS channel LowCardinality(String) COMMENT 'What in the detector saw it',
    ADD COLUMN IF NOT EXISTS peak_at Nullable(DateTime64(3, 'UTC')) COMMENT 'The worst window',
    ADD COLUMN IF NOT EXISTS p_value Nullable(Float64) COMMENT 'How likely a normal series is to look like this',
    ADD COLUMN IF NOT EXISTS per_day Nullable(Float64) COMMENT 'Expected false anomalies of this size per series and day',
    ADD COLUMN IF NOT EXISTS explained_by String COMMENT 'Id of the anomaly that explains this one',
    ADD COLUMN IF NOT EXISTS in_maintenance Bool;
