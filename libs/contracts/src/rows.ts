import { type DeliveryReason } from './records/delivery';

/** Rows of the tables that are not a topic's record as it is. Times are ISO 8601, UTC. */

export interface SeriesWindowRow {
  tenant: string;
  series_id: string;
  metric: string;
  dimensions: Record<string, string>;
  window_start: string;
  count: number;
  sum: number;
  min: number;
  max: number;
  errors: number;
  p50: number;
  p95: number;
  expected: number | null;
  score: number | null;
  backfill: boolean;
  /** A part that was not judged, most often for it came after its window was scored; adds to it. */
  late: boolean;
  expires_on: string;
}

export interface DirectiveRow {
  tenant: string;
  id: string;
  version: number;
  class: string;
  priority: number;
  /** JSON. */
  target: string;
  set: string;
  limits: string;
  evidence: string;
  reason: string;
  issued_by: string;
  issued_at: string;
  expires_at: string;
  state: 'raised' | 'extended' | 'expired' | 'revoked' | 'suppressed' | 'monitored';
  changed_at: string;
  applied_by: number;
  records: number;
  bytes: number;
  evidence_for: readonly string[];
}

/** What an instance of an SDK reports: of a directive, or, where that is empty, of its whole set. */
export interface DirectiveAckRow {
  tenant: string;
  directive_id: string;
  instance: string;
  sdk: string;
  service_name: string;
  set_hash: string;
  status: string;
  error: string;
  received_at: string;
  is_first: boolean;
  hits: number;
  drops: number;
  bytes: number;
  expires_on: string;
}

/** What a detector setting came to. Fields that the type does not have are empty or null. */
export interface DetectorOverrideRow {
  tenant: string;
  id: string;
  type: 'label_anomaly' | 'set_maintenance' | 'set_sensitivity' | 'set_holidays';
  state: 'active' | 'ended';
  series_id: string;
  anomaly_id: string;
  label: string;
  metric: string;
  service_name: string;
  false_positives_per_day: number | null;
  rate_multiplier: number | null;
  from_at: string | null;
  until_at: string | null;
  reason: string;
  issued_by: string;
  recorded_at: string;
  name: string;
  dates: readonly string[];
  utc_offset: string;
}

/** A change of a setting. */
export interface SettingHistoryRow {
  tenant: string;
  type: string;
  name: string;
  version: number;
  changed_at: string;
  changed_by: string;
  /** JSON of the value; empty where it was deleted. */
  value: string;
}

/** One try to deliver an alert. */
export interface DeliveryRow {
  tenant: string;
  id: string;
  receiver: string;
  receiver_type: string;
  reason: DeliveryReason;
  alert_id: string;
  incident_id: string;
  dedupe_key: string;
  attempt: number;
  status: 'delivered' | 'retrying' | 'failed';
  http_status: number | null;
  latency_ms: number;
  error: string;
  at: string;
  next_try_at: string | null;
  expires_on: string;
}

export interface PseudonymRow {
  tenant: string;
  /** The user's pseudonym, or the pseudonym itself where it stood in an event without a user. */
  subject: string;
  pseudonym: string;
  encrypted: string;
  expires_on: string;
}

export const TABLES = [
  'events',
  'log_templates',
  'pseudonyms',
  'turns',
  'sessions',
  'series_windows',
  'anomalies',
  'spend',
  'cost_corrections',
  'waste',
  'budget_alerts',
  'directives',
  'directive_acks',
  'incidents',
  'incident_events',
  'deploys',
  'alerts',
  'deliveries',
  'detector_overrides',
  'settings_history',
] as const;
export type TableName = (typeof TABLES)[number];

/** Tables that materialized views fill; they hold rows of several tenants like the others. */
export const MATERIALIZED_TABLES = ['events_core', 'operations_minute', 'series_rollup'] as const;

/** Tool calls with who asked for them, the column names of the OpenTelemetry Collector's exporter, spend and operations by minute with the corrections of their cost, windows with their late parts. */
export const VIEWS = [
  'tool_calls',
  'otel_traces',
  'otel_logs',
  'spend_corrected',
  'operations_minute_corrected',
  'series_windows_amended',
] as const;

/** Everything with rows in it that can be asked. */
export const QUERYABLE_TABLES = [...TABLES, ...MATERIALIZED_TABLES, ...VIEWS] as const;
