import { type Command } from 'commander';
import { withClient } from '../../client/connect';
import { type Io, note } from '../../terminal/io';
import { dollarsOf } from '../../terminal/money';
import { printJson, printTable, withExample, withJson } from '../command';

interface ExplainOptions {
  readonly from: string;
  readonly to?: string;
  readonly vs?: string;
  readonly service?: string;
  readonly environment?: string;
  readonly json?: boolean;
}

const dollars = (nano: number): string => dollarsOf(nano, 4);

export function registerExplain(costs: Command, io: Io): void {
  const explain = costs
    .command('explain')
    .description('why spend changed: an exact sum of parts, the slices that changed most, and the likely causes')
    .requiredOption('--from <time>', 'first moment: an age such as 24h, or ISO 8601')
    .option('--to <time>', 'first moment after the period; now when left out')
    .option('--vs <time>', 'start of the period to compare with, or how much earlier (7d); the one right before when left out')
    .option('--service <name>', 'only of this service')
    .option('--environment <name>', 'only of this deployment environment');
  withExample(explain, 'telltale costs explain --from 24h', 'telltale costs explain --from 2026-11-23 --to 2026-11-24 --vs 7d');
  withJson(explain).action(async ({ json, ...params }: ExplainOptions) => {
    const answer = await withClient(io, ['insights'], ({ api }) => api.explainSpend(params));
    if (json) return printJson(io, answer);
    const { before_nano_usd: before, after_nano_usd: after, change_nano_usd: change, parts, causes, slices } = answer;
    io.out(`${answer.from} to ${answer.to}: ${dollars(after)}, ${dollars(change)} more than the ${dollars(before)} of ${answer.vs_from} to ${answer.vs_to}`); // prettier-ignore
    for (const { sentence } of causes) io.out(`  ${sentence}`);
    printTable(io, Object.entries(parts).map(([part, nano]) => ({ part, change: dollars(nano) }))); // prettier-ignore
    printTable(
      io,
      slices.map((one) => ({
        dimension: one.dimension,
        value: one.value,
        before: dollars(one.before_nano_usd),
        after: dollars(one.after_nano_usd),
        change: dollars(one.change_nano_usd),
      })),
    );
    for (const { evidence } of causes.slice(0, 1)) for (const { turn_id: id } of evidence) note(io, `telltale turns show ${id}`);
  });
}
