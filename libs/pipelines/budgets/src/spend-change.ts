import { type BudgetSpendRecord, type ParsedCostRecord } from '@telltale/contracts';
import { type SpendChange } from '@telltale/domain-cost';

type Counted = Pick<
  ParsedCostRecord,
  'hour' | 'calls' | 'unpriced_calls' | 'cost_nano_usd' | 'cost_by_5_minutes' | 'backfill' | 'correction' | 'newly_priced_calls'
>;

/** What a record of costs adds to the budgets that count it. */
export const changeOfCost = (cost: Counted): SpendChange => ({
  hour: Date.parse(cost.hour),
  nano: cost.cost_nano_usd,
  calls: cost.calls,
  unpriced: cost.unpriced_calls - cost.newly_priced_calls,
  byFiveMinutes: cost.cost_by_5_minutes,
  origin: cost.backfill ? 'past' : cost.correction ? 'repriced' : 'live',
});

export const changeOfBudgetSpend = (record: Extract<BudgetSpendRecord, { kind: 'spend' }>): SpendChange => changeOfCost(record);
