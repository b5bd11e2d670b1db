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
  historic: boolean;
  expires_on: string;
}

export interface DirectiveRow {
  tenant: string;
  id: string;
  action: string;
  target: string;
  level: string;
  reason: string;
  issued_by: string;
  issued_at: string;
  expires_at: string;
  state: 'raised' | 'extended' | 'expired' | 'revoked';
  changed_at: string;
  applied_by: number;
}

export const TABLES = [
  'events',
  'log_templates',
  'series_windows',
  'anomalies',
  'spend',
  'directives',
  'incidents',
  'alerts',
] as const;
export type TableName = (typeof TABLES)[number];

/** Tables that materialised views fill; they hold rows of several tenants like the others. */
export const DERIVED_TABLES = ['events_core', 'operations_minute'] as const;

/** Turns as last written, tool calls with who asked for them, and the column names of the OpenTelemetry Collector's exporter. */
export const VIEWS = ['turns', 'tool_calls', 'otel_traces', 'otel_logs'] as const;

/** Everything with rows in it that can be asked. */
export const READABLE = [...TABLES, ...DERIVED_TABLES, ...VIEWS] as const;
