import { eventRecord } from '@telltale/contracts';
import { z } from 'zod';
import { ApiError } from '../define/api-error';
import { named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { withIsoTimes } from '../define/iso-times';
import { text } from '../define/params';
import { count } from '../define/row-fields';
import { columnsOf } from '../define/where';
import { event, operation } from './operation';
import { sessionTree } from './session-tree';

const MAX_EVENTS = 5_000;

/** Turns of a session: those that name it, or those of its user and service in its time where no producer named one. */
const DERIVED = `SELECT user_id, service_name, min(started_at) AS since, max(ended_at) AS until FROM telltale.sessions FINAL
  WHERE tenant = {tenant:String} AND session_id = {id:String} AND derived AND turns > 0 GROUP BY user_id, service_name`;
const TURNS_OF_SESSION = `SELECT trace_id FROM telltale.turns FINAL WHERE tenant = {tenant:String} AND trace_id != '' AND session_id = {id:String}
  UNION DISTINCT SELECT t.trace_id FROM (SELECT trace_id, user_id, service_name, ts FROM telltale.turns FINAL WHERE tenant = {tenant:String} AND trace_id != '' AND session_id = '') AS t
  INNER JOIN (${DERIVED}) AS s ON t.user_id = s.user_id AND t.service_name = s.service_name WHERE t.ts >= s.since AND t.ts <= s.until`;

const turn = named(
  'TurnOfSession',
  z.object({
    trace_id: z.string(),
    turn: event.nullable().describe('The event of the turn itself; null when it has not come (yet)'),
    operations: z.array(operation),
  }),
);

export const getSession = defineQuery({
  name: 'getSession',
  about: 'One session as turns and what each called.',
  tag: 'conversations',
  scope: 'read',
  path: '/api/sessions/{id}',
  params: { id: text('session_id of the session') },
  example: { id: 'ses-1' },
  missing: 'there is no session of this id',
  answer: named(
    'GetSessionAnswer',
    z.object({
      session_id: z.string(),
      events: count.describe('Events that are shown'),
      truncated: z.boolean().describe(`It has more than ${MAX_EVENTS} events; the first are shown`),
      turns: z.array(turn),
      others: z.array(event).describe('Events of no turn: feedback, session logs'),
    }),
  ),
  limits: { maxRows: MAX_EVENTS },
  run: async ({ id }, { rowsOf }) => {
    const found = await rowsOf({
      sql: `SELECT ${columnsOf(eventRecord)} FROM telltale.events
       WHERE tenant = {tenant:String} AND (session_id = {id:String} OR trace_id IN (${TURNS_OF_SESSION}))
       ORDER BY ts, id LIMIT {limit:UInt32}`,
      params: { id, limit: MAX_EVENTS + 1 },
    });
    const events = found.map(withIsoTimes);
    if (events.length === 0)
      throw new ApiError('not_found', 'there is no session of this id', { fix: 'GET /api/sessions lists them' });
    const shown = events.slice(0, MAX_EVENTS);
    return { session_id: id, events: shown.length, truncated: events.length > shown.length, ...sessionTree(shown) };
  },
});
