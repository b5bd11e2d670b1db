import { DAY_MS, HOUR_MS, isoTime as isoTimeOf, windowStart } from '@telltale/kernel';
import { z } from 'zod';
import { badParameter } from '../define/api-error';
import { named, type Select } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { choice, limitOf, type Period, periodOf, rangeParams, text } from '../define/params';
import { count, isoTime } from '../define/row-fields';
import { numberOf, type Row } from '../define/row-values';
import { filterBy, within } from '../define/where';

const RANGE = { defaultMs: 7 * DAY_MS, maxMs: 400 * DAY_MS };
const STEP_MS = { hour: HOUR_MS, day: DAY_MS };
type Step = keyof typeof STEP_MS;
/** By the hour a longer range has more points than a chart has room for. */
const MAX_HOURS_MS = 31 * DAY_MS;
const FEW_DAYS_MS = 3 * DAY_MS;

/** Columns of `spend`, which has them for as long as it is kept. */
const COLUMNS = {
  service: 'service_name', environment: 'deployment_environment', version: 'service_version', provider: 'provider', model: 'model', prompt: 'prompt_version', tool: 'tool_name', kind: 'kind',
} as const; // prettier-ignore
type Dimension = keyof typeof COLUMNS;
const DIMENSIONS = Object.keys(COLUMNS) as [Dimension, ...Dimension[]];

interface Chosen {
  readonly service?: string | undefined;
  readonly environment?: string | undefined;
}

const spendIn = ({ service, environment }: Chosen, period: Period) =>
  within(filterBy({ service_name: service, deployment_environment: environment }), "toDateTime64(hour, 3, 'UTC')", period);

function topValues(by: Dimension, chosen: Chosen, period: Period, limit: number): Select {
  const { where, params } = spendIn(chosen, period);
  return {
    sql: `SELECT ${COLUMNS[by]} AS value FROM telltale.spend_corrected WHERE ${where} GROUP BY value
      ORDER BY sum(cost_nano_usd) DESC, sum(calls) DESC, value LIMIT {limit:UInt32}`,
    params: { ...params, limit },
  };
}

/** Sums by stretch of time and by the place of the value among `values`, from 1; 0: any other. */
function sums(by: Dimension, step: Step, values: readonly string[], chosen: Chosen, period: Period): Select {
  const { where, params } = spendIn(chosen, period);
  const bound = Object.fromEntries(values.map((value, i) => [`v${i}`, value]));
  const known = Object.keys(bound).map((name) => `{${name}:String}`).join(', '); // prettier-ignore
  const start = step === 'hour' ? "toStartOfHour(hour, 'UTC')" : "toStartOfDay(hour, 'UTC')";
  return {
    sql: `SELECT toUnixTimestamp(${start}) AS seconds, ${known === '' ? '0' : `indexOf([${known}], ${COLUMNS[by]})`} AS place, sum(cost_nano_usd) AS nano,
        sum(estimated_cost_nano_usd) AS estimated_nano, sum(calls) AS n_calls, sum(unpriced_calls) AS n_unpriced
      FROM telltale.spend_corrected WHERE ${where} GROUP BY seconds, place ORDER BY seconds, place`,
    params: { ...params, ...bound },
  };
}

const point = z.object({
  at: isoTime.describe('Start of the hour or day'),
  cost_nano_usd: z.int().describe('Nano-dollars, by the newest price of each call; calls without a price are not in it'),
  estimated_cost_nano_usd: z.int().describe('Of the cost, that of calls whose usage was counted from content'),
  calls: count.describe('Calls that are paid for, weighted'),
  unpriced_calls: count.describe('Of these, calls whose price is unknown'),
});
type Point = z.infer<typeof point>;
const series = z.object({
  value: z.string().describe('Value of the dimension; empty where there is none'),
  is_other: z.boolean().describe('All values but the most expensive ones, together'),
  cost_nano_usd: z.int().describe('Of the whole period'),
  points: z.array(point).describe('In order of time; one for each hour or day, also where nothing was spent'),
});

const FIELDS = { cost_nano_usd: 'nano', estimated_cost_nano_usd: 'estimated_nano', calls: 'n_calls', unpriced_calls: 'n_unpriced' } as const; // prettier-ignore

/** A point for each stretch of time: of the rows that fall into it, the sum. */
function pointsOf(rows: readonly Row[], starts: readonly number[]): Point[] {
  const byStart = new Map<number, Row[]>();
  for (const row of rows) {
    const start = numberOf(row, 'seconds') * 1_000;
    byStart.set(start, [...(byStart.get(start) ?? []), row]);
  }
  return starts.map((start) => {
    const of = byStart.get(start) ?? [];
    const sumOf = (field: keyof typeof FIELDS): number => of.reduce((sum, row) => sum + numberOf(row, FIELDS[field]), 0);
    return { at: isoTimeOf(start), cost_nano_usd: sumOf('cost_nano_usd'), estimated_cost_nano_usd: sumOf('estimated_cost_nano_usd'), calls: sumOf('calls'), unpriced_calls: sumOf('unpriced_calls') }; // prettier-ignore
  });
}

const costOf = (points: readonly Point[]): number => points.reduce((sum, { cost_nano_usd: nano }) => sum + nano, 0);

/** By the hour for a few days, by the day beyond. */
function stepOf(step: Step | undefined, { since, until }: Period): Step {
  if (step === undefined) return until - since <= FEW_DAYS_MS + HOUR_MS ? 'hour' : 'day';
  if (step === 'hour' && until - since > MAX_HOURS_MS + HOUR_MS)
    throw badParameter('step', 'is hour for more than 31 d', 'give day, or ask for a shorter range');
  return step;
}

export const spendOverTime = defineQuery({
  name: 'spendOverTime',
  about:
    'What calls cost over time, by the hour or day: in all, and for each of the most expensive values of a dimension, with the part that rests on counted usage and the calls without a price.',
  tag: 'costs',
  scope: 'read',
  path: '/api/costs/over-time',
  params: {
    by: choice(DIMENSIONS, 'What the spend is divided by').default('model'),
    step: choice(['hour', 'day'], 'Length of a stretch of time (UTC); by the hour for up to 3 d when left out, else by the day').optional(),
    service: text('Only of this service').optional(),
    environment: text('Only of this deployment environment').optional(),
    limit: limitOf({ fallback: 6, max: 20 }).describe('Most values that have a series of their own; the others are one'),
    ...rangeParams(RANGE),
  },
  example: { by: 'model', since: '30d' },
  answer: named(
    'SpendOverTimeAnswer',
    z.object({
      by: z.enum(DIMENSIONS),
      step: z.enum(['hour', 'day']),
      since: isoTime.describe('Start of the first hour or day'),
      until: isoTime.describe('End of the last one'),
      all: z.array(point).describe('Of all values, also those beyond the limit'),
      series: z.array(series).describe('The most expensive first; all others together come last'),
    }),
  ),
  limits: { maxRows: 20, maxRangeMs: RANGE.maxMs },
  run: async ({ by, step: asked, service, environment, limit, ...times }, { clock, rowsOf }) => {
    const now = clock.now();
    const given = periodOf(times, now, RANGE);
    // The hour ahead of now, which no time asked for, would be a stretch of its own.
    const period = times.until === undefined ? { since: given.since, until: Math.max(now, given.since + 1) } : given;
    const step = stepOf(asked, period);
    const span = STEP_MS[step];
    const whole = { since: windowStart(period.since, span), until: windowStart(period.until + span - 1, span) };
    const chosen = { service, environment };
    const values = (await rowsOf(topValues(by, chosen, whole, limit))).map(({ value }) => String(value));
    const rows = await rowsOf(sums(by, step, values, chosen, whole));
    const starts = Array.from({ length: (whole.until - whole.since) / span }, (_, i) => whole.since + i * span);
    const seriesOf = (value: string, place: number) => {
      const points = pointsOf(rows.filter((row) => numberOf(row, 'place') === place), starts); // prettier-ignore
      return { value, is_other: place === 0, cost_nano_usd: costOf(points), points };
    };
    const isOther = rows.some((row) => numberOf(row, 'place') === 0);
    return {
      by,
      step,
      since: isoTimeOf(whole.since),
      until: isoTimeOf(whole.until),
      all: pointsOf(rows, starts),
      series: [...values.map((value, i) => seriesOf(value, i + 1)), ...(isOther ? [seriesOf('', 0)] : [])],
    };
  },
}); // prettier-ignore
