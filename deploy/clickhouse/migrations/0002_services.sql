-- Written by the scorer: a row when a window is scored, and one for each part that comes later. Sums go over all rows; one row a window is in series_windows_amended.
CREATE TABLE IF NOT EXISTS telltale.series_windows @ON_CLUSTER
(
    tenant LowCardinality(String),
    series_id String,
    metric LowCardinality(String),
    dimensions Map(LowCardinality(String), String),
    window_start DateTime('UTC'),
    count Float64,
    sum Float64,
    min Float64,
    max Float64,
    errors Float64,
    p50 Float64,
    p95 Float64,
    expected Nullable(Float64) COMMENT 'Centre of the baseline before this window trained it',
    score Nullable(Float64) COMMENT 'Robust standard deviations from it; NULL while warming up',
    historic Bool,
    late Bool COMMENT 'A part that came after its window was scored: adds to it, was not judged, trained no baseline',
    expires_on Date
)
ENGINE = @ENGINE(MergeTree)
PARTITION BY expires_on
ORDER BY (tenant, metric, series_id, window_start)
TTL expires_on + INTERVAL 1 DAY
SETTINGS ttl_only_drop_parts = 1, @DEDUP_WINDOW;

CREATE TABLE IF NOT EXISTS telltale.anomalies @ON_CLUSTER
(
    tenant LowCardinality(String),
    id String,
    series_id String,
    metric LowCardinality(String),
    dimensions Map(LowCardinality(String), String),
    state LowCardinality(String) COMMENT 'open, closed: a row an edge, the newest counts',
    started_at DateTime64(3, 'UTC'),
    ended_at Nullable(DateTime64(3, 'UTC')),
    direction LowCardinality(String),
    value Float64,
    expected Float64,
    expected_low Float64,
    expected_high Float64,
    score Float64,
    windows UInt32,
    historic Bool,
    summary String
)
ENGINE = @ENGINE(ReplacingMergeTree, windows)
ORDER BY (tenant, id, state)
SETTINGS @DEDUP_WINDOW;

-- Written by costs: deltas, summed by the engine.
CREATE TABLE IF NOT EXISTS telltale.spend @ON_CLUSTER
(
    tenant LowCardinality(String),
    hour DateTime('UTC'),
    service_name LowCardinality(String),
    provider LowCardinality(String),
    model LowCardinality(String),
    kind LowCardinality(String),
    historic Bool,
    calls UInt64,
    unpriced_calls UInt64 COMMENT 'Calls whose price is unknown; not in cost_nano',
    cost_nano Int64,
    input_tokens UInt64,
    output_tokens UInt64
)
ENGINE = @ENGINE(SummingMergeTree)
PARTITION BY toYYYYMM(hour)
ORDER BY (tenant, hour, service_name, provider, model, kind, historic)
SETTINGS @DEDUP_WINDOW;

-- Written by verbosity: a row a change.
CREATE TABLE IF NOT EXISTS telltale.directives @ON_CLUSTER
(
    tenant LowCardinality(String),
    id String,
    action LowCardinality(String) COMMENT 'boost, restrict',
    target String COMMENT 'JSON',
    level LowCardinality(String),
    reason String,
    issued_by LowCardinality(String),
    issued_at DateTime64(3, 'UTC'),
    expires_at DateTime64(3, 'UTC'),
    state LowCardinality(String) COMMENT 'raised, extended, expired, revoked',
    changed_at DateTime64(3, 'UTC'),
    applied_by UInt32 COMMENT 'SDK instances that said they applied it'
)
ENGINE = @ENGINE(MergeTree)
ORDER BY (tenant, id, changed_at)
SETTINGS @DEDUP_WINDOW;

-- Written by incidents: a row a change, the newest updated_at counts.
CREATE TABLE IF NOT EXISTS telltale.incidents @ON_CLUSTER
(
    tenant LowCardinality(String),
    id String,
    state LowCardinality(String) COMMENT 'open, closed',
    opened_at DateTime64(3, 'UTC'),
    closed_at Nullable(DateTime64(3, 'UTC')),
    updated_at DateTime64(3, 'UTC'),
    title String,
    service_name LowCardinality(String),
    kind LowCardinality(String) COMMENT 'behaviour, cost',
    anomaly_ids Array(String),
    open_anomalies UInt32,
    probable_cause String,
    peak_score Float64,
    historic Bool
)
ENGINE = @ENGINE(MergeTree)
ORDER BY (tenant, id, updated_at)
SETTINGS @DEDUP_WINDOW;

CREATE TABLE IF NOT EXISTS telltale.alerts @ON_CLUSTER
(
    tenant LowCardinality(String),
    id String,
    incident_id String,
    edge LowCardinality(String) COMMENT 'opened, closed',
    at DateTime64(3, 'UTC'),
    title String,
    summary String
)
ENGINE = @ENGINE(MergeTree)
ORDER BY (tenant, at, id)
SETTINGS @DEDUP_WINDOW;
