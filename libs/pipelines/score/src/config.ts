import { z } from 'zod';

const ms = (fallback: number) => z.coerce.number().int().nonnegative().default(fallback);
const days = (fallback: number) => z.coerce.number().int().positive().default(fallback);

export const scorerConfig = z.object({
  SCORER_GRACE_MS: ms(2_000).describe('A window is scored this long after its end, by event time'),
  SCORER_LATENESS_MS: ms(120_000).describe(
    'Live windows that open later than this behind the watermark are late: stored and counted, not scored',
  ),
  SCORER_SOURCE_IDLE_MS: ms(10_000).describe('A source that is silent this long no longer holds the watermark back'),
  SCORER_LATE_BUFFER_MS: ms(2_000).describe('How long windows that come behind the watermark wait for their other parts'),
  SCORER_BACKFILL_AFTER_MS: ms(600_000).describe('Windows this old when scored are backfill: they raise no live alert'),
  DETECTOR_RESOLVE_AFTER_NO_DATA_MS: ms(300_000).describe(
    'An anomaly ends when its series is silent this long (longer for sparse series)',
  ),
  SCORER_MAX_WINDOWS_PER_BATCH: z.coerce
    .number()
    .int()
    .positive()
    .default(20_000)
    .describe('Most windows scored in one range; the rest is for the next, so that no range takes long'),
  DETECTOR_FALSE_POSITIVES_PER_DAY: z.coerce
    .number()
    .positive()
    .default(5)
    .describe(
      'False anomalies a day that a tenant accepts, over all its series; `telltale detector sensitivity set` changes it per tenant',
    ),
  SCORER_WINDOW_RETENTION_DAYS: days(30).describe('Days that rows of series_windows are kept'),
  SERIES_TTL_DAYS: days(30).describe('A series that says nothing this long is forgotten; if it comes again it is new'),
  SCORER_MAX_SERIES_PER_TENANT: z.coerce
    .number()
    .int()
    .positive()
    .default(100_000)
    .describe(
      'Series of a tenant that a task knows, about 1.5 KB each; above it those that said nothing the longest are forgotten',
    ),
});
export type ScorerConfig = z.infer<typeof scorerConfig>;
