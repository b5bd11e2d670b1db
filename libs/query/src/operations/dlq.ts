import { TOPICS } from '@telltale/contracts';
import { type LogRecord } from '@telltale/streaming';
import { z } from 'zod';
import { ApiError, badParameter } from '../define/api-error';
import { decodeCursor, encodeCursor, type OrderKey } from '../define/cursor';
import { type AskContext, defineCommand, named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { cursorParam, nextCursor } from '../define/paging';
import { limitOf, text } from '../define/params';
import { count } from '../define/row-fields';
import { type DeadLetter, deadLetterId, deadLetterOf, replayOf, tenantOf } from './dead-letters';

const NEWEST_LOOKED_AT = 10_000;
const MAX_LISTED = 1_000;
const REPLAY_FIX = 'send {"ids": ["0-12"]}, {"reason": "…"} or {"all": true}';
const LIST_FIX = { fix: 'GET /api/dlq lists them' };

const deadLetter = named(
  'DeadLetter',
  z.object({
    id: z.string().describe('`<partition>-<offset>` in the DLQ'),
    at: z.string().describe('When it was refused, ISO 8601'),
    reason: z.string(),
    error: z.string().describe('Never holds content'),
    service: z.string(),
    step: z.string(),
    topic: z.string().describe('Where it came from'),
    partition: z.number().nullable(),
    offset: z.number().nullable(),
    bytes: count,
    headers: z.record(z.string(), z.string()).describe('Headers of the input'),
  }),
);

/** Newest first. Partitions count their offsets each by itself, so the time of the record comes first. */
const ORDER: readonly OrderKey[] = [
  { column: 'time', type: 'integer', descending: true },
  { column: 'partition', type: 'integer', descending: true },
  { column: 'offset', type: 'integer', descending: true },
];
const placeOf = ({ timestampMs, partition, offset }: LogRecord): number[] => [timestampMs, partition, offset];

/** Above 0 where `a` comes after `b`. */
function comesAfter(a: readonly number[], b: readonly number[]): number {
  const differs = a.findIndex((value, i) => value !== b[i]);
  return (b[differs] ?? 0) - (a[differs] ?? 0);
}

async function recordsOf({ broker, tenant }: AskContext): Promise<LogRecord[]> {
  return (await broker.newest(TOPICS.dlq.name, NEWEST_LOOKED_AT)).filter((record) => tenantOf(record) === tenant);
}

function countsBy(letters: readonly DeadLetter[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { reason } of letters) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return Object.fromEntries(counts);
}

const LIST = 'listDeadLetters';
export const listDeadLetters = defineQuery({
  name: LIST,
  about: `Refused inputs among the newest ${NEWEST_LOOKED_AT} of the DLQ, newest first, with how many there are per reason.`,
  tag: 'operations',
  scope: 'read',
  path: '/api/dlq',
  params: {
    limit: limitOf({ fallback: 50, max: MAX_LISTED }),
    cursor: cursorParam,
    reason: text('Only of this reason').optional(),
  },
  example: { limit: 5 },
  answer: named(
    'ListDeadLettersAnswer',
    z.object({
      total: count.describe('On all pages'),
      by_reason: z.record(z.string(), count),
      dead_letters: z.array(deadLetter),
      next_cursor: nextCursor,
    }),
  ),
  limits: { maxRows: MAX_LISTED },
  run: async ({ limit, cursor, reason }, context) => {
    const start = cursor === undefined ? null : decodeCursor(LIST, cursor, ORDER).values.map(Number);
    const all = (await recordsOf(context))
      .filter(({ headers }) => reason === undefined || headers['x-dlq-reason'] === reason)
      .sort((a, b) => comesAfter(placeOf(a), placeOf(b)));
    const rest = start === null ? all : all.filter((record) => comesAfter(placeOf(record), start) > 0);
    const page = rest.slice(0, limit);
    const last = page.at(-1);
    const next = rest.length > limit && last ? encodeCursor(LIST, { period: null, values: placeOf(last) }) : null;
    return {
      total: all.length,
      by_reason: countsBy(all.map(deadLetterOf)),
      dead_letters: page.map(deadLetterOf),
      ...(next === null ? {} : { next_cursor: next }),
    };
  },
});

export const getDeadLetter = defineQuery({
  name: 'getDeadLetter',
  about: 'One refused input: where it came from and why it was refused, never its content.',
  tag: 'operations',
  scope: 'read',
  path: '/api/dlq/{id}',
  params: { id: text('`<partition>-<offset>` in the DLQ') },
  example: { id: '0-12' },
  missing: 'there is no dead letter of this id',
  answer: deadLetter,
  run: async ({ id }, context) => {
    const record = (await recordsOf(context)).find((candidate) => deadLetterId(candidate) === id);
    if (!record) throw new ApiError('not_found', 'there is no dead letter of this id', LIST_FIX);
    return deadLetterOf(record);
  },
});

export const replayDeadLetters = defineCommand({
  name: 'replayDeadLetters',
  about: 'Sends refused inputs on their way again, to where they came from. They come back when they are still refused.',
  tag: 'operations',
  scope: 'admin',
  path: '/api/dlq/replay',
  params: {
    ids: z.array(text('Id of a dead letter'), `is not a list; ${REPLAY_FIX}`).max(NEWEST_LOOKED_AT, `is too long; ${REPLAY_FIX}`).describe('These').optional(), // prettier-ignore
    reason: text('All of this reason').optional(),
    all: z.literal(true, `is not true; ${REPLAY_FIX}`).describe('All of them').optional(),
  },
  example: { ids: ['0-12'] },
  missing: 'there is no dead letter of one of the ids',
  answer: named(
    'ReplayDeadLettersAnswer',
    z.object({ replayed: count, skipped: count.describe('Of a topic that is not known') }),
  ),
  run: async ({ ids, reason, all }, context) => {
    if ([ids, reason, all].filter((way) => way !== undefined).length > 1)
      throw badParameter('ids', 'and reason and all: exactly one is needed', REPLAY_FIX);
    const chosen = choose(await recordsOf(context), ids, reason, all);
    const outputs = chosen.map(replayOf).filter((output) => output !== null);
    if (outputs.length > 0) await context.broker.produce(outputs);
    return { replayed: outputs.length, skipped: chosen.length - outputs.length };
  },
});

function choose(
  records: readonly LogRecord[],
  ids: readonly string[] | undefined,
  reason: string | undefined,
  all: true | undefined,
): readonly LogRecord[] {
  if (all) return records;
  if (reason !== undefined) return records.filter((record) => record.headers['x-dlq-reason'] === reason);
  if (!ids) throw badParameter('ids', 'is missing', REPLAY_FIX);
  const chosen = records.filter((record) => ids.includes(deadLetterId(record)));
  const found = new Set(chosen.map(deadLetterId));
  const missing = ids.find((id) => !found.has(id));
  if (missing !== undefined)
    throw new ApiError('not_found', `there is no dead letter ${missing.slice(0, 40)}`, { parameter: 'ids', ...LIST_FIX });
  return chosen;
}
