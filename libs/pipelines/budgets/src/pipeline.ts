import {
  ALL_TENANTS,
  type BudgetAlertRecord,
  budgetSpendRecord,
  costRecord,
  type ParsedCostRecord,
  TOPICS,
} from '@telltale/contracts';
import {
  type Budget,
  budgetValueOf,
  isBySpend,
  mergeBudgets,
  scopeOf,
  type SpikeRule,
  turnCostAlertOf,
} from '@telltale/domain-cost';
import { allOf, createEffects, createTaskSettings, type Effects, madeOfSettings, readOrReject, type TaskProcessor } from '@telltale/streaming'; // prettier-ignore
import { changeOfBudgetSpend, changeOfCost } from './spend-change';
import { createBudgetBook } from './state/budget-book';
import { createSpendCells } from './state/spend-cells';
import { createSpikes } from './state/spikes';

export interface BudgetRules {
  readonly spike: SpikeRule;
  /** Most services of a tenant whose spend by hour is remembered in a task. */
  readonly maxServices: number;
  /** Most budgets, and values of budgets, of a tenant in a task. */
  readonly maxValues: number;
  /** Most sums by day and dimensions of a tenant in a task. */
  readonly maxCells: number;
}

const STEP = 'read_input';

/**
 * One task of budgets: spend in, edges out. What the topic of costs says is kept by day and dimension, so that a budget that is set today
 * knows what this month has spent; what only calls say is counted from when a budget asks for it.
 */
export function createBudgetsTask(rules: BudgetRules, restored: ReadonlyMap<string, Buffer>): TaskProcessor {
  const settings = createTaskSettings(['budget'], restored);
  const cells = createSpendCells(restored, rules.maxCells);
  const book = createBudgetBook(restored, rules.maxValues);
  const spikes = createSpikes(restored, rules.spike, rules.maxServices);
  const state = allOf(cells, book, spikes);
  const budgetsOf = madeOfSettings(settings, (tenant) =>
    mergeBudgets(settings.of('budget', ALL_TENANTS), settings.of('budget', tenant)).map((budget) => ({
      budget,
      scope: scopeOf(budget),
      isBySpend: isBySpend(budget),
    })),
  );
  /** Tenants whose budgets were opened, under the settings of `revision`. */
  let open = { revision: -1, tenants: new Set<string>() };

  function send(alert: BudgetAlertRecord, effects: Effects): void {
    const json = JSON.stringify(alert);
    effects.output(TOPICS.budgets, alert.tenant, json);
    effects.row('budget_alerts', json);
    effects.count(`budget_alerts_${alert.kind}`);
  }

  /** Begins the budgets of a tenant that are new, or count other calls than before, with what is known of the days before. */
  function openBudgets(tenant: string, now: number, effects: Effects): void {
    if (open.revision !== settings.revision()) open = { revision: settings.revision(), tenants: new Set() };
    if (open.tenants.has(tenant)) return;
    open.tenants.add(tenant);
    for (const { budget, scope, isBySpend: isKnown } of budgetsOf(tenant)) {
      if (book.scopeOf(tenant, budget.name) === scope) continue;
      book.close(tenant, budget.name, now).forEach((alert) => send(alert, effects));
      book.open(tenant, budget.name, scope, isKnown ? cells.sumsOf(tenant, budget) : new Map());
    }
  }

  /** After a change of settings: budgets that are no more end, and new ones begin for every tenant that is known. */
  function followSettings(now: number, effects: Effects): void {
    for (const { tenant, budget } of book.opened())
      if (!budgetsOf(tenant).some((one) => one.budget.name === budget))
        book.close(tenant, budget, now).forEach((alert) => send(alert, effects));
    for (const tenant of cells.tenants()) openBudgets(tenant, now, effects);
  }

  function onCost(cost: ParsedCostRecord, now: number, effects: Effects): void {
    const { tenant } = cost;
    openBudgets(tenant, now, effects);
    const change = changeOfCost(cost);
    cells.add(cost, change);
    for (const { budget, isBySpend: isKnown } of budgetsOf(tenant)) {
      const value = isKnown ? budgetValueOf(budget, cost) : null;
      if (value !== null) book.add(tenant, budget.name, value, change);
    }
    spikes.add(cost).forEach((alert) => send(alert, effects));
  }

  function onBudgetSpend(record: ReturnType<typeof budgetSpendRecord.parse>, now: number, effects: Effects): void {
    const { tenant } = record;
    openBudgets(tenant, now, effects);
    const found = budgetsOf(tenant).find(({ budget }) => budget.name === record.budget);
    if (record.kind === 'turn') {
      if (found) send(turnCostAlertOf(found.budget, record, now), effects);
    } else if (found?.scope === record.scope && !found.isBySpend)
      book.add(tenant, record.budget, record.value, changeOfBudgetSpend(record));
    else effects.count('budget_spend_outdated');
  }

  const budgetOf = (tenant: string, name: string): Budget | null =>
    budgetsOf(tenant).find(({ budget }) => budget.name === name)?.budget ?? null;

  return {
    process(records, { now }) {
      const effects = createEffects();
      state.startBatch(now);
      const before = settings.revision();
      const rest = settings.take(records, effects);
      if (settings.revision() !== before) followSettings(now, effects);
      for (const record of rest) {
        if (record.topic === TOPICS.costs.name) {
          const cost = readOrReject(record, costRecord, STEP, effects);
          if (cost) onCost(cost, now, effects);
        } else {
          const spend = readOrReject(record, budgetSpendRecord, STEP, effects);
          if (spend) onBudgetSpend(spend, now, effects);
        }
      }
      book.evaluate(budgetOf, now).forEach((alert) => send(alert, effects));
      spikes.takeOver(now).forEach((alert) => send(alert, effects));
      state.flush(effects);
      settings.flush(effects);
      return effects.done();
    },
    due: state.due,
  };
}
