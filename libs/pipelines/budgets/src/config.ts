import { JUMP_RULE } from '@telltale/domain-cost';
import { z } from 'zod';

const whole = (fallback: number, about: string) => z.coerce.number().int().positive().default(fallback).describe(about);

export const budgetsConfig = z.object({
  BUDGETS_SPIKE_FACTOR: z.coerce
    .number()
    .positive()
    .default(JUMP_RULE.factor)
    .describe('An hour that costs more than this times the usual is a jump of spend, which opens a cost incident'),
  BUDGETS_SPIKE_FLOOR_NANO_USD: z.coerce
    .number()
    .int()
    .nonnegative()
    .default(JUMP_RULE.floorNano)
    .describe('An hour that costs less than this (nano-dollars) is never a jump'),
  BUDGETS_MAX_SERVICES_PER_TENANT: whole(
    5_000,
    'Services of a tenant whose spend by hour is remembered in a task; above it those that spent nothing the longest are forgotten',
  ),
  BUDGETS_MAX_VALUES_PER_TENANT: whole(
    1_000,
    'Budgets of a tenant in a task, each value of one that is divided by a dimension counted; what more values spend is counted together under __overflow__',
  ),
  BUDGETS_MAX_CELLS_PER_TENANT: whole(
    20_000,
    'Sums of a tenant by day and all dimensions of spend, 35 days of them, that a task keeps for budgets that are set later; above it the oldest are forgotten',
  ),
});
export type BudgetsConfig = z.infer<typeof budgetsConfig>;
