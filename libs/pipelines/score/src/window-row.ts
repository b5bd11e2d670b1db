import { type SeriesWindowRow } from '@telltale/contracts';
import { DAY_MS, isoDay, isoTime } from '@telltale/kernel';
import { type SeriesKey } from './state/series';
import { type OpenWindow, quantileOf } from './state/window';

/** What a row holds beside its numbers. */
export type Scored = Pick<SeriesWindowRow, 'expected' | 'score' | 'backfill' | 'late'>;

/** A row of series_windows. */
export function windowRowOf(
  about: SeriesKey,
  window: OpenWindow,
  scored: Scored,
  now: number,
  retentionDays: number,
): SeriesWindowRow {
  const { count, sum, min, max, errors } = window;
  return {
    tenant: about.tenant,
    series_id: about.id,
    metric: about.metric,
    dimensions: { ...about.dimensions },
    window_start: isoTime(window.start),
    count,
    sum,
    min,
    max,
    errors,
    p50: quantileOf(window, 0.5),
    p95: quantileOf(window, 0.95),
    ...scored,
    expires_on: isoDay(now + retentionDays * DAY_MS),
  };
}
