import { withClient } from '../client/connect';
import { note } from '../terminal/io';
import { type ChosenSessions, chosenOf, withChosenSessions } from './chosen-sessions';
import { intOf, printJson, printTable, type Register, withExample, withJson } from './command';

interface FlowsOptions extends ChosenSessions {
  readonly from: string;
  readonly to?: string;
  readonly intents: number;
  readonly steps: number;
  readonly limit: number;
  readonly json?: boolean;
}

const stateText = ({ intent, outcome }: { readonly intent: string; readonly outcome: string }): string =>
  `${intent || '(no words)'}, ${outcome}`;

export const registerFlows: Register = (program, io) => {
  const flows = withChosenSessions(program.command('flows'))
    .description('how users go from wish to wish, where they go in circles, and where they are lost; --json has nodes and links of a Sankey diagram')
    .option('--from <time>', 'first moment: an age such as 24h or 7d, or ISO 8601', '7d')
    .option('--to <time>', 'first moment after the period; now when left out')
    .option('--intents <n>', 'how many of the most frequent intents are told apart', intOf('--intents', 1, 50), 50)
    .option('--steps <n>', 'turns that the diagram shows one by one', intOf('--steps', 1, 10), 5)
    .option('--limit <n>', 'most links', intOf('--limit', 1, 5_000), 300);
  withExample(flows, 'telltale flows --from 7d --service shop', 'telltale flows --json > flows.json');
  withJson(flows).action(async ({ json, ...params }: FlowsOptions) => {
    const answer = await withClient(io, ['insights'], ({ api }) => api.getFlows(chosenOf(params)));
    if (json) return printJson(io, answer);
    const { transitions, loops, drop_offs: dropOffs } = answer;
    const pairs = (list: typeof transitions) => list.slice(0, 20).map(({ from, to, times }) => ({ from: stateText(from), to: stateText(to), times }));
    printTable(io, pairs(transitions), ['from', 'to', 'times']);
    io.out('');
    io.out('in circles');
    printTable(io, pairs(loops), ['from', 'to', 'times']);
    io.out('');
    io.out('where users are lost');
    printTable(io, dropOffs.slice(0, 20).map((one) => ({ ...one, state: stateText(one), left_after: `${Math.round(one.left_after_ms / 1_000)} s` })), ['state', 'turns', 'ended', 'abandoned', 'share', 'left_after', 'left_after_turns']);
    note(io, `${answer.sessions} sessions from ${answer.from} to ${answer.to}; --json has all of it`);
  });
}; // prettier-ignore
