CREATE TABLE IF NOT EXISTS telltale.deliveries @ON_CLUSTER
(
    tenant LowCardinality(String) COMMENT 'Tenant whose alert it is',
    id String COMMENT 'Deterministic id of the delivery; all of its tries share it',
    receiver LowCardinality(String) COMMENT 'Name of the setting',
    receiver_type LowCardinality(String) COMMENT 'webhook, slack, pagerduty, alertmanager, email',
    reason LowCardinality(String) COMMENT 'firing, resolved, acknowledged, reminder, test',
    alert_id String COMMENT 'Alert that was sent; of a test its own id',
    incident_id String COMMENT 'Incident of the alert; of a test its own id',
    dedupe_key String COMMENT 'The same for all alerts of one matter',
    attempt UInt16 COMMENT 'Number of the try, from 1 on',
    status LowCardinality(String) COMMENT 'delivered, retrying (there will be another try), failed (there will be none)',
    http_status Nullable(UInt16) COMMENT 'Status of the answer; NULL where there was none, and of mail',
    latency_ms UInt32 COMMENT 'How long the try took',
    error String COMMENT 'What went wrong; empty of a try that worked',
    at DateTime64(3, 'UTC') COMMENT 'When the try ended',
    next_try_at Nullable(DateTime64(3, 'UTC')) COMMENT 'When there will be another try; NULL: there is none',
    expires_on Date COMMENT 'Day on which the row expires'
)
ENGINE = @ENGINE(MergeTree)
PARTITION BY expires_on
ORDER BY (tenant, at, id, attempt)
TTL expires_on
SETTINGS @DEDUP_WINDOW, ttl_only_drop_parts = 1
COMMENT 'Tries to deliver alerts to receivers, one row a try. Written by notifier.';
