ALTER TABLE telltale.incidents @ON_CLUSTER
    ADD COLUMN IF NOT EXISTS phase LowCardinality(String) DEFAULT if(state = 'closed', 'resolved', 'open') COMMENT 'open, worsening, improving, resolved, reopened',
    ADD COLUMN IF NOT EXISTS phase_reason String COMMENT 'Why it is in this phase',
    ADD COLUMN IF NOT EXISTS severity LowCardinality(String) DEFAULT 'warning' COMMENT 'info, warning, critical: by the turns, users and money touched',
    ADD COLUMN IF NOT EXISTS services Array(String) COMMENT 'Services of its anomalies',
    ADD COLUMN IF NOT EXISTS onset_at Nullable(DateTime64(3, 'UTC')) COMMENT 'When the first of its anomalies started',
    ADD COLUMN IF NOT EXISTS cause_anomaly_id String COMMENT 'The anomaly that it is titled by',
    ADD COLUMN IF NOT EXISTS owner String COMMENT 'Who was assigned',
    ADD COLUMN IF NOT EXISTS acknowledged_by String COMMENT 'Who acknowledged it; empty: nobody',
    ADD COLUMN IF NOT EXISTS acknowledged_at Nullable(DateTime64(3, 'UTC')) COMMENT 'When it was acknowledged',
    ADD COLUMN IF NOT EXISTS silenced_until Nullable(DateTime64(3, 'UTC')) COMMENT 'Until then it sends no firing alert',
    ADD COLUMN IF NOT EXISTS merged_into String COMMENT 'Id of the incident that it turned out to be part of; empty where it is none',
    ADD COLUMN IF NOT EXISTS reopened UInt32 COMMENT 'How often it came back after it was resolved',
    ADD COLUMN IF NOT EXISTS turns_touched UInt64 COMMENT 'Turns since its onset that called what it is about',
    ADD COLUMN IF NOT EXISTS bad_turns UInt64 COMMENT 'Of these, how many ended in error, refused, transferred or abandoned',
    ADD COLUMN IF NOT EXISTS users_touched UInt64 COMMENT 'Users of these turns; an estimate above 64',
    ADD COLUMN IF NOT EXISTS cost_nano_usd Int64 COMMENT 'What the turns of its services cost since the onset beyond the usual for as many',
    COMMENT COLUMN service_name 'Service of its cause',
    COMMENT COLUMN probable_cause 'What is said of the anomaly that it is titled by';

ALTER TABLE telltale.alerts @ON_CLUSTER
    ADD COLUMN IF NOT EXISTS dedupe_key String DEFAULT incident_id COMMENT 'The id of the incident: what fires again under it is the same alert',
    ADD COLUMN IF NOT EXISTS severity LowCardinality(String) DEFAULT 'warning' COMMENT 'info, warning, critical',
    ADD COLUMN IF NOT EXISTS service_name LowCardinality(String) COMMENT 'Service of the cause',
    ADD COLUMN IF NOT EXISTS services Array(String) COMMENT 'Services of the anomalies',
    ADD COLUMN IF NOT EXISTS kind LowCardinality(String) COMMENT 'Kind of the incident: behavior, cost',
    ADD COLUMN IF NOT EXISTS link String COMMENT 'Page of the incident; empty where TELLTALE_PUBLIC_URL is not set',
    COMMENT COLUMN at 'When it was sent';

-- Timelines are kept as long as their incidents, which have no end.
CREATE TABLE IF NOT EXISTS telltale.incident_events @ON_CLUSTER
(
    tenant LowCardinality(String) COMMENT 'Tenant it happened to',
    incident_id String COMMENT 'Incident it is about',
    id String COMMENT 'Deterministic id of the entry',
    at DateTime64(3, 'UTC') COMMENT 'When it happened',
    kind LowCardinality(String) COMMENT 'onset, anomaly_joined, anomaly_ended, anomaly_left, novelty, recovery, deploy, phase, severity, cause, alert, merged, triage',
    text String COMMENT 'One line for people',
    ref String COMMENT 'Id of what it is about: an anomaly, an alert, a deploy, another incident, a triage record',
    `by` String COMMENT 'Who did it; empty where Telltale did'
)
ENGINE = @ENGINE(MergeTree)
ORDER BY (tenant, incident_id, at, id)
SETTINGS @DEDUP_WINDOW
COMMENT 'Timeline of incidents, one row per entry. Written by incidents.';

CREATE TABLE IF NOT EXISTS telltale.deploys @ON_CLUSTER
(
    tenant LowCardinality(String) COMMENT 'Tenant whose service it is',
    id String COMMENT 'Id of the mark; of several rows of one id any counts',
    at DateTime64(3, 'UTC') COMMENT 'When it was deployed, or first seen',
    service_name LowCardinality(String) COMMENT 'Service that changed',
    version String COMMENT 'What it changed to: a version, a prompt and its version joined by an at sign, a flag and its value joined by an equals sign',
    environment LowCardinality(String) COMMENT 'Environment; empty where it is not known',
    source LowCardinality(String) COMMENT 'api, seen, setting',
    kind LowCardinality(String) COMMENT 'version, prompt_version, flag',
    text String COMMENT 'What changed, for people'
)
ENGINE = @ENGINE(MergeTree)
ORDER BY (tenant, at, id)
SETTINGS @DEDUP_WINDOW
COMMENT 'What changed in services, as people reported it or as turns showed it first. Written by incidents.';
