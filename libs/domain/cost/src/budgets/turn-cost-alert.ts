import { type BudgetAlertRecord, type BudgetSpendRecord } from '@telltale/contracts';
import { hashId, isoTime } from '@telltale/kernel';
import { NO_FIGURES, usdOf } from './alert';
import { type Budget } from './scope';

type CostlyTurn = Extract<BudgetSpendRecord, { kind: 'turn' }>;

/** The record of a turn that costs more than its budget allows, while it may still be running. There is no end of it: the money is spent. */
export function turnCostAlertOf(budget: Budget, turn: CostlyTurn, now: number): BudgetAlertRecord {
  const { tenant, trace_id: trace, service_name: service } = turn;
  const alertId = hashId(24, tenant, budget.name, 'turn_cost', trace);
  return {
    tenant,
    id: hashId(24, alertId, 'firing'),
    alert_id: alertId,
    kind: 'turn_cost',
    severity: 'warning',
    state: 'firing',
    at: isoTime(now),
    budget: budget.name,
    dimension: '',
    value: trace,
    service_name: service,
    period: '',
    period_start: null,
    period_end: null,
    spent_nano_usd: turn.cost_nano_usd,
    limit_nano_usd: turn.limit_nano_usd,
    rate_nano_usd_per_hour: 0,
    ...NO_FIGURES,
    usual_nano_usd: null,
    backfill: false,
    event_time: null,
    summary: `A turn of ${service || 'unnamed service'} has cost ${usdOf(turn.cost_nano_usd)} in ${turn.calls} calls so far; budget ${budget.name} allows ${usdOf(turn.limit_nano_usd)} a turn.`,
  };
}
