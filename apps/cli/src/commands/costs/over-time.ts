import { type Operations } from '@telltale/api-client';
import { type Command } from 'commander';
import { withClient } from '../../client/connect';
import { csvLines } from '../../terminal/csv';
import { UsageError } from '../../terminal/errors';
import { type Io, note } from '../../terminal/io';
import { intOf, printJson, printTable, withExample, withJson } from '../command';

type Params = Operations['spendOverTime']['params'];
interface OverTimeOptions {
  readonly by: Params['by'];
  readonly step?: Params['step'];
  readonly service?: string;
  readonly environment?: string;
  readonly since: string;
  readonly until?: string;
  readonly limit: number;
  readonly csv?: boolean;
  readonly json?: boolean;
}
const COLUMNS = ['at', 'value', 'usd', 'estimated_usd', 'calls', 'unpriced_calls'] as const;

export function registerOverTime(costs: Command, io: Io): void {
  const overTime = costs
    .command('over-time')
    .description('spend by the hour or day, in all and for each of the most expensive values of a dimension')
    .option('--by <dimension>', 'service, environment, version, provider, model, prompt, tool or kind', 'model')
    .option('--step <length>', 'hour or day; hours for up to three days when left out')
    .option('--service <name>', 'only of this service')
    .option('--environment <name>', 'only of this deployment environment')
    .option('--since <time>', 'an age such as 24h or 7d, or ISO 8601', '7d')
    .option('--until <time>', 'now when left out')
    .option('--limit <n>', 'values that have a series of their own', intOf('--limit', 1, 20), 6)
    .option('--csv', 'comma-separated values on stdout');
  withExample(overTime, 'telltale costs over-time --by model --since 30d', 'telltale costs over-time --by prompt --service shop --csv > spend.csv');
  withJson(overTime).action(async ({ json, csv, ...params }: OverTimeOptions) => {
    if (json && csv) throw new UsageError('--json and --csv are given', 'give one of them');
    const answer = await withClient(io, ['insights'], ({ api }) => api.spendOverTime(params));
    if (json) return printJson(io, answer);
    const rows = answer.series.flatMap(({ value, is_other: isOther, points }) =>
      points.map((point) => ({ ...point, value: isOther ? '(all others)' : value, usd: point.cost_nano_usd / 1e9, estimated_usd: point.estimated_cost_nano_usd / 1e9 })),
    );
    if (csv) return csvLines(rows, COLUMNS).forEach((line) => io.out(line));
    printTable(io, rows.filter(({ calls }) => calls > 0), COLUMNS);
    const sumOf = (name: 'cost_nano_usd' | 'unpriced_calls'): number => answer.all.reduce((sum, point) => sum + point[name], 0);
    note(io, `$${(sumOf('cost_nano_usd') / 1e9).toFixed(6)} in all from ${answer.since} to ${answer.until}, by the ${answer.step}`);
    if (sumOf('unpriced_calls') > 0) note(io, `${sumOf('unpriced_calls')} calls have no known price and are in no sum: telltale costs prices gaps`);
  });
} // prettier-ignore
