import { EVENT_KINDS, EVENT_STATUSES } from '@telltale/contracts';
import { type requestOf } from '@telltale/api-client';
import { type Command, Option } from 'commander';
import { connectRunning } from '../client/connect';
import { CliError } from '../terminal/errors';
import { type Io, note, type Piece } from '../terminal/io';
import { cellOf } from '../terminal/table';
import { withJson } from './command';

type TailOptions = Parameters<typeof requestOf<'tailEvents'>>[1] & { readonly json?: boolean };

const COLOURS: Readonly<Record<string, 'red' | 'green'>> = { error: 'red', ok: 'green' };

function lineOf(event: Record<string, unknown>): Piece[] {
  const colour = COLOURS[String(event['status'])];
  const status = cellOf(event['status'] ?? '').padEnd(5);
  const what =
    event['kind'] === 'log'
      ? `${cellOf(event['severity'])} ${cellOf(event['body'])}`
      : cellOf(event['tool_name'] || event['request_model'] || event['name']);
  const before = [
    cellOf(event['ts'] ?? '').slice(11, 23),
    cellOf(event['service_name']).padEnd(16),
    cellOf(event['kind']).padEnd(9),
  ];
  const after = [
    typeof event['duration_ms'] === 'number' ? `${Math.round(event['duration_ms'])} ms`.padStart(9) : ''.padStart(9),
    what,
    event['error_type'] ? `${cellOf(event['error_type'])}: ${cellOf(event['error_message'])}` : '',
  ];
  return [`${before.join('  ')}  `, colour ? { text: status, colour } : status, `  ${after.join('  ')}`.trimEnd()];
}

export function registerTail(program: Command, io: Io): void {
  withJson(
    program
      .command('tail')
      .description('follow events as they come, until Ctrl-C')
      .addOption(new Option('--kind <kind>', 'only this kind').choices(EVENT_KINDS))
      .option('--service <name>', 'only this service')
      .option('--session <id>', 'only this session')
      .addOption(new Option('--status <status>', 'only this status').choices(EVENT_STATUSES)),
  ).action(async ({ json, ...filters }: TailOptions) => {
    const client = await connectRunning(io);
    if (!client) throw new CliError('nothing runs that could be followed', 'start it with: telltale up');
    if (!json) note(io, `following ${client.url}; Ctrl-C ends it`);
    try {
      for await (const { event, data } of client.follow(filters, io.signal)) {
        if (event === 'skipped')
          note(io, `… ${String((JSON.parse(data) as { count: number }).count)} left out, they came too fast`);
        else if (json) io.out(data);
        else io.out(...lineOf(JSON.parse(data) as Record<string, unknown>));
      }
    } catch (error) {
      if (!io.signal.aborted)
        throw error instanceof CliError
          ? error
          : new CliError('the connection broke', 'is it still running? see telltale doctor');
    }
  });
}
