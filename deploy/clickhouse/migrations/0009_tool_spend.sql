ALTER TABLE telltale.spend @ON_CLUSTER
    ADD COLUMN IF NOT EXISTS tool_name LowCardinality(String) COMMENT 'Tool that was called; of calls of tools only' AFTER model,
    MODIFY ORDER BY (tenant, hour, service_name, provider, model, kind, backfill, tool_name);

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
    calls Int64 COMMENT 'Number of calls, weighted',
    unpriced_calls Int64 COMMENT 'Calls whose price is still unknown; not in cost_nano_usd',
    cost_nano_usd Int64 COMMENT 'Cost in nano-dollars (1e-9 USD) by the newest price of each call',
    input_tokens Int64 COMMENT 'Input tokens, cached included',
    output_tokens Int64 COMMENT 'Output tokens, reasoning included'
)
AS SELECT tenant, hour, service_name, provider, model, tool_name, kind, backfill, sum(n_calls) AS calls, sum(n_unpriced) AS unpriced_calls,
    sum(n_cost) AS cost_nano_usd, sum(n_input) AS input_tokens, sum(n_output) AS output_tokens
FROM
(
    SELECT tenant, hour, service_name, provider, model, tool_name, kind, backfill, toInt64(calls) AS n_calls, toInt64(unpriced_calls) AS n_unpriced,
        cost_nano_usd AS n_cost, toInt64(input_tokens) AS n_input, toInt64(output_tokens) AS n_output
    FROM telltale.spend
    UNION ALL
    SELECT tenant, hour, service_name, provider, model, '' AS tool_name, kind, backfill, toInt64(0) AS n_calls, argMax(unpriced_calls_delta, corrected_at) AS n_unpriced,
        argMax(delta_nano_usd, corrected_at) AS n_cost, toInt64(0) AS n_input, toInt64(0) AS n_output
    FROM telltale.cost_corrections
    GROUP BY tenant, hour, service_name, provider, model, kind, backfill, event_id
)
GROUP BY tenant, hour, service_name, provider, model, tool_name, kind, backfill
COMMENT 'Spend with its corrections.';

ALTER TABLE telltale.turns @ON_CLUSTER COMMENT COLUMN unpriced_calls 'Calls that are paid for without a known cost';

ALTER TABLE telltale.sessions @ON_CLUSTER COMMENT COLUMN unpriced_calls 'Calls that are paid for without a known cost';

ALTER TABLE telltale.events @ON_CLUSTER COMMENT COLUMN price_version 'Price table or setting the cost comes from; of a tool also where its cost is unknown';

ALTER TABLE telltale.settings_history @ON_CLUSTER COMMENT COLUMN type 'tenant, api_key, price, tool_price, silence, verbosity_budget, view';
