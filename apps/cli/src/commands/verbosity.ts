import { CONTENTS, DIRECTIVE_CLASSES, EVENT_KINDS, MAX_BOOST_TTL_MS, MAX_RESTRICT_TTL_MS, SEVERITIES } from '@telltale/contracts';
import { type Operations } from '@telltale/api-client';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { createHash, randomBytes } from 'node:crypto';
import { withClient } from '../client/connect';
import { type Io, note } from '../terminal/io';
import { printJson, printTable, spanOf, withExample, withJson } from './command';

type Params = Operations['setDirective']['params'];
interface SetOptions {
  readonly class: NonNullable<Params['class']>;
  readonly minSeverity?: Params['set']['min_severity'];
  readonly content?: Params['set']['content'];
  readonly keep?: number;
  readonly flush?: true;
  readonly service?: string;
  readonly environment?: string;
  readonly serviceVersion?: string;
  readonly kind?: Params['target']['kind'];
  readonly name?: string;
  readonly tool?: string;
  readonly model?: string;
  readonly logger?: string;
  readonly session?: string;
  readonly user?: string;
  readonly recordsPerSecond?: number;
  readonly bytesPerMinute?: number;
  readonly priority?: number;
  readonly ttl: string;
  readonly reason?: string;
  readonly json?: boolean;
}

const NAMES = ['id', 'class', 'set', 'target', 'state', 'in_force', 'expires_at', 'issued_by', 'applied_by', 'records', 'reason'];
const STATUS_NAMES = [
  'directive_id',
  'instances',
  'applied',
  'pending',
  'failed',
  'p50_ms',
  'p99_ms',
  'hits',
  'bytes',
  'expires_at',
];

const EFFECT_NAMES = ['what', 'events', 'turns', 'logs', 'detailed_logs', 'with_content', 'failed', 'from_ring'];
const INSTANCE_NAMES = ['instance', 'sdk', 'service_name', 'applied_after_ms', 'hits', 'drops', 'bytes', 'last_at'];

function numberOf(given: string): number {
  const number = Number(given);
  if (given.trim() === '' || !Number.isFinite(number)) throw new InvalidArgumentError('give a number');
  return number;
}
/** The id itself leaves this machine in no form from which it could be had back without knowing it. */
function hashedUser(id: string): { readonly salt: string; readonly sha256: string } {
  const salt = randomBytes(16).toString('hex');
  return { salt, sha256: createHash('sha256').update(salt).update(id).digest('hex') };
}
/** Without what was not given. */
const given = <T extends object>(options: T): { [Name in keyof T]?: NonNullable<T[Name]> } =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;

function bodyOf(options: SetOptions): Params {
  const target = given({
    service_name: options.service,
    deployment_environment: options.environment,
    service_version: options.serviceVersion,
    kind: options.kind,
    name: options.name,
    tool_name: options.tool,
    model: options.model,
    logger: options.logger,
    session_id: options.session,
    user: options.user === undefined ? undefined : hashedUser(options.user),
  });
  const { minSeverity: min_severity, keep, content, flush } = options;
  const limits = given({ records_per_s: options.recordsPerSecond, bytes_per_min: options.bytesPerMinute });
  const longest = options.class === 'boost' ? MAX_BOOST_TTL_MS : MAX_RESTRICT_TTL_MS;
  return {
    class: options.class,
    target,
    set: given({ min_severity, keep, content, flush }),
    ...(Object.keys(limits).length > 0 ? { limits } : {}),
    ...given({ priority: options.priority, reason: options.reason }),
    ttl_ms: spanOf('--ttl', options.ttl, longest),
    issued_by: 'cli',
  };
}

export function registerVerbosity(program: Command, io: Io): void {
  const verbosity = program.command('verbosity').description('log detail: list, set and revoke directives, status, effect');
  withExample(
    verbosity,
    'telltale verbosity set --service bot --tool search --min-severity debug --content full --ttl 10m --reason "slow tool"',
  );

  withJson(
    verbosity.command('list').description('directives, the last changed first').option('--all', 'those that are over, too'),
  ).action(async ({ all, json }: { all?: boolean; json?: boolean }) => {
    const { directives } = await withClient(io, ['insights'], ({ api }) => api.listDirectives());
    const shown = directives.filter((directive) => all || directive.in_force || directive.state === 'suppressed');
    if (json) return shown.forEach((directive) => printJson(io, directive));
    printTable(io, shown, NAMES);
    if (!all)
      note(io, 'in force now, and what was suppressed because all places are taken; --all shows those that are over, too');
  });

  withJson(
    verbosity
      .command('set')
      .description('override the log level for a while')
      .addOption(
        new Option('--class <class>', 'boost raises detail, restrict lowers it').choices(DIRECTIVE_CLASSES).default('boost'),
      )
      .addOption(new Option('--min-severity <severity>', 'send records of this severity and above').choices(SEVERITIES))
      .addOption(new Option('--content <content>', 'how much of messages, arguments and results is sent').choices(CONTENTS))
      .option('--keep <share>', 'share of turns that is kept: over 0 and at most 1', numberOf)
      .option('--flush', 'send at once what SDKs hold back of matching turns')
      .option('--service <name>', 'only this service')
      .option('--environment <name>', 'only this environment')
      .option('--service-version <version>', 'only this version')
      .addOption(new Option('--kind <kind>', 'only this kind').choices(EVENT_KINDS))
      .option('--name <name>', 'only operations of this name')
      .option('--tool <name>', 'only this tool')
      .option('--model <name>', 'only calls of this model')
      .option('--logger <name>', 'only this logger and those below it')
      .option('--session <id>', 'only this session')
      .option('--user <id>', 'only this user; the id is hashed here and sent to nobody')
      .option('--records-per-second <number>', 'most that it adds, for each instance of an SDK', numberOf)
      .option('--bytes-per-minute <number>', 'most that it adds, for each instance of an SDK', numberOf)
      .option('--priority <0-100>', 'a boost of higher priority than a restrict is not lowered by it', numberOf)
      .requiredOption('--ttl <span>', 'for how long: 30s, 15m, 2h; a boost at most 24h, a restrict 30d')
      .option('--reason <text>', 'why'),
  ).action(async (options: SetOptions) => {
    const answer = await withClient(io, ['all'], ({ api }) => api.setDirective(bodyOf(options)));
    if (options.json) return printJson(io, answer);
    io.out(`requested ${answer.id}, until ${answer.expires_at}`);
    note(io, `who applies it: telltale verbosity status; revoke it with: telltale verbosity revoke ${answer.id}`);
  });

  withJson(verbosity.command('revoke <id>').description('revoke a directive')).action(
    async (id: string, { json }: { json?: boolean }) => {
      const answer = await withClient(io, ['all'], ({ api }) => api.revokeDirective({ id }));
      if (json) return printJson(io, answer);
      io.out(`requested to revoke ${id}`);
    },
  );

  withJson(
    verbosity.command('status').description('directives in force: which SDK instances applied them, how fast, with what effect'),
  ).action(async ({ json }: { json?: boolean }) => {
    const { directives } = await withClient(io, ['insights'], ({ api }) => api.listDirectiveStatus());
    if (json) return directives.forEach((directive) => printJson(io, directive));
    printTable(io, directives, STATUS_NAMES);
  });

  withJson(
    verbosity.command('effect <id>').description('what a directive brought, beside the time before, and who applied it'),
  ).action(async (id: string, { json }: { json?: boolean }) => {
    const effect = await withClient(io, ['insights'], ({ api }) => api.getDirectiveEffect({ id }));
    if (json) return printJson(io, effect);
    const { because, scope, instances, evidence } = effect;
    const rows = [
      { what: 'because of it', ...because },
      ...(scope
        ? [
            { what: 'its target, before', ...scope.before },
            { what: 'its target, with it', ...scope.during },
          ]
        : []),
    ];
    printTable(io, rows, EFFECT_NAMES);
    if (instances.length > 0) printTable(io, instances, INSTANCE_NAMES);
    for (const { kind, title, use } of evidence) note(io, `${use === 'rests_on' ? 'raised for' : 'there for'} ${kind}: ${title}`);
  });
}
