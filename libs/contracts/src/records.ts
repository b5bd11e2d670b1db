import { z } from 'zod';

const isoTime = z.iso.datetime();
const text = z.string();
const dimensions = z.record(z.string(), z.string());

/** Mergeable partial aggregate of one series over one 10 s window. Key: tenant/service. */
export const measureRecord = z.object({
  tenant: text,
  series_id: text,
  metric: text,
  dimensions,
  window_start: isoTime,
  count: z.number().nonnegative(),
  sum: z.number(),
  min: z.number(),
  max: z.number(),
  errors: z.number().nonnegative(),
  sketch: text.describe('DDSketch (relative accuracy 1 %) as base64 of its protobuf form'),
  source: text.describe('Task that made it, e.g. telltale.enricher/0'),
  watermark: isoTime.describe('No earlier event is expected from this source'),
});
export type MeasureRecord = z.infer<typeof measureRecord>;

export const ANOMALY_DIRECTIONS = ['up', 'down'] as const;
export const ANOMALY_KINDS = ['deviation', 'no_data', 'drift', 'novelty'] as const;

/** One series departs from its baseline. Key: tenant. The same id is sent again when it ends. */
export const anomalyRecord = z.object({
  tenant: text,
  id: text,
  series_id: text,
  metric: text,
  dimensions,
  state: z.enum(['open', 'closed']),
  started_at: isoTime,
  ended_at: isoTime.nullable(),
  direction: z.enum(ANOMALY_DIRECTIONS),
  value: z.number().describe('The worst window so far, in the unit of the metric'),
  expected: z.number(),
  expected_low: z.number(),
  expected_high: z.number(),
  score: z.number().describe('Standard deviations that would be as rare under a normal distribution'),
  windows: z.number().int().positive(),
  backfill: z.boolean(),
  summary: text,
  kind: z.enum(ANOMALY_KINDS).default('deviation'),
  channel: text.default('').describe('What saw it: value, level_shift, p95, drift, errors, no_data or novelty'),
  peak_at: isoTime.nullable().optional().describe('The worst window so far'),
  p_value: z.number().nullable().optional().describe('How likely a normal series is to look like this'),
  expected_false_per_day: z.number().nullable().optional().describe('Expected false anomalies of this size per series and day'),
  parent_anomaly_id: text.default('').describe('Id of the anomaly that explains this one; empty when none does'),
  in_maintenance: z.boolean().default(false),
});
/** As writers may send it; the newer fields may be missing. */
export type AnomalyRecord = z.input<typeof anomalyRecord>;

/** What one range spent, by hour and dimensions; deltas to be summed. Corrections come as records of their own. Key: tenant. */
export const costRecord = z.object({
  tenant: text,
  hour: isoTime,
  service_name: text,
  provider: text,
  model: text,
  kind: text,
  calls: z.number().nonnegative(),
  unpriced_calls: z.number().nonnegative().describe('Calls whose price is unknown; their cost is not in cost_nano_usd'),
  cost_nano_usd: z.number().int(),
  input_tokens: z.number().int(),
  output_tokens: z.number().int(),
  backfill: z.boolean(),
  watermark: isoTime.describe('Latest event time seen by the task that made it'),
  correction: z
    .boolean()
    .default(false)
    .describe(
      'A later price of calls counted before: cost_nano_usd is the change, of any sign, of that hour; nothing was spent now',
    ),
  newly_priced_calls: z
    .number()
    .nonnegative()
    .default(0)
    .describe('Of a correction: calls reported as unpriced before that have a price now; to be taken from unpriced_calls'),
});
/** As writers may send it; the newer fields may be missing. */
export type CostRecord = z.input<typeof costRecord>;

/** What a later price makes of a stored call. Of one call the newest counts; sent twice it is one. Key: tenant. */
export const correctionRecord = z.object({
  tenant: text,
  id: text.min(1).describe('Deterministic: one call at one price of one table'),
  event_id: text.min(1),
  ts: isoTime.describe('Of the call'),
  service_name: text,
  provider: text,
  model: text,
  kind: text,
  name: text.describe('Of the operation'),
  backfill: z.boolean(),
  cost_nano_usd_before: z.number().int().nullable().describe('As the event has it; null when its price was unknown'),
  cost_nano_usd_after: z.number().int(),
  delta_nano_usd: z.number().int().describe('The difference to the event, weighted by the events it stands for'),
  unpriced_calls_delta: z.number().int().nonpositive().describe('To be added to the calls without a price; weighted'),
  previous_cost_nano_usd: z
    .number()
    .int()
    .describe('Of delta_nano_usd, what corrections that were stored when this one was made brought already'),
  previous_unpriced: z.number().int().nonpositive().describe('The same of unpriced_calls_delta'),
  price_version_before: text,
  price_version: text,
  corrected_at: isoTime,
});
export type CorrectionRecord = z.infer<typeof correctionRecord>;

export const directiveTarget = z.object({
  service_name: text.optional(),
  kind: text.optional(),
  name: text.optional(),
  session_id: text.optional(),
});

/** A change of verbosity with target, reason and expiry. Key: `<tenant>/<id>`; a tombstone takes it away. */
export const directiveRecord = z.object({
  tenant: text,
  id: text,
  action: z.enum(['boost', 'restrict']),
  target: directiveTarget,
  level: z.enum(['metadata', 'normal', 'full', 'debug']),
  reason: text,
  issued_by: text,
  issued_at: isoTime,
  expires_at: isoTime.describe('Applied by the SDK on its own clock, so a dead control plane decays to the default'),
});
export type DirectiveRecord = z.infer<typeof directiveRecord>;

/** What the SDKs hear and what people ask: set or revoke a directive by hand. Key: tenant. */
export const commandRecord = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('set_directive'),
    tenant: text,
    id: text,
    action: z.enum(['boost', 'restrict']),
    target: directiveTarget,
    level: z.enum(['metadata', 'normal', 'full', 'debug']),
    ttl_ms: z.number().int().positive().max(86_400_000),
    reason: text,
    issued_by: text,
  }),
  z.object({ type: z.literal('revoke_directive'), tenant: text, id: text, issued_by: text }),
]);
export type CommandRecord = z.infer<typeof commandRecord>;

export const ANOMALY_LABELS = ['expected', 'false_positive', 'real'] as const;

const setSensitivity = z.object({
  type: z.literal('set_sensitivity'),
  tenant: text,
  id: text,
  metric: text.optional(),
  service_name: text.optional(),
  false_positives_per_day: z
    .number()
    .positive()
    .optional()
    .describe("The tenant's budget of false anomalies a day; only without metric and service_name"),
  rate_multiplier: z
    .number()
    .min(0.01)
    .max(100)
    .optional()
    .describe('1 is the default; 10 accepts ten times as many false anomalies of what it names'),
  expires_at: isoTime.optional(),
  issued_by: text,
});

/** What people tell the scorer. Key: tenant; the same record in every partition, so that every task hears it. */
export const detectorSettingRecord = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('label_anomaly'),
    tenant: text,
    id: text,
    anomaly_id: text,
    series_id: text,
    label: z.enum(ANOMALY_LABELS),
    at: isoTime,
    expires_at: isoTime,
    issued_by: text,
  }),
  z.object({
    type: z.literal('set_maintenance'),
    tenant: text,
    id: text,
    service_name: text.optional().describe('Every service when absent'),
    from: isoTime,
    until: isoTime,
    reason: text,
    issued_by: text,
  }),
  z.object({ type: z.literal('end_maintenance'), tenant: text, id: text, at: isoTime, issued_by: text }),
  setSensitivity.refine(
    ({ false_positives_per_day: budget, metric, service_name: service }) =>
      budget === undefined || (metric === undefined && service === undefined),
    { path: ['false_positives_per_day'], message: 'a budget is for the whole tenant: leave out metric and service_name' },
  ),
  z.object({ type: z.literal('end_sensitivity'), tenant: text, id: text, at: isoTime, issued_by: text }),
]);
export type DetectorSettingRecord = z.infer<typeof detectorSettingRecord>;

/** An SDK says what it did with a directive. Key: tenant. */
export const ackRecord = z.object({
  tenant: text,
  directive_id: text,
  instance: text,
  status: z.enum(['applied', 'expired', 'failed']),
  error: text.optional(),
  at: isoTime,
});
export type AckRecord = z.infer<typeof ackRecord>;

/** Anomalies that belong together, with a life. Key: tenant. */
export const incidentRecord = z.object({
  tenant: text,
  id: text,
  state: z.enum(['open', 'closed']),
  opened_at: isoTime,
  closed_at: isoTime.nullable(),
  updated_at: isoTime,
  title: text,
  service_name: text,
  kind: z.enum(['behavior', 'cost']),
  anomaly_ids: z.array(text),
  open_anomalies: z.number().int().nonnegative(),
  probable_cause: text.describe('The member that departed first and furthest'),
  peak_score: z.number(),
  backfill: z.boolean(),
});
export type IncidentRecord = z.infer<typeof incidentRecord>;

/** An incident that fires or is resolved, sent out; never for backfill data. Key: tenant. */
export const alertRecord = z.object({
  tenant: text,
  id: text,
  incident_id: text,
  status: z.enum(['firing', 'resolved']),
  at: isoTime,
  title: text,
  summary: text,
});
export type AlertRecord = z.infer<typeof alertRecord>;

const usd = z.number().nonnegative();
const moment = z.union([isoTime, z.iso.date()], {
  error: 'is no time: give ISO 8601 in UTC, such as 2026-11-23T03:00:00Z, or a day, 2026-11-23, for its begin',
});
const priceFields = z.strictObject({
  name: text.min(1),
  provider: text.default('*'),
  model: text,
  from: moment.optional().describe('First moment it holds; ever since when absent'),
  to: moment.optional().describe('First moment it does not hold any more; without end when absent'),
  service_tier: z.enum(['standard', 'batch', 'flex', 'priority']).optional().describe('For all tiers when absent'),
  usd_per_million: z.strictObject({
    input: usd,
    output: usd,
    cache_read: usd.optional(),
    cache_write: usd.optional(),
    cache_write_1h: usd.optional(),
    input_audio: usd.optional(),
    input_image: usd.optional(),
    output_audio: usd.optional(),
    output_image: usd.optional(),
  }),
});
/** A price of people's own, of the settings file; `*` in provider and model stands for any characters. */
export const priceSetting = priceFields.refine(
  ({ from, to }) => from === undefined || to === undefined || Date.parse(from) < Date.parse(to),
  {
    path: ['to'],
    message: 'lies not after from: give a later to or an earlier from',
  },
);
export type PriceSetting = z.infer<typeof priceSetting>;

/** What is kept of a tenant's content; see docs/PRIVACY.md. */
export const PRIVACY_MODES = ['mask', 'pseudonymize', 'drop_content', 'metadata_only'] as const;

/** What an API key may do; libs/auth says what each lets in. */
export const API_KEY_SCOPES = ['ingest', 'read', 'control:read', 'control', 'admin'] as const;
export type ApiKeyScope = (typeof API_KEY_SCOPES)[number];
export const apiKeyScopes = z.array(z.enum(API_KEY_SCOPES)).min(1);

/** Settings, one record a key; seeded from YAML. Key: `<type>/<name>`. */
export const settingRecord = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('tenant'),
    name: text,
    retention_days: z.number().int().positive().optional(),
    privacy: z.enum(PRIVACY_MODES).optional().describe('What is kept of its content'),
  }),
  z.object({
    type: z.literal('api_key'),
    name: text,
    tenant: text,
    sha256: text.describe('Hex SHA-256 of the key; the key itself is never stored'),
    scopes: apiKeyScopes.optional().describe('What the key may do; everything when absent'),
  }),
]);
export type SettingRecord = z.infer<typeof settingRecord>;

/** Headers of `telltale.dlq.v1`; the value is the input's bytes, encrypted. */
export const dlqHeaders = z.object({
  'x-dlq-reason': text,
  'x-dlq-stage': text,
  'x-dlq-step': text,
  'x-dlq-topic': text,
  'x-dlq-partition': text,
  'x-dlq-offset': text,
  'x-dlq-timestamp': text,
  'x-dlq-error': text.describe('Never holds content'),
});
export type DlqHeaders = z.infer<typeof dlqHeaders>;

/** Headers of `telltale.raw.v1`. All but tt-format are set by the gateway. */
export const rawHeaders = z.object({
  'tt-format': z.enum(['native', 'openai-chat', 'otlp-traces', 'otlp-logs']).optional().describe('native when absent'),
  'tt-encoding': z.enum(['json', 'protobuf']).optional().describe('json when absent'),
  'tt-tenant': text.optional().describe('the default tenant when absent'),
  'tt-received-at': text.optional().describe('ISO 8601'),
  'tt-backfill': text.optional().describe('1: treat as backfill whatever its time'),
  'tt-encryption-key-id': text
    .optional()
    .describe('Key day; the value is encrypted (AES-256-GCM: 12 B nonce, 16 B tag, ciphertext)'),
});
export type RawHeaders = z.infer<typeof rawHeaders>;
