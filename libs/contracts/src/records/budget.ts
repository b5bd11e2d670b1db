import { z } from 'zod';
import { BUDGET_DIMENSIONS } from './budget-setting';
import { isoTime, text } from './fields';

const nano = z.number().int();
const count = z.number().nonnegative();

/**
 * What the costs service finds out for budgets, for it alone sees each call: `spend` of budgets by what only calls say, as deltas to be
 * summed, and a `turn` that costs more than its budget allows. Key: tenant.
 */
export const budgetSpendRecord = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('spend'),
    tenant: text,
    budget: text,
    scope: text.describe('Digest of which calls the budget counts when this was counted'),
    value: text.describe('Of the dimension that the budget is divided by; empty where it is not'),
    hour: isoTime,
    calls: count,
    unpriced_calls: count,
    cost_nano_usd: nano,
    cost_by_5_minutes: z.array(nano).max(12),
    backfill: z.boolean(),
    correction: z.boolean(),
    newly_priced_calls: count,
  }),
  z.object({
    kind: z.literal('turn'),
    tenant: text,
    budget: text,
    trace_id: text,
    service_name: text,
    cost_nano_usd: nano.describe('Of the turn so far'),
    limit_nano_usd: nano,
    calls: count.describe('Of the turn so far'),
  }),
]);
export type BudgetSpendRecord = z.infer<typeof budgetSpendRecord>;

export const BUDGET_ALERT_KINDS = ['level', 'burn_rate', 'unpriced_share', 'turn_cost', 'hourly_spike'] as const;

/** A budget, or what is usual, is departed from, or kept again: an edge. The row of table `budget_alerts` is the same JSON. Key: tenant. */
export const budgetAlertRecord = z.object({
  tenant: text,
  id: text.describe('Deterministic'),
  alert_id: text.describe('The same for firing and resolved'),
  kind: z.enum(BUDGET_ALERT_KINDS),
  severity: z
    .enum(['soft', 'hard', 'fast', 'slow', 'ticket', 'warning'])
    .describe('Of level soft or hard, of burn_rate fast, slow or ticket; warning of the others'),
  state: z.enum(['firing', 'resolved']),
  at: isoTime,
  budget: text.describe('Name of the setting; empty of hourly_spike'),
  dimension: z.union([z.enum(BUDGET_DIMENSIONS), z.literal('')]).describe('What the budget is divided by'),
  value: text.describe('Of that dimension; of turn_cost the trace id'),
  service_name: text.describe('Where the budget, or the jump, is of one service'),
  period: z.union([z.enum(['day', 'month', 'hour']), z.literal('')]),
  period_start: isoTime.nullable(),
  period_end: isoTime.nullable(),
  spent_nano_usd: nano.describe('In the period so far'),
  limit_nano_usd: nano.nullable().describe('What was passed; of burn_rate the whole budget'),
  rate_nano_usd_per_hour: z.number().describe('Present rate: over the long window of a burn rate, else over the last hours'),
  burn_rate: z.number().nullable().describe('Over the long window, as a multiple of the rate that uses the budget up exactly'),
  short_burn_rate: z.number().nullable().describe('The same over the short window'),
  exhausted_at: isoTime.nullable().describe('When the budget is used up at the present rate; null: not in this period, or it is already'),
  forecast_nano_usd: nano.nullable().describe('Spend expected by the end of the period; null before there are seven whole days'),
  forecast_low_nano_usd: nano.nullable().describe('Lower end of the 80 % interval'),
  forecast_high_nano_usd: nano.nullable().describe('Upper end of the 80 % interval'),
  unpriced_share: z.number().nullable().describe('Of the calls of the last 24 hours'),
  usual_nano_usd: nano.nullable().describe('Of hourly_spike: median of the hours before'),
  backfill: z.boolean().describe('Of events that came long after their own time: raises no alert'),
  event_time: isoTime.nullable().describe('Of hourly_spike: how far the event time of the tenant had come'),
  summary: text.describe('One sentence for people'),
}); // prettier-ignore
export type BudgetAlertRecord = z.infer<typeof budgetAlertRecord>;
