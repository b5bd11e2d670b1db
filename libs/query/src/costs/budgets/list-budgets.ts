import { ALL_TENANTS, BUDGET_DIMENSIONS, BUDGET_PERIODS, type SettingRecord, type SettingValue } from '@telltale/contracts';
import {
  type Budget,
  type BudgetSums,
  isBySpend,
  mergeBudgets,
  nanoOfUsd,
  NO_SUMS,
  periodAt,
  PRESENT_MS,
  statusOf,
} from '@telltale/domain-cost';
import { isoTime as isoTimeOf } from '@telltale/kernel';
import { z } from 'zod';
import { type AskContext, named, type RowsOf } from '../../define/definition';
import { defineQuery } from '../../define/define-query';
import { limitOf, text } from '../../define/params';
import { isoTime } from '../../define/row-fields';
import { presentRate, sumsByTime, sumsOf, topValues } from './stored-sums';

const MAX_BUDGETS = 50;
/** Of those that are asked for beside other things. */
const MAX_WHOLE = 5;

export const budget = named(
  'BudgetStatus',
  z.object({
    budget: z.string().describe('Name of the setting'),
    dimension: z.union([z.enum(BUDGET_DIMENSIONS), z.literal('')]).describe('What it is divided by; empty where it is not'),
    value: z.string().describe('Of that dimension'),
    per: z.enum(BUDGET_PERIODS),
    period_start: isoTime,
    period_end: isoTime,
    state: z.enum(['ok', 'soft', 'hard']).describe('Which of its levels is passed'),
    spent_nano_usd: z.int().describe('In the period so far, by the newest price of each call; calls without a price are not in it'),
    limit_nano_usd: z.int(),
    soft_limit_nano_usd: z.int().nullable(),
    share: z.number().describe('Of the limit, 1 is all of it'),
    rate_nano_usd_per_hour: z.number().describe('Over the last six hours, of a budget a day over the last hour; corrections of these hours are in it'),
    exhausted_at: isoTime.nullable().describe('When it is used up at that rate; null: not in this period, or it is already'),
    forecast_nano_usd: z.int().nullable().describe('Spend expected by the end of the month; null before there are seven whole days, and of days'),
    forecast_low_nano_usd: z.int().nullable().describe('Lower end of the 80 % interval'),
    forecast_high_nano_usd: z.int().nullable().describe('Upper end of the 80 % interval'),
    unpriced_share: z.number().nullable().describe('Of the calls of the last 24 hours, those without a known price; null where there were none'),
  }),
); // prettier-ignore
type Status = z.infer<typeof budget>;

function statusRow({ name, value: setting }: Budget, value: string, sums: BudgetSums, now: number): Status {
  const status = statusOf(setting, sums, now, presentRate(sums, PRESENT_MS[setting.per], now));
  const { period, spent, limit, forecast, perHour, exhaustedAt } = status;
  const soft = setting.soft_usd === undefined ? null : nanoOfUsd(setting.soft_usd);
  return {
    budget: name,
    dimension: setting.each ?? '',
    value,
    per: setting.per,
    period_start: isoTimeOf(period.start),
    period_end: isoTimeOf(period.end),
    state: spent >= limit ? 'hard' : soft !== null && spent >= soft ? 'soft' : 'ok',
    spent_nano_usd: spent,
    limit_nano_usd: limit,
    soft_limit_nano_usd: soft,
    share: spent / limit,
    rate_nano_usd_per_hour: Math.round(perHour),
    exhausted_at: exhaustedAt === null ? null : isoTimeOf(exhaustedAt),
    forecast_nano_usd: forecast?.expected ?? null,
    forecast_low_nano_usd: forecast?.low ?? null,
    forecast_high_nano_usd: forecast?.high ?? null,
    unpriced_share: status.unpricedShare,
  };
}

const budgetsIn = (settings: AskContext['settings'], tenant: string): Budget[] => {
  const [ofAll, own] = [ALL_TENANTS, tenant].map((whose) =>
    settings.list({ type: 'budget', tenant: whose }).map(({ name, value }: SettingRecord) => ({ name, value: value as SettingValue<'budget'> })),
  );
  return mergeBudgets(ofAll ?? [], own ?? []);
}; // prettier-ignore

/** Where the budgets stand that are not divided and that sums by hour know, the one that is used up most first. */
export async function wholeBudgets({ settings, tenant, rowsOf }: Pick<AskContext, 'settings' | 'tenant'> & { readonly rowsOf: RowsOf }, now: number): Promise<Status[]> {
  const whole = budgetsIn(settings, tenant).filter((one) => one.value.each === undefined && isBySpend(one)).slice(0, MAX_WHOLE);
  const rows: Status[] = [];
  for (const one of whole) rows.push(statusRow(one, '', sumsOf(await rowsOf(sumsByTime(one, [''], now))).get('') ?? NO_SUMS, now));
  return rows.sort((a, b) => b.share - a.share);
} // prettier-ignore

export const listBudgets = defineQuery({
  name: 'listBudgets',
  about: 'How budgets stand: spent, what is left, when they are used up at the present rate, and what the month comes to.',
  tag: 'costs',
  scope: 'read',
  path: '/api/costs/budgets',
  params: {
    budget: text('Only this budget').optional(),
    limit: limitOf({ fallback: 10, max: 100 }).describe('Values of each budget that is divided by a dimension, those that spent most'),
  },
  example: { limit: 5 },
  answer: named(
    'BudgetsAnswer',
    z.object({
      at: isoTime.describe('When it was asked'),
      budgets: z.array(budget),
      left_out: z.int().describe(`Budgets beyond the first ${MAX_BUDGETS} by name`),
    }),
  ),
  limits: { maxRows: MAX_BUDGETS * 100 },
  run: async ({ budget: only, limit }, { clock, rowsOf, settings, tenant }) => {
    const now = clock.now();
    const all = budgetsIn(settings, tenant).filter(({ name }) => only === undefined || name === only);
    const rows: Status[] = [];
    for (const one of all.slice(0, MAX_BUDGETS)) {
      const { start } = periodAt(one.value.per, now);
      const values = one.value.each === undefined ? [''] : (await rowsOf(topValues(one, start, limit))).map(({ value }) => String(value));
      if (values.length === 0) continue;
      const sums = sumsOf(await rowsOf(sumsByTime(one, values, now)));
      rows.push(...values.map((value) => statusRow(one, value, sums.get(value) ?? NO_SUMS, now)));
    }
    return { at: isoTimeOf(now), budgets: rows, left_out: Math.max(0, all.length - MAX_BUDGETS) };
  },
}); // prettier-ignore
