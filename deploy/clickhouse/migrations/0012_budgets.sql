-- Edges of budgets are kept without end, as alerts are: they are few.
CREATE TABLE IF NOT EXISTS telltale.budget_alerts @ON_CLUSTER
(
    tenant LowCardinality(String) COMMENT 'Tenant whose spend it is about',
    id String COMMENT 'Deterministic id of the edge',
    alert_id String COMMENT 'Id of the alert; its edges share it',
    kind LowCardinality(String) COMMENT 'level, burn_rate, unpriced_share, turn_cost, hourly_spike',
    severity LowCardinality(String) COMMENT 'soft or hard of a level; fast, slow or ticket of a burn rate; warning of the others',
    state LowCardinality(String) COMMENT 'firing, resolved',
    at DateTime64(3, 'UTC') COMMENT 'When it was found',
    budget LowCardinality(String) COMMENT 'Name of the setting; empty of hourly_spike',
    dimension LowCardinality(String) COMMENT 'What the budget is divided by; empty where it is not',
    value String COMMENT 'Value of the dimension; of turn_cost the trace id',
    service_name LowCardinality(String) COMMENT 'The one service it is about; empty where it is about several',
    period LowCardinality(String) COMMENT 'day, month; hour of hourly_spike; empty of turn_cost',
    period_start Nullable(DateTime64(3, 'UTC')) COMMENT 'Start of the period; NULL of turn_cost',
    period_end Nullable(DateTime64(3, 'UTC')) COMMENT 'End of the period; NULL of turn_cost',
    spent_nano_usd Int64 COMMENT 'Spent in the period so far',
    limit_nano_usd Nullable(Int64) COMMENT 'What was passed; of burn_rate the whole budget; NULL of hourly_spike',
    rate_nano_usd_per_hour Float64 COMMENT 'Rate of spending at that moment',
    burn_rate Nullable(Float64) COMMENT 'Over the long window, as a multiple of the rate that uses the budget up exactly',
    short_burn_rate Nullable(Float64) COMMENT 'The same over the short window',
    exhausted_at Nullable(DateTime64(3, 'UTC')) COMMENT 'When the budget is used up at that rate; NULL: not in this period, or it is already',
    forecast_nano_usd Nullable(Int64) COMMENT 'Spend expected by the end of the period; NULL before seven whole days were seen',
    forecast_low_nano_usd Nullable(Int64) COMMENT 'Lower end of the 80 % interval',
    forecast_high_nano_usd Nullable(Int64) COMMENT 'Upper end of the 80 % interval',
    unpriced_share Nullable(Float64) COMMENT 'Of the calls of the last 24 hours, those without a known price',
    usual_nano_usd Nullable(Int64) COMMENT 'Of hourly_spike: median of the hours before',
    backfill Bool COMMENT 'Of events that came long after their own time; raises no alert',
    event_time Nullable(DateTime64(3, 'UTC')) COMMENT 'Of hourly_spike: how far the event time of the tenant had come',
    summary String COMMENT 'One sentence for people'
)
ENGINE = @ENGINE(MergeTree)
ORDER BY (tenant, at, id)
SETTINGS @DEDUP_WINDOW
COMMENT 'Budgets that are passed or used up too fast, jumps of spend and turns that cost too much, one row per edge. Written by budgets.';
