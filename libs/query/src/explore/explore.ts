import { isoTime as isoTimeOf } from '@telltale/kernel';
import { z } from 'zod';
import { named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { choice, text, wholeNumberIn } from '../define/params';
import { isoTime } from '../define/row-fields';
import { AGGREGATIONS, UNITS } from '../fields/measures';
import { aggregateOf } from './aggregate';
import { SOURCES } from './explored-field';
import { exploredParams, exploredRows, RANGE, samplingOf } from './explored-rows';
import { groupByOf } from './group-by';
import { readSeries } from './series';
import { sqlText } from './sql-text';
import { startOf, timeSteps } from './time-steps';

/** More rows than these are sampled. */
const MOST_ROWS = 20_000_000;
/** Groups of which there may be as many as rows take memory each. */
const MOST_ROWS_OF_MANY = 2_000_000;
const MAX_STEPS = 120;

const number = z.number().nullable();
const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;
const series = {
  value: number.describe('Over the whole range; null: no row has the measure'),
  count: z.number().describe('How many turns or events: rows count by their sampling weight'),
  values: z.array(number).describe('One for each of times'),
};
const group = named(
  'ExploredGroup',
  z.object({
    by: z.record(z.string(), z.string()).nullable().describe('Values of the dimensions, empty text where a row has none; null: all groups beyond the shown ones, together'),
    ...series,
  }),
); // prettier-ignore

export const explore = defineQuery({
  name: 'explore',
  about: 'A measure of turns or events over time, whole and by one or two dimensions, for the rows that filters let through.',
  tag: 'explore',
  scope: 'read',
  path: '/api/explore',
  params: {
    ...exploredParams,
    measure: text('A measure of GET /api/fields: rows, duration_ms, cost_nano_usd …', 60).default('rows'),
    aggregation: choice(AGGREGATIONS, 'One that means something for the measure; the first of count, p95 (of times), sum, avg when left out').optional(),
    by: text('Dimensions to group by, at most two, with a comma between', 250).optional(),
    top: wholeNumberIn(1, 20, 'Groups with a line of their own; all others are one').default(6),
    steps: wholeNumberIn(1, 400, 'Most stretches of time').default(MAX_STEPS),
  },
  example: { where: 'status:error', by: 'intent', measure: 'duration_ms', aggregation: 'p95' },
  answer: named(
    'ExploreAnswer',
    z.object({
      of: z.enum(SOURCES),
      measure: z.string(),
      unit: z.enum(UNITS),
      aggregation: z.enum(AGGREGATIONS),
      by: z.array(z.string()),
      since: isoTime,
      until: isoTime,
      step_ms: z.int(),
      times: z.array(isoTime).describe('Starts of the stretches; the first may begin before since and the last end after until, and hold less then'),
      total: z.object(series),
      groups: z.array(group),
      group_count: z.int().describe('Groups there are'),
      sampled_one_in: z.int().describe('1: every row was read; else one turn in so many, and counts and sums are multiplied'),
      sql: z.string().describe('The series as a statement for POST /api/query, telltale query and query_sql: every group, unsampled'),
    }),
  ),
  limits: { maxRows: 20, maxRangeMs: RANGE.maxMs },
  run: async ({ measure, aggregation, by, top, steps: most, ...given }, { clock, rowsOf }) => {
    const rows = exploredRows(given, clock.now());
    const aggregate = aggregateOf(rows.source, measure, aggregation);
    const groupBy = groupByOf(rows.source, by);
    const steps = timeSteps(rows.period, most);
    const isMany = groupBy.fields.some(({ cardinality }) => cardinality === 'many');
    const sampled = await samplingOf(rows, isMany ? MOST_ROWS_OF_MANY : MOST_ROWS, rowsOf);
    const { total, groups, groupCount } = await readSeries({ rows, aggregate, groupBy, steps, sampled }, top, rowsOf);
    return {
      of: rows.source,
      measure: aggregate.measure.name,
      unit: aggregate.measure.unit,
      aggregation: aggregate.aggregation,
      by: groupBy.fields.map(({ name }) => name),
      since: isoTimeOf(rows.period.since),
      until: isoTimeOf(rows.period.until),
      step_ms: steps.stepMs,
      times: Array.from({ length: steps.count }, (_, i) => isoTimeOf(startOf(steps, i))),
      total: { ...total, count: rounded(total.count) },
      groups: groups.map((one) => ({ ...one, count: rounded(one.count) })),
      group_count: groupCount,
      sampled_one_in: sampled,
      sql: sqlText(rows, aggregate, groupBy, steps),
    };
  },
}); // prettier-ignore
