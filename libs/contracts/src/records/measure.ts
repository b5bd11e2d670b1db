import { z } from 'zod';
import { dimensions, isoTime, text } from './fields';

/** Mergeable partial aggregate of one series over one 10 s window. */
export const measure = z.object({
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
  part: z
    .array(text)
    .max(2)
    .optional()
    .describe('Of a series over all services: whose values these are, a service and an operation of it where there are several'),
  sketch: text.describe(
    'DDSketch (relative accuracy 1 %) as base64 of its protobuf form; empty where all values are equal: then min says all',
  ),
});
export type Measure = z.infer<typeof measure>;

/** What a task measured since its last flush, for one partition: all series of a tenant and service are in one, and so are those over all services. */
export const measuresRecord = z.object({
  source: text.describe('Task that made it, e.g. telltale.enricher/0'),
  watermark: isoTime
    .nullable()
    .describe(
      'No earlier event is expected from this source, and none is held back; null: what it measures was complete when it was measured, so no series waits for it',
    ),
  measures: z.array(measure),
});
export type MeasuresRecord = z.infer<typeof measuresRecord>;
