import { BUDGET_ALERT_KINDS, budgetAlertRecord } from '@telltale/contracts';
import { DAY_MS } from '@telltale/kernel';
import { named } from '../../define/definition';
import { defineQuery } from '../../define/define-query';
import { choice, text } from '../../define/params';
import { columnsOf, filterBy, within } from '../../define/where';

const alert = named('BudgetAlert', budgetAlertRecord);

export const listBudgetAlerts = defineQuery({
  name: 'listBudgetAlerts',
  about: 'Budgets that were passed or used up too fast, jumps of spend and turns that cost too much, the newest first.',
  tag: 'costs',
  scope: 'read',
  path: '/api/costs/budgets/alerts',
  params: {
    budget: text('Only of this budget').optional(),
    service: text('Only of this service').optional(),
    kind: choice(BUDGET_ALERT_KINDS, 'Only of this kind').optional(),
  },
  example: { kind: 'level' },
  list: 'alerts',
  row: alert,
  limits: { rows: { fallback: 100, max: 1_000 }, range: { defaultMs: 7 * DAY_MS, maxMs: 400 * DAY_MS } },
  order: () => [
    { column: 'at', type: 'time', descending: true },
    { column: 'id', type: 'text' },
  ],
  sql: ({ budget, service, kind }, period) => {
    const { where, params } = within(filterBy({ budget, service_name: service, kind }), 'at', period);
    return { sql: `SELECT ${columnsOf(alert)} FROM telltale.budget_alerts WHERE ${where}`, params };
  },
});
