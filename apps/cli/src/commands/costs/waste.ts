import { type Operations } from '@telltale/api-client';
import { WASTE_RULES } from '@telltale/contracts';
import { type Command, Option } from 'commander';
import { withClient } from '../../client/connect';
import { type Io, note } from '../../terminal/io';
import { intOf, printJson, printTable, withExample, withJson } from '../command';

type Params = Operations['getWaste']['params'];
type Group = Operations['getWaste']['answer']['groups'][number];

const GROUPINGS = ['finding', 'rule', 'service', 'model', 'intent', 'hour'];
const NAMES = ['rule', 'service_name', 'model', 'intent', 'hour'] as const;
const SUMS = ['usd_lost', 'usd_avoidable', 'turns', 'calls', 'unpriced_calls', 'detail', 'changes', 'evidence'] as const;

interface WasteOptions extends Params {
  readonly json?: boolean;
}

function changesOf({ change }: Group): string {
  return change ? `${change.kind} ${change.before} behind “${change.behind}”` : '';
}

export function registerWaste(costs: Command, io: Io): void {
  const waste = costs
    .command('waste')
    .description('what was wasted, by finding or summed, what lost most first, with turns that show it and what to do')
    .addOption(new Option('--by <what>', 'what it is summed by').choices(GROUPINGS).default('finding'))
    .addOption(new Option('--rule <rule>', 'only of this kind').choices(WASTE_RULES))
    .option('--service <name>', 'only of this service')
    .option('--model <name>', 'only of this model')
    .option('--intent <intent>', 'only of this intent')
    .option('--since <time>', 'an age such as 24h or 7d, or ISO 8601', '7d')
    .option('--until <time>', 'now when left out')
    .option('--limit <n>', 'how many', intOf('--limit', 1, 1_000), 20);
  withExample(waste, 'telltale costs waste --since 30d', 'telltale costs waste --by rule --json');
  withJson(waste).action(async ({ json, ...params }: WasteOptions) => {
    const answer = await withClient(io, ['insights'], ({ api }) => api.getWaste(params));
    if (json) return printJson(io, answer);
    const { groups, total } = answer;
    const rows = groups.map((group) => ({ ...group, changes: changesOf(group), evidence: group.evidence[0] ?? '' }));
    const shown = NAMES.filter((name) => groups.some((group) => group[name] !== undefined));
    printTable(io, rows, [...shown, ...SUMS]);
    for (const rule of new Set(groups.flatMap((group) => group.rule ?? [])))
      note(io, `${rule}: ${groups.find((group) => group.rule === rule)?.fix ?? ''}`);
    note(io, `$${total.usd_lost.toFixed(6)} lost, $${total.usd_avoidable.toFixed(6)} of it avoidable, from ${answer.since} to ${answer.until}`);
    if (total.unpriced_calls > 0) note(io, `${total.unpriced_calls} wasted calls have no known cost and are in no sum`);
  });
} // prettier-ignore
