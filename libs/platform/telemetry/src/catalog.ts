export interface MetricSpec {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly unit: string;
  readonly labels: readonly string[];
  readonly buckets?: readonly number[];
}
const counter = (help: string, unit: string, ...labels: string[]): MetricSpec => ({ type: 'counter', help, unit, labels });
const gauge = (help: string, unit: string, ...labels: string[]): MetricSpec => ({ type: 'gauge', help, unit, labels });

/** Every metric there is; METRICS.md is generated from this. Emitted per batch, never per record. */
export const METRICS = {
  telltale_consumed_records_total: counter('Records read by a task', 'records', 'service', 'partition'),
  telltale_committed_batches_total: counter('Ranges that took effect', 'ranges', 'service', 'partition'),
  telltale_rows_inserted_total: counter('Rows inserted', 'rows', 'service', 'table'),
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
    'Items by outcome (events, duplicates, late_measures, novelties), and keys cut from state: <keys>_over_limit (a tenant or task had too many: look who makes up names), <keys>_expired (untouched for long)',
    'items',
    'service',
    'outcome',
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
  telltale_gateway_items_total: counter('Items accepted and rejected', 'items', 'receiver', 'outcome'),
  telltale_gateway_request_bytes_total: counter('Bytes taken in, before decompression', 'bytes', 'receiver'),
  telltale_gateway_inflight_bytes: gauge('Bytes between arrival and answer', 'bytes'),
  telltale_insights_requests_total: counter('Requests to the read API', 'requests', 'route', 'status'),
  telltale_tail_subscribers: gauge('Live tails open', 'clients'),
  telltale_tail_dropped_events_total: counter('Events a slow tail did not get', 'events'),
} as const satisfies Record<string, MetricSpec>;
