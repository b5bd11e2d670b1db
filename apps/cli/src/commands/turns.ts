import { type Operations } from '@telltale/api-client';
import { TURN_OUTCOMES } from '@telltale/contracts';
import { Option } from 'commander';
import { withClient } from '../client/connect';
import { note, noteOfList } from '../terminal/io';
import { intOf, printJson, printTable, type Register, withExample, withJson } from './command';
import { OPERATION_NAMES, operationRows } from './operation-tree';

const NAMES = ['turn_id', 'ts', 'service_name', 'outcome', 'intent', 'duration_ms', 'retries', 'cost_nano_usd', 'unpriced_calls', 'input_preview']; // prettier-ignore
const FACTS = [
  'outcome', 'outcome_reason', 'intent', 'duration_ms', 'calls', 'errors', 'retries', 'repeated_call', 'cost_nano_usd', 'unpriced_calls', 'max_context_tokens', 'time_to_first_token_ms',
  'self_time_ms', 'models', 'service_version', 'directive_ids', 'revision',
] as const; // prettier-ignore

interface ListOptions {
  readonly service?: string;
  readonly session?: string;
  readonly outcome?: Operations['listTurns']['params']['outcome'];
  readonly intent?: string;
  readonly since: string;
  readonly limit: number;
  readonly json?: boolean;
}

export const registerTurns: Register = (program, io) => {
  const turns = program.command('turns').description('requests and all work until their answer: list, show');
  withExample(turns, 'telltale turns list --outcome error --since 1h', 'telltale turns show TURN_ID');

  withJson(
    turns
      .command('list')
      .description('turns, newest first')
      .option('--service <name>', 'only of this service')
      .option('--session <id>', 'only of this session')
      .addOption(new Option('--outcome <outcome>', 'only those that ended so').choices(TURN_OUTCOMES))
      .option('--intent <intent>', 'only those that want this')
      .option('--since <time>', 'started since: an age such as 24h or 7d, or ISO 8601', '24h')
      .option('--limit <n>', 'how many', intOf('--limit', 1, 1_000), 50),
  ).action(async ({ json, limit, ...filters }: ListOptions) => {
    const { turns: found } = await withClient(io, ['insights'], ({ api }) => api.listTurns({ ...filters, limit }));
    if (json) return found.forEach((row) => printJson(io, row));
    printTable(io, found, NAMES);
    noteOfList(io, found, limit);
  });

  withJson(
    turns
      .command('show <id>')
      .description('one turn: what is known of it, and its operations under their callers, with what they decided'),
  ).action(async (id: string, { json }: { json?: boolean }) => {
    const answer = await withClient(io, ['insights'], ({ api }) => api.getTurn({ id }));
    if (json) return printJson(io, answer);
    const { turn, root, operations, truncated } = answer;
    if (turn)
      printTable(io, FACTS.map((fact) => ({ fact, value: turn[fact] }))); // prettier-ignore
    else note(io, 'the turn itself is written once it has been quiet for a minute; these are its events');
    printTable(io, operationRows(root ? [{ ...root, operations }] : operations), OPERATION_NAMES);
    if (truncated) note(io, 'only the first events of the turn are shown; query the table events for all of them');
  });
};
