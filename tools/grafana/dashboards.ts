import { type GrafanaBoard, grafanaModel } from '@telltale/query';

const rate = (metric: string, by: string): string => `sum by (${by}) (rate(${metric}[5m]))`;
const quantile = (q: number, metric: string, by: string): string => `histogram_quantile(${q}, sum by (le${by && `, ${by}`}) (rate(${metric}_bucket[5m])))`; // prettier-ignore
const nano = (column: string): string => `sum(${column}) / 1e9`;
const MINUTE = 'toStartOfInterval(first_minute, INTERVAL 5 MINUTE)';
/** Anomalies and incidents have a row for each change; the newest counts. */
const newest = (table: string, columns: string, by = 'tenant, id', at = 'updated_at'): string => `SELECT ${columns} FROM ${table} WHERE $__timeFilter(${at}) ORDER BY ${at} DESC LIMIT 1 BY ${by}`; // prettier-ignore

export const DASHBOARDS: readonly GrafanaBoard[] = [
  {
    uid: 'telltale-overview', title: 'Telltale: overview', about: 'Are the bots well, and is Telltale?',
    panels: [
      { type: 'stat', title: 'How many turns?', unit: 'short', sql: 'SELECT sum(sampling_weight) AS turns FROM telltale.turns FINAL WHERE $__timeFilter(ts)' },
      { type: 'stat', title: 'What share of turns failed?', unit: 'percentunit', sql: "SELECT sumIf(sampling_weight, status = 'error') / sum(sampling_weight) AS failed FROM telltale.turns FINAL WHERE $__timeFilter(ts)" },
      { type: 'stat', title: 'What did they cost?', unit: 'currencyUSD', sql: `SELECT ${nano('cost_nano_usd')} AS usd FROM telltale.spend WHERE $__timeFilter(hour)` },
      { type: 'stat', title: 'How many incidents are open?', unit: 'short', sql: `SELECT countIf(state = 'open') AS open FROM (${newest('telltale.incidents', 'state')})` },
      { type: 'timeseries', title: 'How many turns every five minutes, by outcome?', unit: 'short', sql: `SELECT ${MINUTE} AS time, outcome, sum(sampling_weight) AS turns FROM telltale.turns FINAL WHERE $__timeFilter(first_minute) GROUP BY time, outcome ORDER BY time` },
      { type: 'timeseries', title: 'How long does a turn take?', unit: 'ms', sql: `SELECT ${MINUTE} AS time, quantileTDigest(0.5)(duration_ms) AS median, quantileTDigest(0.95)(duration_ms) AS p95 FROM telltale.turns FINAL WHERE $__timeFilter(first_minute) GROUP BY time ORDER BY time` },
      { type: 'timeseries', title: 'How many events a second come in?', unit: 'ops', promql: { '{{receiver}}, {{outcome}}': rate('telltale_gateway_items_total', 'receiver, outcome') } },
      { type: 'timeseries', title: 'How long until an event can be queried (95th percentile)?', unit: 's', promql: { '{{service}}': quantile(0.95, 'telltale_end_to_end_latency_seconds', 'service') } },
    ],
  },
  {
    uid: 'telltale-pipeline', title: 'Telltale: pipeline', about: 'Does every service keep up, and if not, what takes the time?',
    panels: [
      { type: 'timeseries', title: 'How far is each service behind?', unit: 'short', promql: { '{{service}}: {{topic}}': 'max by (service, topic) (telltale_consumer_lag_records)' } },
      { type: 'timeseries', title: 'How old is what a task has in hand?', unit: 's', promql: { '{{service}}': 'max by (service) (telltale_consumer_lag_seconds)' } },
      { type: 'timeseries', title: 'What do tasks spend their time on?', unit: 'percentunit', promql: { '{{service}}: {{phase}}': rate('telltale_task_phase_seconds_total', 'service, phase') } },
      { type: 'timeseries', title: 'How many records a second are read?', unit: 'ops', promql: { '{{service}}': rate('telltale_consumed_records_total', 'service') } },
      { type: 'timeseries', title: 'How long does an insert take (95th percentile)?', unit: 's', promql: { '{{table}}': quantile(0.95, 'telltale_insert_duration_seconds', 'table') } },
      { type: 'timeseries', title: 'How long does a transaction take (95th percentile)?', unit: 's', promql: { '{{service}}': quantile(0.95, 'telltale_commit_duration_seconds', 'service') } },
      { type: 'timeseries', title: 'What does the gateway answer?', unit: 'reqps', promql: { '{{receiver}}: {{status}}': rate('telltale_gateway_requests_total', 'receiver, status') } },
      { type: 'timeseries', title: 'How long does the gateway take (99th percentile)?', unit: 's', promql: { '{{route}}': quantile(0.99, 'telltale_gateway_request_duration_seconds', 'route') } },
      { type: 'timeseries', title: 'What could not be taken?', unit: 'ops', promql: { '{{service}}: {{reason}}': rate('telltale_dead_letter_records_total', 'service, reason') } },
      { type: 'timeseries', title: 'What is tried again, and which tasks are stalled?', unit: 'ops', promql: { '{{service}}: {{operation}}': rate('telltale_task_retries_total', 'service, operation'), 'stalled: {{service}}': 'sum by (service) (telltale_task_stalled)' } },
      { type: 'timeseries', title: 'How far back does a table know a repeated insert?', unit: 's', promql: { '{{table}}': 'min by (table) (telltale_dedup_window_seconds)' } },
      { type: 'timeseries', title: 'How large are the processes, and how busy?', unit: 'bytes', promql: { '{{instance}}': 'process_resident_memory_bytes{job="telltale"}' } },
    ],
  },
  {
    uid: 'telltale-detection', title: 'Telltale: detection', about: 'What departs from normal, and how much does the detector say?',
    panels: [
      { type: 'timeseries', title: 'How many anomalies begin an hour, by metric?', unit: 'short', sql: "SELECT toStartOfHour(started_at) AS time, metric, uniqExact(id) AS anomalies FROM telltale.anomalies WHERE $__timeFilter(started_at) AND NOT backfill GROUP BY time, metric ORDER BY time" },
      { type: 'timeseries', title: 'How many windows are scored a minute?', unit: 'short', sql: 'SELECT toStartOfMinute(window_start) AS time, count() AS windows FROM telltale.series_windows WHERE $__timeFilter(window_start) GROUP BY time ORDER BY time' },
      { type: 'table', title: 'Which anomalies are open?', unit: 'none', sql: `SELECT started_at, summary, metric, channel, score FROM (${newest('telltale.anomalies', 'started_at, summary, metric, channel, score, state', 'tenant, id', 'started_at')}) WHERE state = 'open' ORDER BY score DESC LIMIT 50` },
      { type: 'table', title: 'Which were the largest?', unit: 'none', sql: `SELECT started_at, ended_at, summary, value, expected, score FROM (${newest('telltale.anomalies', 'started_at, ended_at, summary, value, expected, score', 'tenant, id', 'started_at')}) ORDER BY score DESC LIMIT 50` },
    ],
  },
  {
    uid: 'telltale-cost', title: 'Telltale: cost', about: 'What is spent, on what, and what has no price?',
    panels: [
      { type: 'stat', title: 'What was spent?', unit: 'currencyUSD', sql: `SELECT ${nano('cost_nano_usd')} AS usd FROM telltale.spend WHERE $__timeFilter(hour)` },
      { type: 'stat', title: 'What share of calls has no price?', unit: 'percentunit', sql: 'SELECT sum(unpriced_calls) / sum(calls) AS unpriced FROM telltale.spend WHERE $__timeFilter(hour)' },
      { type: 'stat', title: 'What does a turn cost?', unit: 'currencyUSD', sql: 'SELECT sum(cost_nano_usd * sampling_weight) / sum(sampling_weight) / 1e9 AS usd FROM telltale.turns FINAL WHERE $__timeFilter(ts) AND cost_nano_usd IS NOT NULL' },
      { type: 'stat', title: 'What does one that helped cost?', unit: 'currencyUSD', sql: "SELECT sum(cost_nano_usd * sampling_weight) / sumIf(sampling_weight, outcome = 'answered') / 1e9 AS usd FROM telltale.turns FINAL WHERE $__timeFilter(ts)" },
      { type: 'timeseries', title: 'What is spent an hour, by model?', unit: 'currencyUSD', sql: `SELECT hour AS time, model, ${nano('cost_nano_usd')} AS usd FROM telltale.spend WHERE $__timeFilter(hour) GROUP BY time, model ORDER BY time` },
      { type: 'timeseries', title: 'What is spent an hour, by service?', unit: 'currencyUSD', sql: `SELECT hour AS time, service_name, ${nano('cost_nano_usd')} AS usd FROM telltale.spend WHERE $__timeFilter(hour) GROUP BY time, service_name ORDER BY time` },
      { type: 'table', title: 'Which budgets are passed or used up too fast?', unit: 'none', sql: `SELECT at, budget, dimension, value, kind, severity, spent_nano_usd / 1e9 AS usd, limit_nano_usd / 1e9 AS limit_usd, exhausted_at, summary FROM (${newest('telltale.budget_alerts', 'at, budget, dimension, value, kind, severity, state, spent_nano_usd, limit_nano_usd, exhausted_at, summary, backfill', 'tenant, alert_id', 'at')}) WHERE state = 'firing' AND NOT backfill ORDER BY at DESC LIMIT 50` },
      { type: 'table', title: 'Where does it go?', unit: 'none', sql: `SELECT service_name, provider, model, tool_name, sum(calls) AS calls, sum(input_tokens) AS input, sum(output_tokens) AS output, ${nano('cost_nano_usd')} AS usd FROM telltale.spend WHERE $__timeFilter(hour) GROUP BY service_name, provider, model, tool_name ORDER BY usd DESC LIMIT 50` },
    ],
  },
  {
    uid: 'telltale-verbosity', title: 'Telltale: verbosity', about: 'Which detail is raised, who obeys, and what did it bring?',
    panels: [
      { type: 'timeseries', title: 'What happens to directives?', unit: 'short', sql: 'SELECT toStartOfHour(changed_at) AS time, state, count() AS changes FROM telltale.directives WHERE $__timeFilter(changed_at) GROUP BY time, state ORDER BY time' },
      { type: 'timeseries', title: 'How many instances of SDKs answer, and how?', unit: 'short', sql: 'SELECT toStartOfMinute(received_at) AS time, status, uniqExact(instance) AS instances FROM telltale.directive_acks WHERE $__timeFilter(received_at) GROUP BY time, status ORDER BY time' },
      { type: 'timeseries', title: 'How many bytes did directives add?', unit: 'bytes', sql: 'SELECT toStartOfMinute(received_at) AS time, service_name, sum(bytes) AS added FROM telltale.directive_acks WHERE $__timeFilter(received_at) GROUP BY time, service_name ORDER BY time' },
      { type: 'timeseries', title: 'How many turns are kept for others, too?', unit: 'short', sql: `SELECT ${MINUTE} AS time, count() AS stored, sum(sampling_weight) AS happened FROM telltale.turns FINAL WHERE $__timeFilter(first_minute) GROUP BY time ORDER BY time` },
      { type: 'table', title: 'Which directives were there, and what did they buy?', unit: 'none', sql: "SELECT changed_at, state, class, target, reason, applied_by, records, bytes, length(evidence_for) AS evidence_for FROM telltale.directives WHERE $__timeFilter(changed_at) ORDER BY changed_at DESC LIMIT 100" },
    ],
  },
  {
    uid: 'telltale-incidents', title: 'Telltale: incidents', about: 'What broke, when, and why?',
    panels: [
      { type: 'stat', title: 'How many are open?', unit: 'short', sql: `SELECT countIf(state = 'open') AS open FROM (${newest('telltale.incidents', 'state')})` },
      { type: 'stat', title: 'How many began?', unit: 'short', sql: 'SELECT uniqExact(tenant, id) AS incidents FROM telltale.incidents WHERE $__timeFilter(opened_at) AND NOT backfill' },
      { type: 'stat', title: 'How long does one last (median)?', unit: 's', sql: `SELECT quantile(0.5)(dateDiff('second', opened_at, assumeNotNull(closed_at))) AS seconds FROM (${newest('telltale.incidents', 'opened_at, closed_at')}) WHERE closed_at IS NOT NULL` },
      { type: 'stat', title: 'How many alerts were sent?', unit: 'short', sql: 'SELECT uniqExact(tenant, id) AS alerts FROM telltale.alerts WHERE $__timeFilter(at)' },
      { type: 'table', title: 'What is wrong now?', unit: 'none', sql: `SELECT opened_at, title, probable_cause, service_name, open_anomalies, peak_score FROM (${newest('telltale.incidents', 'opened_at, title, probable_cause, service_name, open_anomalies, peak_score, state')}) WHERE state = 'open' ORDER BY opened_at DESC LIMIT 50` },
      { type: 'table', title: 'What was?', unit: 'none', sql: `SELECT opened_at, closed_at, title, probable_cause, peak_score FROM (${newest('telltale.incidents', 'opened_at, closed_at, title, probable_cause, peak_score, state')}) WHERE state = 'closed' ORDER BY closed_at DESC LIMIT 100` },
    ],
  },
]; // prettier-ignore

/** Files of the dashboards by path. */
export const dashboardFiles = (): [string, string][] =>
  DASHBOARDS.map((dashboard) => [
    `deploy/grafana/dashboards/${dashboard.uid}.json`,
    `${JSON.stringify(grafanaModel(dashboard), null, 2)}\n`,
  ]);
