import { EVENT_KINDS, TOPICS, VERBOSITY_LEVELS, type CommandRecord } from '@telltale/contracts';
import { DAY_MS, hashId, isoTime as isoTimeOf, MINUTE_MS } from '@telltale/kernel';
import { z } from 'zod';
import { checkCanEnd } from '../define/can-end';
import { type AskContext, defineCommand, named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { choice, fields, text, wholeNumber } from '../define/params';
import { count, isoTime } from '../define/row-fields';
import { columnsOf, filterBy, within } from '../define/where';

const DEFAULT_TTL_MS = 15 * MINUTE_MS;
const ACTIONS = ['boost', 'restrict'] as const;

const stored = z.object({
  tenant: z.string(),
  id: z.string(),
  action: z.string().describe('boost or restrict'),
  target: z.string().describe('What it applies to: JSON with service_name, kind, name, session_id'),
  level: z.string(),
  reason: z.string(),
  issued_by: z.string().describe('Rule or person that issued it'),
  issued_at: isoTime,
  expires_at: isoTime.describe('When SDKs return to their default'),
  state: z.string().describe('raised, extended, expired or revoked'),
  changed_at: isoTime.describe('When it came to this state'),
  applied_by: count.describe('SDK instances that reported having applied it'),
});
const directive = named('Directive', stored.extend({ in_force: z.boolean().describe('By the clock of insights') }));

export const listDirectives = defineQuery({
  name: 'listDirectives',
  about: 'Directives in their newest state, the last changed first.',
  tag: 'verbosity',
  scope: 'read',
  path: '/api/directives',
  params: {},
  example: { since: '24h' },
  list: 'directives',
  row: directive,
  limits: { rows: { fallback: 100, max: 1_000 }, range: { defaultMs: 7 * DAY_MS, maxMs: 400 * DAY_MS } },
  order: () => [
    { column: 'changed_at', type: 'time', descending: true },
    { column: 'id', type: 'text' },
  ],
  sql: (_, period) => {
    const { where, params } = within(filterBy({}), 'issued_at', period);
    return {
      sql: `SELECT ${columnsOf(stored)} FROM telltale.directives WHERE ${where} ORDER BY changed_at DESC, state = 'raised' LIMIT 1 BY id`,
      params,
    };
  },
  shown: (row, now) => ({
    ...row,
    in_force: (row['state'] === 'raised' || row['state'] === 'extended') && Date.parse(String(row['expires_at'])) > now,
  }),
});

const target = fields({
  service_name: text('Only this service').optional(),
  kind: choice(EVENT_KINDS, 'Only events of this kind').optional(),
  name: text('Only operations of this name').optional(),
  session_id: text('Only this session').optional(),
});

const send = ({ broker }: AskContext, command: CommandRecord): Promise<void> =>
  broker.produce([{ topic: TOPICS.commands.name, key: command.tenant, value: JSON.stringify(command) }]);

export const setDirective = defineCommand({
  name: 'setDirective',
  about: 'Asks for a directive. It is in force once the verbosity service has taken the command.',
  tag: 'verbosity',
  scope: 'control',
  path: '/api/control',
  params: {
    id: text('Id of the directive; made when left out').optional(),
    action: choice(ACTIONS, 'Raise or lower the detail').default('boost'),
    target: target.describe('What it applies to; {} is everything'),
    level: choice(VERBOSITY_LEVELS, 'Detail from then on'),
    ttl_ms: wholeNumber(1, DAY_MS, 'How long it holds, in ms').default(DEFAULT_TTL_MS),
    reason: text('Why, for people').default('asked for by hand'),
    issued_by: text('Who asks').default('api'),
  },
  example: { target: { service_name: 'shop' }, level: 'full', ttl_ms: 60_000, reason: 'slow tool' },
  answer: named('SetDirectiveAnswer', z.object({ id: z.string(), expires_at: isoTime })),
  run: async ({ id: given, ...asked }, context) => {
    const { tenant, clock } = context;
    const now = clock.now();
    const id = given ?? `cmd-${hashId(12, tenant, now, clock.monotonic(), JSON.stringify(asked))}`;
    await send(context, { ...asked, id, target: withoutAbsent(asked.target), type: 'set_directive', tenant });
    return { id, expires_at: isoTimeOf(now + asked.ttl_ms) };
  },
});

/** The contract knows fields that are absent, none that are undefined. */
function withoutAbsent(given: z.infer<typeof target>): Record<string, string> {
  return Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

export const revokeDirective = defineCommand({
  name: 'revokeDirective',
  about: 'Takes a directive back. It is over once the verbosity service has taken the command.',
  tag: 'verbosity',
  scope: 'control',
  method: 'DELETE',
  path: '/api/control/{id}',
  params: { id: text('Id of the directive') },
  example: { id: 'd1' },
  missing: 'there is no directive of this id, or it is over already',
  answer: named('RevokeDirectiveAnswer', z.object({ id: z.string() })),
  run: async ({ id }, context) => {
    await checkCanEnd(context, 'set_directive', id);
    await send(context, { type: 'revoke_directive', tenant: context.tenant, id, issued_by: 'api' });
    return { id };
  },
});
