import { TOPICS } from '@telltale/contracts';
import { JUMP_RULE } from '@telltale/domain-cost';
import { defineService, pipelineUnder } from '@telltale/streaming';
import { type BudgetsConfig, budgetsConfig } from './config';
import { type BudgetRules, createBudgetsTask } from './pipeline';

const rulesOf = (config: BudgetsConfig): BudgetRules => ({
  spike: { ...JUMP_RULE, factor: config.BUDGETS_SPIKE_FACTOR, floorNano: config.BUDGETS_SPIKE_FLOOR_NANO_USD },
  maxServices: config.BUDGETS_MAX_SERVICES_PER_TENANT,
  maxValues: config.BUDGETS_MAX_VALUES_PER_TENANT,
  maxCells: config.BUDGETS_MAX_CELLS_PER_TENANT,
});

export const budgetsService = defineService({
  name: 'budgets',
  app: 'costs',
  about: 'Holds spend against budgets, and hours against what is usual, and says where they are passed or used up too fast.',
  httpPort: 4339,
  inputs: [TOPICS.settings, TOPICS.costs, TOPICS.budgetSpend],
  outputs: [TOPICS.budgets],
  tables: ['budget_alerts'],
  state: TOPICS.budgetsState,
  config: budgetsConfig,
  pipeline: (config: BudgetsConfig) =>
    pipelineUnder(budgetsConfig, config, (under, restored) => createBudgetsTask(rulesOf(under), restored)),
});
