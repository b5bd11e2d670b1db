import { DAY_MS } from '@telltale/kernel';
import { z } from 'zod';
import { ApiError } from '../define/api-error';
import { named, type RowsOf } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { withIsoTimes } from '../define/iso-times';
import { text } from '../define/params';
import { count, isoTime } from '../define/row-fields';
import { explanationFields } from './answer';
import { explainTurnOf } from './explain-turn';

const LOOK_BACK_MS = 30 * DAY_MS;
const MAX_TURNS = 10;

/** Explains an error by the last turn that it happened in. ApiError not_found where the last 30 days have none. */
export async function explainErrorOf(fingerprint: string, now: number, rowsOf: RowsOf) {
  const params = { fingerprint, since: now - LOOK_BACK_MS };
  const where = "tenant = {tenant:String} AND ts >= fromUnixTimestamp64Milli({since:Int64}, 'UTC') AND error_fingerprint = {fingerprint:String}";
  const [sums] = await rowsOf({
    sql: `SELECT count() AS events, uniq(trace_id) AS turns, min(ts) AS first_at, max(ts) AS last_at, argMax(error_message, ts) AS message, groupUniqArray(8)(if(tool_name = '', name, tool_name)) AS operations
      FROM telltale.events_core WHERE ${where}`,
    params,
  });
  if (!sums || Number(sums['events']) === 0)
    throw new ApiError('not_found', 'there is no error of this fingerprint in the last 30 days', { fix: "SELECT DISTINCT error_fingerprint FROM events WHERE status = 'error' lists them" });
  const latest = await rowsOf({
    sql: `SELECT trace_id AS turn_id, any(session_id) AS session_id, max(ts) AS last FROM telltale.events_core WHERE ${where} AND trace_id != '' GROUP BY turn_id ORDER BY last DESC, turn_id LIMIT ${MAX_TURNS}`,
    params,
  });
  const [turn] = latest;
  return {
    fingerprint,
    ...withIsoTimes(sums),
    examples: latest.map(({ turn_id, session_id }) => ({ turn_id, session_id })),
    explanation: turn ? await explainTurnOf(String(turn['turn_id']), rowsOf) : null,
  };
} // prettier-ignore

export const explainError = defineQuery({
  name: 'explainError',
  about: 'How often an error happened in the last 30 days, where, and its last turn explained.',
  tag: 'conversations',
  scope: 'read',
  path: '/api/errors/{id}/explain',
  params: { id: text('error_fingerprint of the error') },
  example: { id: 'f1' },
  missing: 'there is no error of this fingerprint in the last 30 days',
  answer: named(
    'ExplainErrorAnswer',
    z.object({
      fingerprint: z.string(),
      events: count,
      turns: count.describe('Turns that it happened in'),
      first_at: isoTime,
      last_at: isoTime,
      message: z.string().describe('The latest, first 200 characters'),
      operations: z.array(z.string()).describe('Tools and other operations that failed with it, at most 8'),
      examples: z.array(z.object({ turn_id: z.string(), session_id: z.string() })).describe('The latest, at most 10'),
      explanation: z
        .object({ turn_id: z.string(), session_id: z.string(), ...explanationFields })
        .nullable()
        .describe('Of the first example; null where the error is of no turn'),
    }),
  ),
  run: ({ id }, { rowsOf, clock }) => explainErrorOf(id, clock.now(), rowsOf),
});
