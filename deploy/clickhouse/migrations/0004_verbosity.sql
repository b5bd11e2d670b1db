CREATE TABLE IF NOT EXISTS telltale.directives @ON_CLUSTER
(
    tenant LowCardinality(String) COMMENT 'Tenant it holds for',
    id String COMMENT 'Id of the directive; its rows share it',
    action LowCardinality(String) COMMENT 'boost, restrict',
    target String COMMENT 'What it applies to: JSON with service_name, kind, name, session_id',
    level LowCardinality(String) COMMENT 'Level it sets: metadata, normal, full, debug',
    reason String COMMENT 'Why, for people',
    issued_by LowCardinality(String) COMMENT 'Rule or person that issued it',
    issued_at DateTime64(3, 'UTC') COMMENT 'When it was issued',
    expires_at DateTime64(3, 'UTC') COMMENT 'When SDKs return to their default',
    state LowCardinality(String) COMMENT 'raised, extended, expired, revoked',
    changed_at DateTime64(3, 'UTC') COMMENT 'When it came to this state',
    applied_by UInt32 COMMENT 'SDK instances that reported having applied it'
)
ENGINE = @ENGINE(MergeTree)
ORDER BY (tenant, id, changed_at)
SETTINGS @DEDUP_WINDOW
COMMENT 'Changes of verbosity, one row per change; of one id the newest changed_at counts. Written by verbosity.';
