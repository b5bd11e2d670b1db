import { isoTime as isoTimeOf } from '@telltale/kernel';
import { z } from 'zod';
import { named, type RowsOf } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { wholeNumberIn } from '../define/params';
import { isoTime } from '../define/row-fields';
import { numberOf } from '../define/row-values';
import { SOURCES } from './explored-field';
import { type ExploredRows, exploredParams, exploredRows, fromRows, RANGE, samplingOf } from './explored-rows';
import { startOf, STEP_OF_ROW, timeSteps } from './time-steps';

const MOST_ROWS = 10_000_000;
const COLUMNS = 80;
const LEVELS = 40;
/** Shorter ones are drawn at this. */
const LEAST_MS = 0.01;
const LONGEST_MS = '1e10';
const DURATION = `greatest(least(duration_ms, ${LONGEST_MS}), ${LEAST_MS})`;
const clamped = (ms: number): number => Math.min(Number(LONGEST_MS), Math.max(LEAST_MS, ms));

const round = (value: number): number => Math.round(value * 1_000) / 1_000;
/** Short enough to be written in a filter, fine enough that a filter by it finds the rows of the cell. */
const edge = (value: number): number => Number(value.toPrecision(6));

interface Extent {
  readonly low: number;
  readonly high: number;
  readonly known: number;
  readonly unknown: number;
}

async function readExtent(rows: ExploredRows, sampled: number, rowsOf: RowsOf): Promise<Extent> {
  const { from, params } = fromRows(rows, [], sampled);
  const [row] = await rowsOf({
    sql: `SELECT min(duration_ms) AS low, max(duration_ms) AS high, count(duration_ms) AS n_known, sumIf(sampling_weight, isNull(duration_ms)) AS n_unknown FROM ${from}`,
    params,
  });
  const [low, high] = [clamped(numberOf(row, 'low')), clamped(numberOf(row, 'high'))];
  return { low, high, known: numberOf(row, 'n_known'), unknown: numberOf(row, 'n_unknown') };
}

/** Levels in a tenfold of duration, so that what there is takes about as many levels as fit. */
const levelsPerTenfold = ({ low, high }: Extent): number =>
  Math.min(20, Math.max(4, Math.floor(LEVELS / Math.max(1, Math.log10(high / low)))));

export const exploreHeatMap = defineQuery({
  name: 'exploreHeatMap',
  about: 'Durations of turns or events over time: how many lie in each cell of time and (logarithmic) duration, and the percentile of each level.',
  tag: 'explore',
  scope: 'read',
  path: '/api/explore/heat-map',
  params: { ...exploredParams, steps: wholeNumberIn(1, 200, 'Most stretches of time').default(COLUMNS) },
  example: { where: 'service_name:shop', since: '6h' },
  answer: named(
    'ExploreHeatMapAnswer',
    z.object({
      of: z.enum(SOURCES),
      since: isoTime,
      until: isoTime,
      step_ms: z.int(),
      times: z.array(isoTime).describe('Starts of the stretches of time'),
      levels: z.array(
        z.object({
          from_ms: z.number(),
          to_ms: z.number().describe('First duration above the level'),
          count: z.number(),
          percentile: z.number().describe('Percent of all that are shorter than to_ms'),
        }),
      ).describe('From the shortest to the longest'),
      cells: z.array(
        z.object({ time: z.int().describe('Index in times'), level: z.int().describe('Index in levels'), count: z.number(), failed: z.number().describe('Of these with status error') }),
      ).describe('Cells that hold any, counted by sampling weight'),
      count: z.number(),
      without_duration: z.number().describe('Rows of unknown duration, which are in no cell'),
      sampled_one_in: z.int(),
    }),
  ),
  limits: { maxRows: 10_000, maxRangeMs: RANGE.maxMs },
  run: async ({ steps: most, ...given }, { clock, rowsOf }) => {
    const rows = exploredRows(given, clock.now());
    const steps = timeSteps(rows.period, most);
    const sampled = await samplingOf(rows, MOST_ROWS, rowsOf);
    const extent = await readExtent(rows, sampled, rowsOf);
    const base = {
      of: rows.source,
      since: isoTimeOf(rows.period.since),
      until: isoTimeOf(rows.period.until),
      step_ms: steps.stepMs,
      times: Array.from({ length: steps.count }, (_, i) => isoTimeOf(startOf(steps, i))),
      without_duration: round(extent.unknown * sampled),
      sampled_one_in: sampled,
    };
    if (extent.known === 0) return { ...base, levels: [], cells: [], count: 0 };
    const perTenfold = levelsPerTenfold(extent);
    const levelOf = (ms: number): number => Math.floor(Math.log10(ms) * perTenfold);
    const { from, params } = fromRows(rows, [], sampled);
    const found = await rowsOf({
      sql: `SELECT toInt64(${STEP_OF_ROW}) AS step, toInt32(floor(log10(${DURATION}) * ${perTenfold})) AS level, sum(sampling_weight) AS n, sumIf(sampling_weight, status = 'error') AS n_failed
        FROM ${from} AND isNotNull(duration_ms) GROUP BY step, level ORDER BY step, level`,
      params: { ...params, step: steps.stepMs },
    });
    const lowest = Math.min(levelOf(extent.low), ...found.map((row) => numberOf(row, 'level')));
    const highest = Math.max(levelOf(extent.high), ...found.map((row) => numberOf(row, 'level')));
    const counts = new Array<number>(highest - lowest + 1).fill(0);
    for (const row of found) counts[numberOf(row, 'level') - lowest] = (counts[numberOf(row, 'level') - lowest] ?? 0) + numberOf(row, 'n');
    const all = counts.reduce((sum, count) => sum + count, 0);
    let below = 0;
    const levels = counts.map((count, i) => {
      below += count;
      const start = (level: number): number => edge(10 ** (level / perTenfold));
      return { from_ms: start(lowest + i), to_ms: start(lowest + i + 1), count: round(count * sampled), percentile: Math.round((1e4 * below) / all) / 100 };
    });
    const cells = found.map((row) => ({
      time: numberOf(row, 'step') - steps.first,
      level: numberOf(row, 'level') - lowest,
      count: round(numberOf(row, 'n') * sampled),
      failed: round(numberOf(row, 'n_failed') * sampled),
    }));
    return { ...base, levels, cells, count: round(all * sampled) };
  },
}); // prettier-ignore
