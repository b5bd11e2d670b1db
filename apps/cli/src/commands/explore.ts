import { type Operations } from '@telltale/api-client';
import { type Command, Option } from 'commander';
import { withClient } from '../client/connect';
import { note, noteOfList } from '../terminal/io';
import { intOf, printJson, printTable, type Register, withExample, withJson } from './command';

type Of = 'turns' | 'events';
interface Explored {
  readonly of: Of;
  readonly where?: string;
  readonly since: string;
  readonly until?: string;
  readonly json?: boolean;
}
interface MeasureOptions extends Explored {
  readonly measure: string;
  readonly aggregation?: Operations['explore']['params']['aggregation'];
  readonly by?: string;
  readonly top: number;
}
interface DifferencesOptions extends Explored {
  readonly selected?: string;
  readonly selectedSince?: string;
  readonly selectedUntil?: string;
  readonly limit: number;
}

const AGGREGATIONS = ['count', 'sum', 'avg', 'min', 'max', 'p50', 'p95', 'p99'];
const ROW_NAMES = ['id', 'ts', 'service_name', 'kind', 'name', 'status', 'outcome', 'intent', 'duration_ms', 'cost_nano_usd', 'preview']; // prettier-ignore

const withExplored = (command: Command): Command =>
  withJson(
    command
      .addOption(new Option('--of <rows>', 'what is explored: turns, or events (operations and log lines)').choices(['turns', 'events']).default('turns'))
      .option('--where <filters>', 'terms that must all hold: status:error, -intent:refund, duration_ms>2s, name:"a b",c*')
      .option('--since <time>', 'first moment: an age such as 24h or 7d, or ISO 8601', '24h')
      .option('--until <time>', 'first moment after the range; now when left out'),
  ); // prettier-ignore

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

export const registerExplore: Register = (program, io) => {
  const explore = program.command('explore').description('turns and events by any field: measure, differences, rows');
  withExample(
    explore,
    'telltale explore measure --measure duration_ms --aggregation p95 --by service_version --since 6h',
    "telltale explore differences --where 'service_name:shop' --selected 'duration_ms>2s'",
    "telltale explore rows --of events --where 'kind:tool status:error'",
  );

  withExplored(
    explore
      .command('measure')
      .description('a measure over time, and by one or two dimensions')
      .option('--measure <name>', 'rows, duration_ms, cost_nano_usd, usage_output …: GET /api/fields lists them', 'rows')
      .addOption(new Option('--aggregation <name>', 'how rows become a number').choices(AGGREGATIONS))
      .option('--by <dimensions>', 'at most two, with a comma between')
      .option('--top <n>', 'groups with a line of their own', intOf('--top', 1, 20), 6),
  ).action(async ({ json, ...params }: MeasureOptions) => {
    const answer = await withClient(io, ['insights'], ({ api }) => api.explore(params));
    if (json) return printJson(io, answer);
    const { by, groups, total, times, unit, aggregation, measure, sampled_one_in: sampled, group_count: count } = answer;
    const rows =
      by.length === 0
        ? times.map((at, i) => ({ at, value: total.values[i] ?? null }))
        : groups.map((group) => ({ ...(group.by ?? Object.fromEntries(by.map((name) => [name, '(all others)']))), value: group.value, count: group.count }));
    printTable(io, rows);
    note(io, `${aggregation} of ${measure}: ${total.value ?? 'nothing'} (${unit}) over ${total.count} ${answer.of}${by.length > 0 ? `, ${count} groups` : ''}`);
    if (sampled > 1) note(io, `one turn in ${sampled} was read`);
  });

  withExplored(
    explore
      .command('differences')
      .description('what tells some from the rest: values of every field whose share differs')
      .option('--selected <filters>', 'which of them, in the words of --where')
      .option('--selected-since <time>', 'first moment of what is selected')
      .option('--selected-until <time>', 'first moment after it')
      .option('--limit <n>', 'how many', intOf('--limit', 1, 100), 30),
  ).action(async ({ json, selectedSince: since, selectedUntil: until, ...params }: DifferencesOptions) => {
    const answer = await withClient(io, ['insights'], ({ api }) => api.exploreDifferences({ ...params, selected_since: since, selected_until: until }));
    if (json) return printJson(io, answer);
    const { differences, selected, rest, values, left_out: leftOut } = answer;
    const shown = differences.map((one) => ({ field: one.field, value: one.value, selected: percent(one.selected_share), rest: percent(one.rest_share), difference: `${percent(one.difference)} (${percent(one.low)} to ${percent(one.high)})`, q: Number(one.q.toPrecision(2)), turns: one.turns.join(' ') }));
    printTable(io, shown);
    note(io, `${selected.count} selected, ${rest.count} others; ${values} values of ${answer.fields.length} fields were looked at${differences.length === 0 ? ', and none surely differs' : ''}`);
    if (leftOut > 0) note(io, `${leftOut} more: --limit shows up to 100`);
    if (selected.one_in > 1 || rest.one_in > 1) note(io, `looked at: one turn in ${selected.one_in} of the selected, one in ${rest.one_in} of the others`);
  });

  withExplored(
    explore.command('rows').description('the turns or events themselves, newest first').option('--limit <n>', 'how many', intOf('--limit', 1, 1_000), 50),
  ).action(async ({ json, limit, ...params }: Explored & { readonly limit: number }) => {
    const { rows } = await withClient(io, ['insights'], ({ api }) => api.listExploredRows({ ...params, limit }));
    if (json) return rows.forEach((row) => printJson(io, row));
    printTable(io, rows, ROW_NAMES);
    noteOfList(io, rows, limit);
  });
}; // prettier-ignore
