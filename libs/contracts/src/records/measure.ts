import { z } from 'zod';
import { dimensions, isoTime, text } from './fields';

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
  watermark: isoTime
    .nullable()
    .describe(
      'No earlier event is expected from this source; null: what it measures was complete when it was measured, so no series waits for it',
    ),
});
export type MeasureRecord = z.infer<typeof measureRecord>;
