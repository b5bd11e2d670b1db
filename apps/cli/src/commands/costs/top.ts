import { type Command } from 'commander';
import { withClient } from '../../client/connect';
import { csvLines } from '../../terminal/csv';
import { UsageError } from '../../terminal/errors';
import { type Io, note } from '../../terminal/io';
import { intOf, printJson, printTable, withExample, withJson } from '../command';

const COLUMNS = [
  'value', 'usd', 'share', 'calls', 'unpriced_share', 'input_tokens', 'output_tokens', 'cache_read_share', 'turns', 'sessions', 'usd_per_turn', 'usd_per_session', 'usd_per_answered_turn',
] as const; // prettier-ignore
const CSV_COLUMNS = [
  'value', 'cost_nano_usd', 'usd', 'share', 'calls', 'unpriced_calls', 'unpriced_share', 'estimated_cost_nano_usd', 'input_tokens', 'output_tokens', 'cache_read_share', 'turns', 'sessions',
  'answered_turns', 'usd_per_turn', 'usd_per_session', 'usd_per_answered_turn',
] as const; // prettier-ignore

interface TopOptions {
  readonly by: string;
  readonly service?: string;
  readonly environment?: string;
  readonly since: string;
  readonly until?: string;
  readonly limit: number;
  readonly csv?: boolean;
  readonly json?: boolean;
}

const percent = (share: number | null): string => (share === null ? '–' : `${(share * 100).toFixed(1)} %`);

export function registerTop(costs: Command, io: Io): void {
  const top = costs
    .command('top')
    .description('who spends: cost by a dimension, the most expensive first, with what a turn, a session and an answered turn cost')
    .option(
      '--by <dimension>',
      'hour, day, service, environment, version, provider, model, prompt, tool, kind, user, session, intent, outcome, language, region, release, agent, flag:NAME or dimension:NAME',
      'service',
    )
    .option('--service <name>', 'only of this service')
    .option('--environment <name>', 'only of this deployment environment')
    .option('--since <time>', 'an age such as 24h or 7d, or ISO 8601', '7d')
    .option('--until <time>', 'now when left out')
    .option('--limit <n>', 'how many', intOf('--limit', 1, 1_000), 20)
    .option('--csv', 'comma-separated values on stdout');
  withExample(top, 'telltale costs top --by model --since 30d', 'telltale costs top --by flag:new_prompt --csv > spend.csv');
  withJson(top).action(async ({ json, csv, ...params }: TopOptions) => {
    if (json && csv) throw new UsageError('--json and --csv are given', 'give one of them');
    const answer = await withClient(io, ['insights'], ({ api }) => api.topSpend(params));
    if (json) return printJson(io, answer);
    if (csv) return csvLines(answer.groups, CSV_COLUMNS).forEach((line) => io.out(line));
    const rows = answer.groups.map((group) => ({
      ...group,
      share: percent(group.share),
      unpriced_share: percent(group.unpriced_share),
      cache_read_share: percent(group.cache_read_share),
    }));
    printTable(io, rows, COLUMNS);
    const { total } = answer;
    note(io, `$${total.usd.toFixed(6)} in all from ${answer.since} to ${answer.until}`);
    if (total.unpriced_calls > 0)
      note(io, `${percent(total.unpriced_share)} of the calls have no known price and are in no sum: telltale costs top --by model shows whose`);
  });
} // prettier-ignore
