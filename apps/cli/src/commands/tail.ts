import { EVENT_KINDS, EVENT_STATUSES } from '@telltale/contracts';
import { requestOf } from '@telltale/api-client';
import { type Command, Option } from 'commander';
import { connectRunning } from '../client/connect';
import { CliError, UsageError } from '../terminal/errors';
import { type Io, note, type Piece } from '../terminal/io';
import { cellOf } from '../terminal/table';
import { withJson } from './command';

type EventFilters = Parameters<typeof requestOf<'tailEvents'>>[1];
type TailOptions = EventFilters & { readonly incidents?: boolean; readonly alerts?: boolean; readonly json?: boolean };

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

const timeOf = (value: unknown): string => cellOf(value ?? '').slice(0, 19);

/** An incident or an alert: when, its state, and what it says. */
function findingLine(record: Record<string, unknown>): Piece[] {
  const state = cellOf(record['status'] ?? record['state'] ?? '');
  const isBad = state === 'firing' || state === 'open';
  const padded = state.padEnd(8);
  const at = timeOf(record['at'] ?? record['updated_at']);
  const words = [record['title'], record['summary']].filter(Boolean).map(cellOf).join(': ');
  return [`${at}  `, { text: padded, colour: isBad ? 'red' : 'green' }, `  ${cellOf(record['incident_id'] ?? record['id'] ?? '')}  ${words}`]; // prettier-ignore
}

/** What is followed, as the options say; ApiRequest of its tail and how a record is shown. */
function tailOf({ incidents, alerts, service, session, kind, status }: Omit<TailOptions, 'json'>) {
  if (!incidents && !alerts) return { request: requestOf('tailEvents', { kind, service, session, status }), show: lineOf };
  if (incidents && alerts) throw new UsageError('--incidents and --alerts are two tails', 'give one of them');
  const filters = { ...(alerts ? { service } : {}), session, kind, status };
  const strange = Object.entries(filters).find(([, value]) => value !== undefined);
  if (strange)
    throw new UsageError(
      `--${strange[0]} is no filter of ${alerts ? 'alerts' : 'incidents'}`,
      alerts ? 'leave it out' : 'leave it out; there is --service',
    );
  return { request: alerts ? requestOf('tailAlerts', {}) : requestOf('tailIncidents', { service }), show: findingLine };
}

export function registerTail(program: Command, io: Io): void {
  withJson(
    program
      .command('tail')
      .description('follow events as they come, or incidents or alerts, until Ctrl-C')
      .option('--incidents', 'incidents at every change instead of events')
      .option('--alerts', 'alerts as they fire and are resolved instead of events')
      .addOption(new Option('--kind <kind>', 'only this kind').choices(EVENT_KINDS))
      .option('--service <name>', 'only this service')
      .option('--session <id>', 'only this session')
      .addOption(new Option('--status <status>', 'only this status').choices(EVENT_STATUSES)),
  ).action(async ({ json, ...options }: TailOptions) => {
    const { request, show } = tailOf(options);
    const client = await connectRunning(io);
    if (!client) throw new CliError('nothing runs that could be followed', 'start it with: telltale up');
    if (!json) note(io, `following ${client.url}; Ctrl-C ends it`);
    try {
      for await (const { event, data } of client.follow(request, io.signal)) {
        if (event === 'skipped')
          note(io, `… ${String((JSON.parse(data) as { count: number }).count)} left out, they came too fast`);
        else if (json) io.out(data);
        else io.out(...show(JSON.parse(data) as Record<string, unknown>));
      }
    } catch (error) {
      if (!io.signal.aborted)
        throw error instanceof CliError
          ? error
          : new CliError('the connection broke', 'is it still running? see telltale doctor');
    }
  });
}
