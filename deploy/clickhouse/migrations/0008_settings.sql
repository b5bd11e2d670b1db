CREATE TABLE IF NOT EXISTS telltale.settings_history @ON_CLUSTER
(
    tenant LowCardinality(String) COMMENT 'Tenant it is of; * for all tenants',
    type LowCardinality(String) COMMENT 'tenant, api_key, price, tool_price, silence, verbosity_budget, view',
    name String COMMENT 'Name of the setting',
    version UInt32 COMMENT 'Rises by one with each change of the setting',
    changed_at DateTime64(3, 'UTC') COMMENT 'When it was changed',
    changed_by String COMMENT 'Key and person that changed it, or the settings file',
    value String COMMENT 'JSON of the value from then on, the digest of an API key cut to 12 digits; empty where it was deleted'
)
ENGINE = @ENGINE(MergeTree)
ORDER BY (tenant, type, name, version)
SETTINGS @DEDUP_WINDOW
COMMENT 'Changes of settings, one row per change. Written by settings.';
