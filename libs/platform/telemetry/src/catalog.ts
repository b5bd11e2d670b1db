export interface MetricSpec {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly unit: string;
  readonly labels: readonly string[];
  readonly buckets?: readonly number[];
}
const counter = (help: string, unit: string, ...labels: string[]): MetricSpec => ({ type: 'counter', help, unit, labels });
const gauge = (help: string, unit: string, ...labels: string[]): MetricSpec => ({ type: 'gauge', help, unit, labels });
const histogram = (help: string, buckets: readonly number[], ...labels: string[]): MetricSpec => ({
  type: 'histogram',
  help,
  unit: 'seconds',
  labels,
  buckets,
});

/** Histogram buckets in seconds: for one call to a server, and for delays that include batches and restarts. */
const CALL_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const WAIT_SECONDS = [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800];

/** Every metric; METRICS.md is generated from this. Emitted per batch, never per record. */
export const METRICS = {
  telltale_consumed_records_total: counter('Records read by a task', 'records', 'service', 'partition'),
  telltale_committed_batches_total: counter('Ranges that took effect', 'ranges', 'service', 'partition'),
  telltale_rows_inserted_total: counter('Rows inserted', 'rows', 'service', 'table'),
  telltale_consumer_lag_records: gauge(
    'Records of a topic that the group of a service has not processed; every process says it of the whole group: take the maximum. High and growing: add processes, up to one a partition, or look which phase takes the time (telltale_task_phase_seconds_total)',
    'records',
    'service',
    'topic',
  ),
  telltale_consumer_lag_seconds: gauge(
    'Age of the oldest record that a task of this process has read and not committed; 0 when there is none. High: see whether a task is stalled (telltale_task_stalled) or slow (telltale_insert_duration_seconds, telltale_commit_duration_seconds)',
    'seconds',
    'service',
    'topic',
  ),
  telltale_end_to_end_latency_seconds: histogram(
    'From arrival (header tt-received-at, else the timestamp of the record) until the rows are durable; two observations a batch and topic, of its first and its last record. Topics behind the enricher carry their own timestamp only. High: look at telltale_consumer_lag_seconds; high with little lag: lower BATCH_LINGER_MS',
    WAIT_SECONDS,
    'service',
    'topic',
  ),
  telltale_insert_duration_seconds: histogram(
    'One insert that the store took, without the tries before it. High: look at merges, parts and disk of ClickHouse, or insert larger batches (BATCH_LINGER_MS)',
    CALL_SECONDS,
    'table',
  ),
  telltale_commit_duration_seconds: histogram(
    'The transaction of a batch (outputs, state and offsets) with its retries. High: look at the health and the disks of the brokers, and at the number of partitions a process has',
    CALL_SECONDS,
    'service',
  ),
  telltale_state_restore_seconds: histogram(
    'From the fencing of a task until its state is there: offsets, state topic, index. High: look whether the state topic is compacted (cleanup.policy, segment.ms), and at telltale_processed_items_total for keys over their limit',
    WAIT_SECONDS,
    'service',
  ),
  telltale_rebalances_total: counter(
    'Rebalances of the group: times its tasks were assigned again, the first at start included. More than starts and stops explain: a process misses heartbeats: look for long pauses (nodejs_eventloop_lag_seconds) and restarts',
    'times',
    'service',
  ),
  telltale_dedup_window_seconds: gauge(
    'How far back a table recognizes a repeated insert, at the rate of inserts of the last minute; a takeover has to be faster',
    'seconds',
    'table',
  ),
  telltale_dedup_window_exceeded_total: counter(
    'Batches that were repeated later than a table surely remembers: their rows may be doubled',
    'batches',
    'service',
    'table',
  ),
  telltale_dead_letter_records_total: counter('Inputs sent to the DLQ', 'records', 'service', 'reason'),
  telltale_processed_items_total: counter(
    'Items by outcome (events, duplicates, late_measures, novelties), names and series over a limit of cardinality (names_overflow, series_overflow: look who makes up names), and keys cut from state: <keys>_over_limit (a tenant or task had too many: look who makes up names), <keys>_expired (untouched for long)',
    'items',
    'service',
    'outcome',
  ),
  telltale_open_turns: gauge(
    'Turns of a task that still take events and so are kept whole in memory: until TURNS_AMEND_MS after the last of their events. High, with turns_closed_early or turns_sealed_early in telltale_processed_items_total: memory is short: raise TURNS_MAX_OPEN_BYTES, lower TURNS_AMEND_MS, or add partitions and processes; high without: look for producers that give every event a trace of its own',
    'turns',
    'service',
    'partition',
  ),
  telltale_task_phase_seconds_total: counter(
    'Time of a task by phase: wait, process, insert, commit',
    'seconds',
    'service',
    'partition',
    'phase',
  ),
  telltale_task_retries_total: counter('Transient failures that were retried', 'tries', 'service', 'partition', 'operation'),
  telltale_task_stalled: gauge('1 while a task waits for something that is down', 'bool', 'service', 'partition'),
  telltale_batch_time_taken_back_total: counter(
    "How often a task's batch time, which a wrong clock had brought ahead, was taken back to the clock: look at the clocks of the hosts",
    'times',
    'service',
    'partition',
  ),
  telltale_embedded_log_bytes: gauge(
    'Size of the embedded log: used (pages that hold data, limited by EMBEDDED_LOG_MAX_BYTES) and file (with the pages that are free for reuse)',
    'bytes',
    'part',
  ),
  telltale_embedded_log_removed_total: counter(
    'Records that the embedded log removed, all of them read by every group: by age (retention of the topic) or by size (EMBEDDED_LOG_MAX_BYTES)',
    'records',
    'topic',
    'why',
  ),
  telltale_embedded_log_refused_total: counter(
    'Records refused because the embedded log was full of records that a group had not read: see that every service runs, or raise EMBEDDED_LOG_MAX_BYTES',
    'records',
  ),
  telltale_gateway_requests_total: counter('Requests by receiver and answer', 'requests', 'receiver', 'status'),
  telltale_gateway_request_duration_seconds: histogram(
    'From the head of a request until its answer is sent, with the time the body takes to arrive; without control streams. High for 2xx: look at the brokers (the gateway answers once a record is durable) and at telltale_gateway_inflight_bytes, then add gateways; high for 4xx: clients send slowly',
    CALL_SECONDS,
    'route',
    'status_class',
  ),
  telltale_gateway_items_total: counter('Items accepted and rejected', 'items', 'receiver', 'outcome'),
  telltale_gateway_request_bytes_total: counter('Bytes taken in, before decompression', 'bytes', 'receiver'),
  telltale_gateway_inflight_bytes: gauge('Bytes between arrival and answer', 'bytes'),
  telltale_rate_limited_requests_total: counter(
    'Requests answered 429 (RESOURCE_EXHAUSTED) because their API key is over its rate of requests or bytes; the log line key_rate_limited names the key. Raise max_requests_per_second or max_bytes_per_second of the api_key, or have its producer send less',
    'requests',
    'service',
    'limit',
  ),
  telltale_insights_requests_total: counter('Requests to the read API', 'requests', 'route', 'status'),
  telltale_self_reports_total: counter(
    'Reports of own work (TELLTALE_WATCH_ITSELF) by what became of them: sent (events), own_work (left out: it served reports only), rate_limited (more than 10 traces or log lines a second), queue_full, not_taken (see the line self_reports_not_taken)',
    'reports',
    'outcome',
  ),
  telltale_trace_spans_total: counter(
    'Spans of own traces (TELLTALE_TRACES) by what became of them: exported, export_failed (see that OTEL_EXPORTER_OTLP_ENDPOINT takes them), queue_full (lower TELLTALE_TRACES_RATIO, or raise TELLTALE_TRACES_MAX_QUEUED_SPANS), failed',
    'spans',
    'outcome',
  ),
  telltale_deliveries_total: counter(
    'Tries to deliver an alert, by type of the receiver and what became of them: delivered, retry (not taken, may be tried again), failed (refused for good). GET /api/deliveries says why; docs/runbooks/deliveries-fail.md says what to do. What was given up after the last try is deliveries_failed of the notifier in telltale_processed_items_total',
    'tries',
    'type',
    'outcome',
  ),
  telltale_delivery_duration_seconds: histogram(
    'One try to deliver an alert, from opening its secrets until the answer. High: a receiver is slow, which holds up its own deliveries only',
    CALL_SECONDS,
    'type',
  ),
  telltale_tail_subscribers: gauge('Live tails open', 'clients'),
  telltale_tail_dropped_events_total: counter('Events a slow tail did not get', 'events'),
} as const satisfies Record<string, MetricSpec>;
