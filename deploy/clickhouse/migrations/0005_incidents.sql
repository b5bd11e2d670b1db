CREATE TABLE IF NOT EXISTS telltale.incidents @ON_CLUSTER
(
    tenant LowCardinality(String) COMMENT 'Tenant it happened to',
    id String COMMENT 'Id of the incident; its rows share it',
    state LowCardinality(String) COMMENT 'open, closed',
    opened_at DateTime64(3, 'UTC') COMMENT 'When its first anomaly started',
    closed_at Nullable(DateTime64(3, 'UTC')) COMMENT 'When it closed; NULL while open',
    updated_at DateTime64(3, 'UTC') COMMENT 'When this row was written; the newest counts',
    title String COMMENT 'One line for people',
    service_name LowCardinality(String) COMMENT 'Service it happened in',
    kind LowCardinality(String) COMMENT 'behavior, cost',
    anomaly_ids Array(String) COMMENT 'Its anomalies',
    open_anomalies UInt32 COMMENT 'How many of them are open',
    probable_cause String COMMENT 'The anomaly that started first and deviates most',
    peak_score Float64 COMMENT 'Greatest score of its anomalies',
    backfill Bool COMMENT 'Of events that came long after their own time; raises no alert'
)
ENGINE = @ENGINE(MergeTree)
ORDER BY (tenant, id, updated_at)
SETTINGS @DEDUP_WINDOW
COMMENT 'Anomalies that belong together, one row per change. Written by incidents.';

CREATE TABLE IF NOT EXISTS telltale.alerts @ON_CLUSTER
(
    tenant LowCardinality(String) COMMENT 'Tenant it is for',
    id String COMMENT 'Id of the alert',
    incident_id String COMMENT 'Incident it is about',
    status LowCardinality(String) COMMENT 'firing, resolved',
    at DateTime64(3, 'UTC') COMMENT 'When the incident opened or closed',
    title String COMMENT 'One line for people',
    summary String COMMENT 'A few sentences for people'
)
ENGINE = @ENGINE(MergeTree)
ORDER BY (tenant, at, id)
SETTINGS @DEDUP_WINDOW
COMMENT 'Incidents that opened or closed, as sent out. Written by incidents.';
