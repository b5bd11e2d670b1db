import { z } from 'zod';
import { dimensions, isoTime, text } from './fields';

/** Parts of a wide anomaly that are named; those that measured the most. */
export const MAX_WIDE_PARTS = 32;

/** An anomaly over all services of a tenant, for the tasks that hold the series of these services: theirs name it as their parent. The last record of an id holds. */
export const wideAnomalyRecord = z.object({
  tenant: text,
  id: text,
  metric: text.describe('Of the series, as measured: provider.duration also where its share of errors deviates'),
  dimensions,
  channel: text,
  backfill: z.boolean(),
  started_at: isoTime,
  ended_at: isoTime.nullable(),
  direction: z.union([z.literal(-1), z.literal(0), z.literal(1)]),
  parts: z
    .array(z.array(text).max(2))
    .max(MAX_WIDE_PARTS)
    .describe('A service each, and an operation of it where there are several'),
});
export type WideAnomalyRecord = z.infer<typeof wideAnomalyRecord>;
