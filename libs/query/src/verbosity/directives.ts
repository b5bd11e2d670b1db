import {
  CONTENTS,
  DIRECTIVE_CLASSES,
  directiveChoices,
  type DirectiveRecord,
  directiveSet,
  MAX_BOOST_TTL_MS,
  MAX_RESTRICT_TTL_MS,
  SEVERITIES,
  TOPICS,
  type CommandRecord,
} from '@telltale/contracts';
import { DAY_MS, hashId, isoTime as isoTimeOf } from '@telltale/kernel';
import { z } from 'zod';
import { ApiError } from '../define/api-error';
import { checkCanEnd } from '../define/can-end';
import { type AskContext, defineCommand, named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { choice, fields, text, wholeNumber } from '../define/params';
import { count, isoTime } from '../define/row-fields';
import { columnsOf, filterBy, within } from '../define/where';

const DEFAULT_RESTRICT_TTL_MS = DAY_MS;

const stored = z.object({
  tenant: z.string(),
  id: z.string(),
  version: count.describe('Counts its changes'),
  class: z.string().describe('boost or restrict'),
  priority: count,
  target: z.string().describe('What it applies to: JSON, such as {"service_name":"shop","tool_name":"search"}'),
  set: z.string().describe('What it changes: JSON with min_severity, keep, content, flush'),
  limits: z.string().describe('Most that it adds, for each instance of an SDK: JSON'),
  evidence: z.string().describe('What it rests on: JSON with anomaly_id, incident_id or command_id'),
  reason: z.string(),
  issued_by: z.string().describe('Rule or person that issued it'),
  issued_at: isoTime,
  expires_at: isoTime.describe('When SDKs return to their default'),
  state: z.string().describe('raised, extended, expired, revoked; suppressed or monitored: reported, and not raised'),
  changed_at: isoTime.describe('When it came to this state'),
  applied_by: count.describe('SDK instances that reported having applied it'),
  records: count.describe('Records that it changed so far'),
  bytes: count.describe('Bytes sent because of it so far'),
  evidence_for: z
    .array(z.string())
    .describe('Anomalies and incidents about its target that were open when SDKs reported records that it changed'),
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
    const { where: acked } = within(filterBy({}), 'received_at', period);
    return {
      // SDKs report what a directive did until some seconds after it is over.
      sql: `SELECT ${columnsOf(stored.omit({ records: true, bytes: true, applied_by: true }), 'd.')}, greatest(d.applied_by, toUInt32(a.applied_by)) AS applied_by, greatest(d.records, a.records) AS records, greatest(d.bytes, a.bytes) AS bytes
        FROM (SELECT ${columnsOf(stored)} FROM telltale.directives WHERE ${where} ORDER BY changed_at DESC, state = 'raised' LIMIT 1 BY id) AS d
        LEFT JOIN (SELECT directive_id, uniqExactIf(instance, is_first) AS applied_by, sum(hits) AS records, sum(bytes) AS bytes FROM telltale.directive_acks WHERE ${acked} AND directive_id != '' GROUP BY directive_id) AS a ON d.id = a.directive_id`,
      params,
    };
  },
  shown: (row, now) => ({
    ...row,
    in_force: (row['state'] === 'raised' || row['state'] === 'extended') && Date.parse(String(row['expires_at'])) > now,
  }),
});

const { target, limits } = directiveChoices;
const choices = {
  target: fields(target.shape),
  set: fields(directiveSet.shape),
  limits: fields(limits.unwrap().shape),
};

const send = ({ broker }: AskContext, command: CommandRecord): Promise<void> =>
  broker.produce([{ topic: TOPICS.commands.name, key: command.tenant, value: JSON.stringify(command) }]);

/** How long it is to hold; throws ApiError where that is not said, or is too long. */
function ttlOf(of: DirectiveRecord['class'], given: number | undefined): number {
  if (of === 'restrict') return given ?? DEFAULT_RESTRICT_TTL_MS;
  const wrong = (what: string, fix: string): ApiError => new ApiError('invalid', what, { parameter: 'ttl_ms', fix });
  if (given === undefined) throw wrong('a boost must end', 'give how long it holds, in ms, at most 24 hours');
  if (given > MAX_BOOST_TTL_MS) throw wrong('a boost holds for 24 hours at most', 'give at most 86400000');
  return given;
}

export const setDirective = defineCommand({
  name: 'setDirective',
  about: 'Asks for a directive. It is in force once the verbosity service has taken the command.',
  tag: 'verbosity',
  scope: 'control',
  path: '/api/control',
  params: {
    id: text('Id of the directive; made when left out').optional(),
    class: choice(DIRECTIVE_CLASSES, 'Raise or lower the detail').default('boost'),
    priority: wholeNumber(0, 100, 'A boost of higher priority than a restrict is not lowered by it').default(0),
    target: choices.target.describe('What it applies to; {} is everything'),
    set: choices.set.describe(`What it changes, at least one: min_severity (${SEVERITIES.join(', ')}), keep (over 0, at most 1), content (${CONTENTS.join(', ')}), flush`),
    limits: choices.limits.optional().describe('Most that it adds, for each instance of an SDK'),
    ttl_ms: wholeNumber(1, MAX_RESTRICT_TTL_MS, 'How long it holds, in ms: a boost 24 hours at most and always given, a restrict a day where it is not given').optional(),
    reason: text('Why, for people').default('asked for by hand'),
    issued_by: text('Who asks').default('api'),
  },
  example: { target: { service_name: 'shop', tool_name: 'search' }, set: { min_severity: 'debug', content: 'full' }, ttl_ms: 60_000, reason: 'slow tool' },
  answer: named('SetDirectiveAnswer', z.object({ id: z.string(), expires_at: isoTime })),
  run: async ({ id: given, ttl_ms, ...asked }, context) => {
    const { tenant, clock } = context;
    const ttl = ttlOf(asked.class, ttl_ms);
    const set = directiveSet.safeParse(withoutAbsent(asked.set));
    if (!set.success) throw new ApiError('invalid', 'changes nothing', { parameter: 'set', fix: 'give at least one of min_severity, keep, content, flush' });
    const now = clock.now();
    const id = given ?? `cmd-${hashId(12, tenant, now, clock.monotonic(), JSON.stringify(asked))}`;
    await send(context, {
      ...asked, type: 'set_directive', tenant, id, ttl_ms: ttl,  target: withoutAbsent(asked.target), set: set.data, limits: withoutAbsent(asked.limits ?? {}),
    });
    return { id, expires_at: isoTimeOf(now + ttl) };
  },
}); // prettier-ignore

/** The contract knows fields that are absent, none that are undefined. */
function withoutAbsent<T extends object>(given: T): { [Name in keyof T]: NonNullable<T[Name]> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as never;
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
