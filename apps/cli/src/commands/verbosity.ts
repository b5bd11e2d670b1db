import { EVENT_KINDS, VERBOSITY_LEVELS } from '@telltale/contracts';
import { type Directive, type Operations } from '@telltale/api-client';
import { type Command, Option } from 'commander';
import { withClient } from '../client/connect';
import { type Io, note } from '../terminal/io';
import { DAY_MS, printJson, printTable, spanOf, withExample, withJson } from './command';

type Params = Operations['setDirective']['params'];
interface SetOptions {
  readonly level: Params['level'];
  readonly action: NonNullable<Params['action']>;
  readonly service?: string;
  readonly kind?: Params['target']['kind'];
  readonly name?: string;
  readonly session?: string;
  readonly ttl: string;
  readonly reason?: string;
  readonly json?: boolean;
}

const NAMES = ['id', 'action', 'level', 'target', 'state', 'in_force', 'expires_at', 'issued_by', 'reason'];

export function registerVerbosity(program: Command, io: Io): void {
  const verbosity = program.command('verbosity').description('log detail: list, set and revoke directives, status');
  withExample(verbosity, 'telltale verbosity set --service bot --level debug --ttl 10m --reason "slow tool"');

  withJson(
    verbosity.command('list').description('directives, the last changed first').option('--all', 'those that are over, too'),
  ).action(async ({ all, json }: { all?: boolean; json?: boolean }) => {
    const { directives } = await withClient(io, ['insights'], ({ api }) => api.listDirectives());
    const shown = directives.filter((directive) => all || directive.in_force);
    if (json) return shown.forEach((directive) => printJson(io, directive));
    printTable(io, shown, NAMES);
    if (!all) note(io, 'in force now; --all shows those that are over, too');
  });

  withJson(
    verbosity
      .command('set')
      .description('override the log level for a while')
      .addOption(new Option('--level <level>', 'detail from now on').choices(VERBOSITY_LEVELS).makeOptionMandatory())
      .addOption(new Option('--action <action>', 'raise or lower the detail').choices(['boost', 'restrict']).default('boost'))
      .option('--service <name>', 'only this service')
      .addOption(new Option('--kind <kind>', 'only this kind').choices(EVENT_KINDS))
      .option('--name <name>', 'only operations of this name')
      .option('--session <id>', 'only this session')
      .option('--ttl <span>', 'for how long, at most 24h: 30s, 15m, 2h', '15m')
      .option('--reason <text>', 'why'),
  ).action(async ({ level, action, service, kind, name, session, ttl, reason, json }: SetOptions) => {
    const target = { service_name: service, kind, name, session_id: session };
    const body = { action, level, target, ttl_ms: spanOf('--ttl', ttl, DAY_MS), issued_by: 'cli', ...(reason ? { reason } : {}) };
    const answer = await withClient(io, ['all'], ({ api }) => api.setDirective(body));
    if (json) return printJson(io, answer);
    io.out(`requested ${answer.id}, until ${answer.expires_at}`);
    note(io, `revoke it with: telltale verbosity revoke ${answer.id}`);
  });

  withJson(verbosity.command('revoke <id>').description('revoke a directive')).action(
    async (id: string, { json }: { json?: boolean }) => {
      const answer = await withClient(io, ['all'], ({ api }) => api.revokeDirective({ id }));
      if (json) return printJson(io, answer);
      io.out(`requested to revoke ${id}`);
    },
  );

  withJson(verbosity.command('status').description('how many directives are in force, and when the next one expires')).action(
    async ({ json }: { json?: boolean }) => {
      const { directives } = await withClient(io, ['insights'], ({ api }) => api.listDirectives());
      const active = directives.filter((directive) => directive.in_force);
      const countOf = (action: Directive['action']): number => active.filter((directive) => directive.action === action).length;
      const [next] = active.map((directive) => directive.expires_at).sort();
      const status = {
        active: active.length,
        boosts: countOf('boost'),
        restricts: countOf('restrict'),
        next_expiry: next ?? null,
      };
      if (json) return printJson(io, status);
      printTable(io, [status]);
    },
  );
}
