import { EVENT_KINDS, VERBOSITY_LEVELS } from '@telltale/contracts';
import { type Command, Option } from 'commander';
import { withClient } from '../client/connect';
import { type Io, note } from '../terminal/io';
import { DAY_MS, printJson, printTable, spanOf, withJson } from './command';

interface SetOptions {
  readonly level: string;
  readonly action: string;
  readonly service?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly session?: string;
  readonly ttl: string;
  readonly reason?: string;
  readonly json?: boolean;
}

const NAMES = ['id', 'action', 'level', 'target', 'state', 'in_force', 'expires_at', 'issued_by', 'reason'];

export function registerControl(program: Command, io: Io): void {
  const control = program.command('control').description('directives that raise or lower log detail: list, set, revoke');

  withJson(
    control.command('list').description('directives, the last changed first').option('--all', 'those that are over, too'),
  ).action(async ({ all, json }: { all?: boolean; json?: boolean }) => {
    const { directives } = await withClient(io, ['insights'], (client) => client.get('/api/directives'));
    const shown = (directives as Record<string, unknown>[]).filter((directive) => all || directive['in_force']);
    if (json) return shown.forEach((directive) => printJson(io, directive));
    printTable(io, shown, NAMES);
    if (!all) note(io, 'in force now; --all shows those that are over, too');
  });

  withJson(
    control
      .command('set')
      .description('raise or lower detail for a while')
      .addOption(new Option('--level <level>', 'detail from now on').choices(VERBOSITY_LEVELS).makeOptionMandatory())
      .addOption(new Option('--action <action>', 'raise or lower').choices(['boost', 'restrict']).default('boost'))
      .option('--service <name>', 'only this service')
      .addOption(new Option('--kind <kind>', 'only this kind').choices(EVENT_KINDS))
      .option('--name <name>', 'only operations of this name')
      .option('--session <id>', 'only this session')
      .option('--ttl <span>', 'for how long, at most 24h: 30s, 15m, 2h', '15m')
      .option('--reason <text>', 'why'),
  ).action(async ({ level, action, service, kind, name, session, ttl, reason, json }: SetOptions) => {
    const target = { service_name: service, kind, name, session_id: session };
    const body = { action, level, target, ttl_ms: spanOf('--ttl', ttl, DAY_MS), issued_by: 'cli', ...(reason ? { reason } : {}) };
    const answer = await withClient(io, ['all'], (client) => client.post('/api/control', body));
    if (json) return printJson(io, answer);
    io.out(`asked for ${String(answer['id'])}, until ${String(answer['expires_at'])}`);
    note(io, `take it back with: telltale control revoke ${String(answer['id'])}`);
  });

  withJson(control.command('revoke <id>').description('take a directive back')).action(
    async (id: string, { json }: { json?: boolean }) => {
      const answer = await withClient(io, ['all'], (client) => client.delete(`/api/control/${encodeURIComponent(id)}`));
      if (json) return printJson(io, answer);
      io.out(`asked to revoke ${id}`);
    },
  );
}
