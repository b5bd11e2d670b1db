CREATE TABLE IF NOT EXISTS telltale.waste @ON_CLUSTER
(
    tenant LowCardinality(String) COMMENT 'Tenant the turn belongs to',
    turn_id String COMMENT 'The turn, as in turns',
    turn_key String COMMENT 'Key of the turn on telltale.turns.v1: its session, else user, else trace',
    rule LowCardinality(String) COMMENT 'Kind of waste',
    model LowCardinality(String) COMMENT 'Model of the calls that were wasted; empty for calls of tools',
    hour DateTime('UTC') COMMENT 'Hour in which the turn started',
    ts DateTime64(3, 'UTC') COMMENT 'When the turn started' CODEC(Delta, ZSTD(1)),
    first_minute DateTime('UTC') COMMENT 'As in turns; the same in all revisions' CODEC(Delta, ZSTD(1)),
    expires_on Date COMMENT 'Last day the row is kept, as that of the turn; the partition',
    service_name LowCardinality(String) COMMENT 'As in turns',
    deployment_environment LowCardinality(String) COMMENT 'As in turns',
    intent LowCardinality(String) COMMENT 'As in turns',
    session_id String COMMENT 'As in turns',
    backfill Bool COMMENT 'As in turns',
    turns UInt64 COMMENT 'Turns this one represents; 0 where later events disprove the waste',
    calls UInt32 COMMENT 'Calls that were wasted, in whole or in part; 0 where later events disprove the waste',
    unpriced_calls UInt32 COMMENT 'Of these, calls whose cost is unknown; not in nano_lost',
    nano_lost Int64 COMMENT 'Nano-dollars (1e-9 USD) that bought nothing, weighted; no call is in two rows',
    nano_avoidable Int64 COMMENT 'Nano-dollars of these that the fix saves, weighted',
    span_ids Array(String) COMMENT 'The call to compare with, and the first call that was wasted',
    detail String COMMENT 'What was repeated, where a prompt breaks off, or what else would do',
    written_at DateTime64(3, 'UTC') COMMENT 'Time of the batch that wrote it; of one turn, rule and model the newest counts',
    INDEX ts_range ts TYPE minmax GRANULARITY 1
)
ENGINE = @ENGINE(ReplacingMergeTree, written_at)
PARTITION BY expires_on
ORDER BY (tenant, first_minute, turn_id, rule, model, turn_key)
TTL expires_on + INTERVAL 1 DAY
SETTINGS ttl_only_drop_parts = 1, index_granularity = 1024, @DEDUP_WINDOW
COMMENT 'What a turn wasted by one rule and model: read it with FINAL and calls > 0. Written by waste.';
