import { DAY_MS, HOUR_MS, isoTime as isoTimeOf, windowStart } from '@telltale/kernel';
import { z } from 'zod';
import { named } from '../../define/definition';
import { defineQuery } from '../../define/define-query';
import { limitOf, type Period, periodOf, rangeParams, text } from '../../define/params';
import { isoTime } from '../../define/row-fields';
import { groupingParam } from './grouping';
import { spendSums, turnCounts, turnSums } from './sums';
import { numberOf, type Row } from '../../define/row-values';

const RANGE = { defaultMs: 7 * DAY_MS, maxMs: 400 * DAY_MS };

const money = (about: string) => z.number().nullable().describe(about);
const group = named(
  'SpendGroup',
  z.object({
    value: z.string().describe('Value of the dimension; empty where there is none'),
    cost_nano_usd: z.int().describe('Nano-dollars, by the newest price of each call; calls without a price are not in it'),
    usd: z.number(),
    share: z.number().nullable().describe('Of the spend of the whole period, 0 to 1'),
    calls: z.number().describe('Calls that are paid for, weighted'),
    unpriced_calls: z.number().describe('Of these, calls whose price is unknown'),
    unpriced_share: z.number().nullable().describe('unpriced_calls of calls, 0 to 1'),
    estimated_cost_nano_usd: z.int().nullable().describe('Of the cost, that of calls whose usage was counted from content; null where turns are asked'),
    input_tokens: z.number(),
    output_tokens: z.number(),
    cache_read_share: z.number().nullable().describe('Of the input tokens, 0 to 1'),
    turns: z.number().describe('Turns that had such a call; a turn with several counts under each'),
    sessions: z.number().describe('Sessions of these turns that a producer named'),
    answered_turns: z.number().describe('Of these turns, those that ended with an answer'),
    usd_per_turn: money('Dollars'),
    usd_per_session: money('Dollars'),
    usd_per_answered_turn: money('Dollars: all of the cost over the turns that ended with an answer'),
  }),
); // prettier-ignore
type Group = z.infer<typeof group>;

const per = (amount: number, of: number): number | null => (of > 0 ? amount / of : null);

function groupOf(row: Row, turns: Row | undefined, totalNano: number): Group {
  const nano = numberOf(row, 'nano');
  const usd = nano / 1e9;
  const [calls, unpriced, input] = [numberOf(row, 'n_calls'), numberOf(row, 'n_unpriced'), numberOf(row, 'n_input')];
  const [turnCount, sessions, answered] = [
    numberOf(turns, 'n_turns'),
    numberOf(turns, 'n_sessions'),
    numberOf(turns, 'n_answered'),
  ];
  return {
    value: String(row['value']),
    cost_nano_usd: nano,
    usd,
    share: per(nano, totalNano),
    calls,
    unpriced_calls: unpriced,
    unpriced_share: per(unpriced, calls),
    estimated_cost_nano_usd: row['estimated_nano'] === undefined ? null : numberOf(row, 'estimated_nano'),
    input_tokens: input,
    output_tokens: numberOf(row, 'n_output'),
    cache_read_share: per(numberOf(row, 'n_cache_read'), input),
    turns: turnCount,
    sessions,
    answered_turns: answered,
    usd_per_turn: per(usd, turnCount),
    usd_per_session: per(usd, sessions),
    usd_per_answered_turn: per(usd, answered),
  }; // prettier-ignore
}

/** Spend is summed by the hour: the whole hours around a period. */
export const wholeHours = ({ since, until }: Period): Period => ({
  since: windowStart(since, HOUR_MS),
  until: windowStart(until + HOUR_MS - 1, HOUR_MS),
});

export const topSpend = defineQuery({
  name: 'topSpend',
  about: 'Who spends: cost by any dimension, the most expensive first, with what a turn, a session and an answered turn cost.',
  tag: 'costs',
  scope: 'read',
  path: '/api/costs/top',
  params: {
    by: groupingParam,
    service: text('Only of this service').optional(),
    environment: text('Only of this deployment environment').optional(),
    limit: limitOf({ fallback: 20, max: 1_000 }),
    ...rangeParams(RANGE),
  },
  example: { by: 'model', since: '30d' },
  answer: named(
    'TopSpendAnswer',
    z.object({
      by: z.string(),
      since: isoTime.describe('Start of the first hour'),
      until: isoTime.describe('End of the last hour'),
      groups: z.array(group),
      total: group.describe('All spend of the period, those beyond the limit included'),
    }),
  ),
  limits: { maxRows: 1_000, maxRangeMs: RANGE.maxMs },
  run: async ({ by: grouping, service, environment, limit, ...times }, { clock, rowsOf }) => {
    const period = wholeHours(periodOf(times, clock.now(), RANGE));
    const chosen = { service, environment };
    const [[all], [allTurns], rows] = await Promise.all([
      rowsOf(spendSums(null, chosen, period, 1)),
      rowsOf(turnCounts(null, chosen, period, null)),
      rowsOf(grouping.inSpend === undefined ? turnSums(grouping, chosen, period, limit) : spendSums(grouping, chosen, period, limit)),
    ]); // prettier-ignore
    const total = groupOf(all ?? { value: '' }, allTurns, numberOf(all, 'nano'));
    const counts = grouping.inSpend === undefined
      ? rows
      : await rowsOf(turnCounts(grouping, chosen, period, rows.map(({ value }) => String(value)))); // prettier-ignore
    const byValue = new Map(counts.map((row) => [String(row['value']), row]));
    return {
      by: grouping.by,
      since: isoTimeOf(period.since),
      until: isoTimeOf(period.until),
      groups: rows.map((row) => groupOf(row, byValue.get(String(row['value'])), total.cost_nano_usd)),
      total,
    };
  },
});
