-- The user that Telltale asks as on behalf of people: it reads Telltale's tables only, only the rows of the tenant that each
-- request names, within limits that no statement can lift. `telltale migrate` applies it, README.md says when. In this order, and
-- without making profile and user again, a user that is there stays bounded to the rows of a tenant at every moment.

CREATE SETTINGS PROFILE IF NOT EXISTS telltale_query @ON_CLUSTER;

ALTER SETTINGS PROFILE telltale_query @ON_CLUSTER SETTINGS
  readonly = 1,
  allow_ddl = 0,
  allow_introspection_functions = 0,
  max_execution_time = 30 MAX 60 CHANGEABLE_IN_READONLY,
  timeout_overflow_mode = 'throw',
  max_memory_usage = 536870912 MAX 536870912 CHANGEABLE_IN_READONLY,
  max_threads = 4 MAX 8 CHANGEABLE_IN_READONLY,
  max_block_size = 16384,
  max_result_rows = 1000000,
  max_result_bytes = 67108864,
  result_overflow_mode = 'throw',
  max_temporary_data_on_disk_size_for_query = 1000000000,
  max_query_size = 262144,
  max_parser_depth = 300,
  max_parser_backtracks = 100000,
  max_ast_depth = 300,
  max_ast_elements = 10000,
  max_expanded_ast_elements = 100000,
  max_subquery_depth = 30,
  max_concurrent_queries_for_user = 8,
  optimize_move_to_prewhere = 0,
  query_plan_optimize_prewhere = 0,
  query_plan_merge_filters = 0,
  `limit` CHANGEABLE_IN_READONLY,
  additional_table_filters CHANGEABLE_IN_READONLY,
  log_comment CHANGEABLE_IN_READONLY,
  cancel_http_readonly_queries_on_client_close = 1 CHANGEABLE_IN_READONLY,
  SQL_telltale_tenant = '' CHANGEABLE_IN_READONLY;

CREATE USER IF NOT EXISTS telltale_query @ON_CLUSTER IDENTIFIED WITH sha256_hash BY '@PASSWORD_SHA256' SETTINGS PROFILE 'telltale_query';

ALTER USER telltale_query @ON_CLUSTER IDENTIFIED WITH sha256_hash BY '@PASSWORD_SHA256' SETTINGS PROFILE 'telltale_query';

CREATE QUOTA OR REPLACE telltale_query @ON_CLUSTER KEYED BY user_name
  FOR INTERVAL 1 minute MAX queries = 1200, execution_time = 120
  TO telltale_query;

CREATE ROW POLICY OR REPLACE telltale_query @ON_CLUSTER ON telltale.events USING tenant = getSetting('SQL_telltale_tenant') TO telltale_query;
CREATE ROW POLICY OR REPLACE telltale_query @ON_CLUSTER ON telltale.log_templates USING tenant = getSetting('SQL_telltale_tenant') TO telltale_query;
CREATE ROW POLICY OR REPLACE telltale_query @ON_CLUSTER ON telltale.pseudonyms USING tenant = getSetting('SQL_telltale_tenant') TO telltale_query;
CREATE ROW POLICY OR REPLACE telltale_query @ON_CLUSTER ON telltale.turns USING tenant = getSetting('SQL_telltale_tenant') TO telltale_query;
CREATE ROW POLICY OR REPLACE telltale_query @ON_CLUSTER ON telltale.sessions USING tenant = getSetting('SQL_telltale_tenant') TO telltale_query;
CREATE ROW POLICY OR REPLACE telltale_query @ON_CLUSTER ON telltale.series_windows USING tenant = getSetting('SQL_telltale_tenant') TO telltale_query;
CREATE ROW POLICY OR REPLACE telltale_query @ON_CLUSTER ON telltale.anomalies USING tenant = getSetting('SQL_telltale_tenant') TO telltale_query;
CREATE ROW POLICY OR REPLACE telltale_query @ON_CLUSTER ON telltale.spend USING tenant = getSetting('SQL_telltale_tenant') TO telltale_query;
CREATE ROW POLICY OR REPLACE telltale_query @ON_CLUSTER ON telltale.cost_corrections USING tenant = getSetting('SQL_telltale_tenant') TO telltale_query;
CREATE ROW POLICY OR REPLACE telltale_query @ON_CLUSTER ON telltale.waste USING tenant = getSetting('SQL_telltale_tenant') TO telltale_query;
CREATE ROW POLICY OR REPLACE telltale_query @ON_CLUSTER ON telltale.budget_alerts USING tenant = getSetting('SQL_telltale_tenant') TO telltale_query;
CREATE ROW POLICY OR REPLACE telltale_query @ON_CLUSTER ON telltale.directives USING tenant = getSetting('SQL_telltale_tenant') TO telltale_query;
CREATE ROW POLICY OR REPLACE telltale_query @ON_CLUSTER ON telltale.directive_acks USING tenant = getSetting('SQL_telltale_tenant') TO telltale_query;
CREATE ROW POLICY OR REPLACE telltale_query @ON_CLUSTER ON telltale.incidents USING tenant = getSetting('SQL_telltale_tenant') TO telltale_query;
CREATE ROW POLICY OR REPLACE telltale_query @ON_CLUSTER ON telltale.incident_events USING tenant = getSetting('SQL_telltale_tenant') TO telltale_query;
CREATE ROW POLICY OR REPLACE telltale_query @ON_CLUSTER ON telltale.deploys USING tenant = getSetting('SQL_telltale_tenant') TO telltale_query;
CREATE ROW POLICY OR REPLACE telltale_query @ON_CLUSTER ON telltale.alerts USING tenant = getSetting('SQL_telltale_tenant') TO telltale_query;
CREATE ROW POLICY OR REPLACE telltale_query @ON_CLUSTER ON telltale.deliveries USING tenant = getSetting('SQL_telltale_tenant') TO telltale_query;
CREATE ROW POLICY OR REPLACE telltale_query @ON_CLUSTER ON telltale.detector_overrides USING tenant = getSetting('SQL_telltale_tenant') TO telltale_query;
CREATE ROW POLICY OR REPLACE telltale_query @ON_CLUSTER ON telltale.settings_history USING tenant = getSetting('SQL_telltale_tenant') TO telltale_query;
CREATE ROW POLICY OR REPLACE telltale_query @ON_CLUSTER ON telltale.events_core USING tenant = getSetting('SQL_telltale_tenant') TO telltale_query;
CREATE ROW POLICY OR REPLACE telltale_query @ON_CLUSTER ON telltale.operations_minute USING tenant = getSetting('SQL_telltale_tenant') TO telltale_query;
CREATE ROW POLICY OR REPLACE telltale_query @ON_CLUSTER ON telltale.series_rollup USING tenant = getSetting('SQL_telltale_tenant') TO telltale_query;

GRANT @ON_CLUSTER SELECT ON telltale.events TO telltale_query;
GRANT @ON_CLUSTER SELECT ON telltale.log_templates TO telltale_query;
GRANT @ON_CLUSTER SELECT ON telltale.pseudonyms TO telltale_query;
GRANT @ON_CLUSTER SELECT ON telltale.turns TO telltale_query;
GRANT @ON_CLUSTER SELECT ON telltale.sessions TO telltale_query;
GRANT @ON_CLUSTER SELECT ON telltale.series_windows TO telltale_query;
GRANT @ON_CLUSTER SELECT ON telltale.anomalies TO telltale_query;
GRANT @ON_CLUSTER SELECT ON telltale.spend TO telltale_query;
GRANT @ON_CLUSTER SELECT ON telltale.cost_corrections TO telltale_query;
GRANT @ON_CLUSTER SELECT ON telltale.waste TO telltale_query;
GRANT @ON_CLUSTER SELECT ON telltale.budget_alerts TO telltale_query;
GRANT @ON_CLUSTER SELECT ON telltale.directives TO telltale_query;
GRANT @ON_CLUSTER SELECT ON telltale.directive_acks TO telltale_query;
GRANT @ON_CLUSTER SELECT ON telltale.incidents TO telltale_query;
GRANT @ON_CLUSTER SELECT ON telltale.incident_events TO telltale_query;
GRANT @ON_CLUSTER SELECT ON telltale.deploys TO telltale_query;
GRANT @ON_CLUSTER SELECT ON telltale.alerts TO telltale_query;
GRANT @ON_CLUSTER SELECT ON telltale.deliveries TO telltale_query;
GRANT @ON_CLUSTER SELECT ON telltale.detector_overrides TO telltale_query;
GRANT @ON_CLUSTER SELECT ON telltale.settings_history TO telltale_query;
GRANT @ON_CLUSTER SELECT ON telltale.events_core TO telltale_query;
GRANT @ON_CLUSTER SELECT ON telltale.operations_minute TO telltale_query;
GRANT @ON_CLUSTER SELECT ON telltale.series_rollup TO telltale_query;
GRANT @ON_CLUSTER SELECT ON telltale.tool_calls TO telltale_query;
GRANT @ON_CLUSTER SELECT ON telltale.otel_traces TO telltale_query;
GRANT @ON_CLUSTER SELECT ON telltale.otel_logs TO telltale_query;
GRANT @ON_CLUSTER SELECT ON telltale.spend_corrected TO telltale_query;
GRANT @ON_CLUSTER SELECT ON telltale.operations_minute_corrected TO telltale_query;
GRANT @ON_CLUSTER SELECT ON telltale.series_windows_amended TO telltale_query;
