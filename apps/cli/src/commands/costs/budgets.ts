import { type Command } from 'commander';
import { withClient } from '../../client/connect';
import { type Io, note } from '../../terminal/io';
import { intOf, printJson, printTable, withExample, withJson } from '../command';

interface BudgetsOptions {
  readonly budget?: string;
  readonly limit: number;
  readonly alerts?: boolean;
  readonly json?: boolean;
}

const dollars = (nano: number): string => `$${(nano / 1e9).toFixed(2)}`;
const COLUMNS = ['budget', 'value', 'per', 'state', 'spent', 'limit', 'share', 'per_hour', 'used_up_at', 'forecast', 'unpriced'];

async function printAlerts(io: Io, { budget, json }: BudgetsOptions): Promise<void> {
  const answer = await withClient(io, ['insights'], ({ api }) =>
    api.listBudgetAlerts({ ...(budget && { budget }), since: '30d' }),
  );
  if (json) return printJson(io, answer);
  printTable(io, answer.alerts, ['at', 'state', 'kind', 'severity', 'summary']);
}

export function registerBudgets(costs: Command, io: Io): void {
  const budgets = costs
    .command('budgets')
    .description('how budgets stand: spent, when they are used up at the present rate, and what the month comes to')
    .option('--budget <name>', 'only this one')
    .option('--limit <n>', 'values of each budget that is divided by a dimension', intOf('--limit', 1, 100), 10)
    .option('--alerts', 'what they reported in the last 30 days instead');
  withExample(budgets, 'telltale settings set budget monthly usd=500 soft_usd=400', 'telltale costs budgets --json');
  withJson(budgets).action(async (options: BudgetsOptions) => {
    if (options.alerts) return printAlerts(io, options);
    const { json, budget, limit } = options;
    const answer = await withClient(io, ['insights'], ({ api }) => api.listBudgets({ ...(budget && { budget }), limit }));
    if (json) return printJson(io, answer);
    const rows = answer.budgets.map((one) => ({
      budget: one.budget,
      value: one.dimension && `${one.dimension} ${one.value || '(none)'}`,
      per: one.per,
      state: one.state,
      spent: dollars(one.spent_nano_usd),
      limit: dollars(one.limit_nano_usd),
      share: `${(one.share * 100).toFixed(1)} %`,
      per_hour: dollars(one.rate_nano_usd_per_hour),
      used_up_at: one.exhausted_at ?? '–',
      forecast:
        one.forecast_nano_usd === null
          ? '–'
          : `${dollars(one.forecast_nano_usd)} (80 %: ${dollars(one.forecast_low_nano_usd ?? 0)} to ${dollars(one.forecast_high_nano_usd ?? 0)})`,
      unpriced: one.unpriced_share === null ? '–' : `${(one.unpriced_share * 100).toFixed(1)} %`,
    }));
    printTable(io, rows, COLUMNS);
    if (rows.length === 0) note(io, 'no budget is set, or none has spent anything: telltale settings set budget monthly usd=500');
    if (answer.left_out > 0) note(io, `${answer.left_out} more budgets are not shown: --budget NAME asks for one`);
  });
}
