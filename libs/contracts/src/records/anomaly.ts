import { z } from 'zod';
import { dimensions, isoTime, text } from './fields';

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
  channel: text.default('').describe('What saw it: value, calls, level_shift, p95, drift, errors, no_data or novelty'),
  peak_at: isoTime.nullable().optional().describe('The worst window so far'),
  p_value: z
    .number()
    .nullable()
    .optional()
    .describe('How likely a normal series is to look like this; no less than one in as many values as it has had'),
  expected_false_per_day: z.number().nullable().optional().describe('Expected false anomalies of this size per series and day'),
  parent_anomaly_id: text.default('').describe('Id of the anomaly that explains this one; empty when none does'),
  in_maintenance: z.boolean().default(false),
});
/** As writers may send it; the newer fields may be missing. */
export type AnomalyRecord = z.input<typeof anomalyRecord>;
