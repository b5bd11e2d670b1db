import { z } from 'zod';
import { text } from './fields';

/** What the table of spend has of a call, by the name that people use. */
export const SPEND_DIMENSIONS = ['service', 'environment', 'version', 'provider', 'model', 'prompt', 'tool', 'kind'] as const;
/** What only the call itself says. */
export const CALL_DIMENSIONS = ['user', 'agent', 'region', 'release'] as const;
export const BUDGET_DIMENSIONS = [...SPEND_DIMENSIONS, ...CALL_DIMENSIONS] as const;
export type BudgetDimension = (typeof BUDGET_DIMENSIONS)[number];

const MAX_USD = 1_000_000_000;
const usd = z.number().positive().max(MAX_USD);
const KNOWN = `is no dimension of a budget; give one of ${BUDGET_DIMENSIONS.join(', ')}`;

/** The values of a budget's dimensions; the name of one that is unknown is refused with those there are. */
const where = z
  .record(z.string(), text.max(300))
  .superRefine((given, context) => {
    for (const name of Object.keys(given))
      if (!BUDGET_DIMENSIONS.some((known) => known === name)) context.addIssue({ code: 'custom', path: [name], message: KNOWN });
  })
  .transform((given): Partial<Record<BudgetDimension, string>> => given);

export const BUDGET_PERIODS = ['day', 'month'] as const;

/** Money that may be spent in a period, and what is to be said before it is gone. */
export const budgetValue = z
  .strictObject({
    usd: usd.describe('Dollars that may be spent in a period; above it the budget is exceeded'),
    soft_usd: usd.optional().describe('Dollars from which on it is said that the budget is being used up'),
    per: z.enum(BUDGET_PERIODS).default('month').describe('Period, in UTC'),
    where: where.optional().describe('Only calls with these values; every call when absent'),
    each: z.enum(BUDGET_DIMENSIONS, { error: KNOWN }).optional().describe('A budget of its own for each value of this dimension'),
    max_unpriced_share: z.number().gt(0).max(1).optional().describe('Share of the calls of a day without a known price above which it is said that the sums are too low'),
    max_turn_usd: usd.optional().describe('A turn that costs more is reported while it is still running'),
    currency: z.literal('USD', { error: 'is not USD: give dollars, or leave it out' }).optional(),
  })
  .refine(({ usd: hard, soft_usd: soft }) => soft === undefined || soft <= hard, {
    path: ['soft_usd'],
    message: 'is more than usd: give a soft_usd of at most usd',
  }); // prettier-ignore
