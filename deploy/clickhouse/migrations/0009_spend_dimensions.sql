-- What spend is grouped by beside service, model and tool, how much of it rests on counted usage, and the tokens by what they cost.
ALTER TABLE telltale.spend @ON_CLUSTER
    ADD COLUMN IF NOT EXISTS deployment_environment LowCardinality(String) COMMENT 'As in events',
    ADD COLUMN IF NOT EXISTS service_version LowCardinality(String) COMMENT 'As in events',
    ADD COLUMN IF NOT EXISTS prompt_version LowCardinality(String) COMMENT 'Prompt template, name and version joined by an at sign; empty where the producer names none',
    ADD COLUMN IF NOT EXISTS cache_read_tokens UInt64 COMMENT 'Of input_tokens, those read from a cache',
    ADD COLUMN IF NOT EXISTS cache_write_tokens UInt64 COMMENT 'Of input_tokens, those written to a cache',
    ADD COLUMN IF NOT EXISTS reasoning_tokens UInt64 COMMENT 'Of output_tokens, those spent on reasoning',
    ADD COLUMN IF NOT EXISTS estimated_calls UInt64 COMMENT 'Of calls, those whose usage was counted from the content; weighted',
    ADD COLUMN IF NOT EXISTS estimated_cost_nano_usd Int64 COMMENT 'Of cost_nano_usd, the cost of those calls',
    MODIFY ORDER BY (tenant, hour, service_name, provider, model, kind, backfill, tool_name, deployment_environment, service_version, prompt_version);

ALTER TABLE telltale.cost_corrections @ON_CLUSTER
    ADD COLUMN IF NOT EXISTS trace_id String COMMENT 'Turn of the call; empty where it has none, and of corrections before this column',
    ADD COLUMN IF NOT EXISTS tool_name LowCardinality(String) COMMENT 'As in spend',
    ADD COLUMN IF NOT EXISTS deployment_environment LowCardinality(String) COMMENT 'As in events',
    ADD COLUMN IF NOT EXISTS service_version LowCardinality(String) COMMENT 'As in events',
    ADD COLUMN IF NOT EXISTS prompt_version LowCardinality(String) COMMENT 'As in spend',
    ADD COLUMN IF NOT EXISTS estimated Bool COMMENT 'Whether usage of the call was counted from the content';

CREATE OR REPLACE VIEW telltale.spend_corrected @ON_CLUSTER
(
    tenant LowCardinality(String) COMMENT 'Tenant that spent it',
    hour DateTime('UTC') COMMENT 'Start of the hour of the calls',
    service_name LowCardinality(String) COMMENT 'As in events',
    provider LowCardinality(String) COMMENT 'As in events',
    model LowCardinality(String) COMMENT 'As in spend',
    tool_name LowCardinality(String) COMMENT 'As in spend',
    kind LowCardinality(String) COMMENT 'As in events',
    backfill Bool COMMENT 'As in spend',
    deployment_environment LowCardinality(String) COMMENT 'As in events',
    service_version LowCardinality(String) COMMENT 'As in events',
    prompt_version LowCardinality(String) COMMENT 'As in spend',
    calls Int64 COMMENT 'Number of calls, weighted',
    unpriced_calls Int64 COMMENT 'Calls whose price is still unknown; not in cost_nano_usd',
    cost_nano_usd Int64 COMMENT 'Cost in nano-dollars (1e-9 USD) by the newest price of each call',
    input_tokens Int64 COMMENT 'Input tokens, cached included',
    output_tokens Int64 COMMENT 'Output tokens, reasoning included',
    cache_read_tokens Int64 COMMENT 'As in spend',
    cache_write_tokens Int64 COMMENT 'As in spend',
    reasoning_tokens Int64 COMMENT 'As in spend',
    estimated_calls Int64 COMMENT 'As in spend',
    estimated_cost_nano_usd Int64 COMMENT 'Of cost_nano_usd, the cost of those calls'
)
AS SELECT tenant, hour, service_name, provider, model, tool_name, kind, backfill, deployment_environment, service_version, prompt_version,
    sum(n_calls) AS calls, sum(n_unpriced) AS unpriced_calls, sum(n_cost) AS cost_nano_usd, sum(n_input) AS input_tokens, sum(n_output) AS output_tokens,
    sum(n_cache_read) AS cache_read_tokens, sum(n_cache_write) AS cache_write_tokens, sum(n_reasoning) AS reasoning_tokens,
    sum(n_estimated) AS estimated_calls, sum(n_estimated_cost) AS estimated_cost_nano_usd
FROM
(
    SELECT tenant, hour, service_name, provider, model, tool_name, kind, backfill, deployment_environment, service_version, prompt_version,
        toInt64(calls) AS n_calls, toInt64(unpriced_calls) AS n_unpriced, cost_nano_usd AS n_cost, toInt64(input_tokens) AS n_input,
        toInt64(output_tokens) AS n_output, toInt64(cache_read_tokens) AS n_cache_read, toInt64(cache_write_tokens) AS n_cache_write,
        toInt64(reasoning_tokens) AS n_reasoning, toInt64(estimated_calls) AS n_estimated, estimated_cost_nano_usd AS n_estimated_cost
    FROM telltale.spend
    UNION ALL
    SELECT tenant, hour, service_name, provider, model, tool_name, kind, backfill, deployment_environment, service_version, prompt_version,
        toInt64(0) AS n_calls, argMax(unpriced_calls_delta, corrected_at) AS n_unpriced, argMax(delta_nano_usd, corrected_at) AS n_cost,
        toInt64(0) AS n_input, toInt64(0) AS n_output, toInt64(0) AS n_cache_read, toInt64(0) AS n_cache_write, toInt64(0) AS n_reasoning,
        toInt64(0) AS n_estimated, if(any(estimated), n_cost, toInt64(0)) AS n_estimated_cost
    FROM telltale.cost_corrections
    GROUP BY tenant, hour, service_name, provider, model, tool_name, kind, backfill, deployment_environment, service_version, prompt_version, event_id
)
GROUP BY tenant, hour, service_name, provider, model, tool_name, kind, backfill, deployment_environment, service_version, prompt_version
COMMENT 'Spend with its corrections.';
