import { type Operations } from '@telltale/api-client';
import { withClient } from '../client/connect';
import { note } from '../terminal/io';
import { intOf, printJson, printTable, type Register, withExample, withJson } from './command';

const FACTS = [
  'id', 'kind', 'name', 'ts', 'duration_ms', 'status', 'error_type', 'error_message', 'trace_id', 'session_id', 'service_name', 'service_version', 'response_model', 'tool_name', 'attempt', 'decision_chosen',
  'decision_reason', 'cost_nano_usd', 'arguments_preview', 'sizes',
] as const; // prettier-ignore
const MEASURES = ['name', 'value', 'p50', 'p95', 'p99', 'less', 'more', 'calls'];

type Usual = Operations['getUsual']['answer'];
const inPercent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`;
const shown = ({ measures }: Usual) => measures.map((one) => ({ ...one, less: inPercent(one.less), more: inPercent(one.more) }));

export const registerOperation: Register = (program, io) => {
  const operation = program.command('operation').description('one call of a turn: show, usual');
  withExample(operation, 'telltale operation show OPERATION_ID', 'telltale operation usual OPERATION_ID --days 14');

  withJson(
    operation
      .command('show <id>')
      .description('what is known of one operation, with the size of every payload')
      .option('--turn <id>', 'its turn: with it the operation is found much faster'),
  ).action(async (id: string, { turn, json }: { turn?: string; json?: boolean }) => {
    const facts = await withClient(io, ['insights'], ({ api }) => api.getOperation({ id, turn }));
    if (json) return printJson(io, facts);
    printTable(io, FACTS.map((fact) => ({ fact, value: facts[fact] }))); // prettier-ignore
  });

  withJson(
    operation
      .command('usual <id>')
      .description('how it stands among calls of the same tool or model in the days before it')
      .option('--turn <id>', 'its turn: with it the operation is found much faster')
      .option('--days <n>', 'days before it', intOf('--days', 1, 60), 7),
  ).action(async (id: string, { turn, days, json }: { turn?: string; days: number; json?: boolean }) => {
    const usual = await withClient(io, ['insights'], ({ api }) => api.getUsual({ id, turn, days }));
    if (json) return printJson(io, usual);
    printTable(io, shown(usual), MEASURES);
    note(io, `of ${usual.calls} calls of ${usual.value} in the ${usual.days} days before it ${usual.failed} failed; less and more: of those that worked`);
    const [worked] = usual.worked;
    if (worked) note(io, `one that worked: telltale turns show ${worked.turn_id}`);
  });
}; // prettier-ignore
