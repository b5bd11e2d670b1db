import { DAY_MS, isoTime as isoTimeOf } from '@telltale/kernel';
import { z } from 'zod';
import { ApiError, badParameter } from '../../define/api-error';
import { named } from '../../define/definition';
import { defineQuery } from '../../define/define-query';
import { text, periodOf, rangeParams } from '../../define/params';
import { count, dimensions, isoTime } from '../../define/row-fields';
import { MAX_EVALUATED, readSeries, WARM_UP_DAYS } from './read-series';
import { type RunInRange } from './replay';

const RANGE = { defaultMs: DAY_MS, maxMs: 30 * DAY_MS };
const MAX_SHOWN = 1_000;

const answer = named(
  'ExpectedRangeAnswer',
  z.object({
    series_id: z.string(),
    metric: z.string(),
    dimensions,
    replayed_from: isoTime.describe('First stored window that the detector learned from'),
    runs: count.describe(
      'Runs of windows in the range that were evaluated; 0 where it is not known well enough, or has no values',
    ),
    within: count.describe('Of these, those that lay in the range that was expected of them: what the band covers, measured'),
    is_thinned: z
      .boolean()
      .describe('Whether of each of 1,000 equal spans only the run that is furthest from what was expected is shown'),
    shown: z
      .array(z.array(z.number()))
      .describe('Of each run, in order of time: its end (Unix ms), value, expected value, low and high end of the range'),
  }),
);

/** How far it lies from what was expected, in widths of that side of the range. */
const distanceOf = ({ value, expected, low, high }: RunInRange): number =>
  Math.abs(value - expected) / Math.max(value < expected ? expected - low : high - expected, Number.MIN_VALUE);

/** Of each of `most` equal spans the run that is furthest out, so that no deviation is lost. */
export function thinned(runs: readonly RunInRange[], since: number, until: number, most: number): RunInRange[] {
  if (runs.length <= most) return [...runs];
  const furthest = new Map<number, RunInRange>();
  for (const run of runs) {
    const span = Math.floor(((run.end - since) / (until - since)) * most);
    const before = furthest.get(span);
    if (!before || distanceOf(run) > distanceOf(before)) furthest.set(span, run);
  }
  return [...furthest.values()];
}

export const getExpectedRange = defineQuery({
  name: 'getExpectedRange',
  about:
    'The range that the detector expects of a series, beside its values: the stored windows are evaluated once more, each run before it is learned. How many of them lay in it is counted.',
  tag: 'detection',
  scope: 'read',
  path: '/api/series/{id}/expected',
  params: { id: text('series_id of the series'), ...rangeParams(RANGE) },
  example: { id: 's1', since: '24h' },
  missing: 'there is no series of this id with windows in the range',
  answer,
  run: async ({ id, since, until }, { rowsOf, clock, replay }) => {
    const period = periodOf({ since, until }, clock.now(), RANGE);
    const learned = { since: period.since - WARM_UP_DAYS[0] * DAY_MS, until: period.until };
    const [series] = await readSeries(rowsOf, [id], learned);
    if (!series)
      throw new ApiError('not_found', `there is no series ${id.slice(0, 80)} with windows in the range`, {
        parameter: 'id',
        fix: 'GET /api/series lists them',
      });
    if (series.windows.length > MAX_EVALUATED) throw badParameter('since', 'names too many windows', 'ask for a shorter range');
    const all = await replay.expectedRanges(series);
    const runs = all.filter(({ end }) => end >= period.since && end < period.until);
    const shown = thinned(runs, period.since, period.until, MAX_SHOWN);
    return {
      series_id: series.id,
      metric: series.metric,
      dimensions: { ...series.dimensions },
      replayed_from: isoTimeOf(series.windows[0]?.[0] ?? learned.since),
      runs: runs.length,
      within: runs.filter(({ value, low, high }) => value >= low && value <= high).length,
      is_thinned: shown.length < runs.length,
      shown: shown.map(({ end, value, expected, low, high }) => [end, value, expected, low, high]),
    } satisfies z.infer<typeof answer>;
  },
});
