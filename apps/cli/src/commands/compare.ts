import { withClient } from '../client/connect';
import { note } from '../terminal/io';
import { type ChosenSessions, chosenOf, withChosenSessions } from './chosen-sessions';
import { printJson, printTable, type Register, withExample, withJson } from './command';

interface CompareOptions extends ChosenSessions {
  readonly by: string;
  readonly metric?: string;
  readonly a?: string;
  readonly b?: string;
  readonly before?: string;
  readonly after?: string;
  readonly match?: string;
  readonly from: string;
  readonly to?: string;
  readonly json?: boolean;
}

const COLUMNS = ['metric', 'a', 'b', 'difference', 'low', 'high', 'p', 'q', 'detectable', 'verdict'];
const short = (value: number | null | undefined): string =>
  typeof value === 'number' ? String(Number(value.toPrecision(3))) : '–';

export const registerCompare: Register = (program, io) => {
  const compare = withChosenSessions(program.command('compare'))
    .description('what a change made of sessions: two sides at the same time, or before and after it beside a control')
    .requiredOption('--by <what>', 'flag:NAME, dimension:NAME, version, prompt, model, service, region, language, intent or environment')
    .option('--metric <names>', 'turns, cost, cost_per_turn, duration, duration_p50, duration_p95, friction, unhelped, abandoned, transferred, errors, retries, tokens, cost_p95; with commas') // prettier-ignore
    .option('--a <value>', 'first side, or the control; the two most frequent values when left out')
    .option('--b <value>', 'second side, or what was changed')
    .option('--before <time>', 'end of the time before the change; --after when left out')
    .option('--after <time>', 'start of the time after the change; --before when left out')
    .option('--match <names>', 'cohorts that are compared like with like, before and after: intent, language, region, service, environment, version, model; none')
    .option('--from <time>', 'first moment: an age such as 24h or 7d, or ISO 8601', '7d')
    .option('--to <time>', 'first moment after the period; now when left out');
  withExample(
    compare,
    'telltale compare --by flag:new_prompt --metric friction,duration,cost',
    'telltale compare --by service --b shop --from 14d --after 2026-11-23T09:00:00Z --metric duration',
  );
  withJson(compare).action(async ({ json, ...params }: CompareOptions) => {
    const answer = await withClient(io, ['insights'], ({ api }) => api.compare(chosenOf(params)));
    if (json) return printJson(io, answer);
    const { a, b, metrics, counts, notes, values } = answer;
    if (counts) {
      io.out(`a: ${a ?? `not ${b ?? ''}`}, ${counts.sessions_a} sessions of ${counts.users_a} users; b: ${b ?? ''}, ${counts.sessions_b} of ${counts.users_b}`);
      for (const { sentence } of metrics) io.out(`  ${sentence}`);
      printTable(
        io,
        metrics.map((one) => ({ ...one, a: short(one.a), b: short(one.b), difference: short(one.difference), low: short(one.low), high: short(one.high), p: short(one.p), q: short(one.q), detectable: short(one.detectable) })),
        COLUMNS,
      );
      if (counts.sessions_with_both > 0) note(io, `${counts.sessions_with_both} sessions had both and are on no side`);
    } else printTable(io, values);
    for (const line of notes) note(io, line);
  });
}; // prettier-ignore
