CREATE TABLE IF NOT EXISTS telltale.directives @ON_CLUSTER
(
    tenant LowCardinality(String) COMMENT 'Tenant it holds for',
    id String COMMENT 'Id of the directive; its rows share it',
    version UInt32 COMMENT 'Counts its changes',
    class LowCardinality(String) COMMENT 'boost, restrict',
    priority UInt8 COMMENT 'A boost of higher priority than a restrict is not lowered by it',
    target String COMMENT 'What it applies to: JSON, such as {"service_name":"shop","tool_name":"search"}; {} is everything',
    set String COMMENT 'What it changes: JSON with min_severity, keep, content, flush',
    limits String COMMENT 'Most that it adds, for each instance of an SDK: JSON with records_per_s, bytes_per_min',
    evidence String COMMENT 'What it rests on: JSON with anomaly_id, incident_id or command_id',
    reason String COMMENT 'Why, for people',
    issued_by LowCardinality(String) COMMENT 'Rule or person that issued it',
    issued_at DateTime64(3, 'UTC') COMMENT 'When it was issued',
    expires_at DateTime64(3, 'UTC') COMMENT 'When SDKs return to their default',
    state LowCardinality(String) COMMENT 'raised, extended, expired, revoked; suppressed: not raised, for all places are taken; monitored: not raised, for the mode is monitor',
    changed_at DateTime64(3, 'UTC') COMMENT 'When it came to this state',
    applied_by UInt32 COMMENT 'SDK instances that reported having applied it',
    records UInt64 COMMENT 'Records that it changed so far, as SDKs report',
    bytes UInt64 COMMENT 'Bytes sent because of it so far, as SDKs report',
    evidence_for Array(String) COMMENT 'Anomalies and incidents about its target that were open when SDKs reported records that it changed; empty: its detail was evidence for nothing'
)
ENGINE = @ENGINE(MergeTree)
ORDER BY (tenant, id, changed_at)
SETTINGS @DEDUP_WINDOW
COMMENT 'Changes of verbosity, one row per change; of one id the newest changed_at counts. Written by verbosity.';

CREATE TABLE IF NOT EXISTS telltale.directive_acks @ON_CLUSTER
(
    tenant LowCardinality(String) COMMENT 'Tenant of the SDK',
    directive_id String COMMENT 'Directive it is about; empty: the whole set',
    instance String COMMENT 'Process of the SDK',
    sdk LowCardinality(String) COMMENT 'Name and version of the SDK',
    service_name LowCardinality(String) COMMENT 'Service it runs in',
    set_hash String COMMENT 'Set that it applied, or could not apply',
    status LowCardinality(String) COMMENT 'applied, failed',
    error String COMMENT 'Why it failed',
    received_at DateTime64(3, 'UTC') COMMENT 'When the gateway took it',
    is_first Bool COMMENT 'Whether the instance reports for the first time that it applies the directive',
    hits UInt64 COMMENT 'Records that the directive changed; of the whole set: that were not sent',
    drops UInt64 COMMENT 'Records that its limits dropped',
    bytes UInt64 COMMENT 'Bytes sent because of the directive; of the whole set: that were not sent',
    expires_on Date COMMENT 'Last day the row is kept; the partition'
)
ENGINE = @ENGINE(MergeTree)
PARTITION BY expires_on
ORDER BY (tenant, directive_id, received_at, instance)
TTL expires_on + INTERVAL 1 DAY
SETTINGS @DEDUP_WINDOW
COMMENT 'What SDKs did with directives, since the acknowledgement before. Written by verbosity.';
