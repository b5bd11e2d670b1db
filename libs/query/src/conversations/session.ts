import { z } from 'zod';
import { ApiError } from '../define/api-error';
import { named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { text } from '../define/params';
import { count } from '../define/row-fields';
import { EVENT_LIMITS, eventsWhere, isTruncated } from './events';
import { event, operation } from './operation';
import { sessionTree } from './session-tree';

/**
 * Turns of a session: those that name it; where no producer named one those of its user and service in its time, or those that were recognized
 * by their messages.
 */
const DERIVED = `SELECT user_id, service_name, min(started_at) AS since, max(ended_at) AS until FROM telltale.sessions FINAL
  WHERE tenant = {tenant:String} AND session_id = {id:String} AND derived AND turns > 0 AND user_id != '' GROUP BY user_id, service_name`;
export const TURNS_OF_SESSION = `SELECT trace_id FROM telltale.turns FINAL WHERE tenant = {tenant:String} AND trace_id != '' AND session_id = {id:String}
  UNION DISTINCT SELECT t.trace_id FROM (SELECT trace_id, user_id, service_name, ts FROM telltale.turns FINAL WHERE tenant = {tenant:String} AND trace_id != '' AND session_id = '') AS t
  INNER JOIN (${DERIVED}) AS s ON t.user_id = s.user_id AND t.service_name = s.service_name WHERE t.ts >= s.since AND t.ts <= s.until
  UNION DISTINCT SELECT arrayJoin(trace_ids) FROM telltale.sessions FINAL WHERE tenant = {tenant:String} AND session_id = {id:String} AND turns > 0`;

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
      truncated: isTruncated,
      turns: z.array(turn),
      others: z.array(event).describe('Events of no turn: feedback, session logs'),
    }),
  ),
  limits: EVENT_LIMITS,
  run: async ({ id }, { rowsOf }) => {
    const { events, truncated } = await eventsWhere(`session_id = {id:String} OR trace_id IN (${TURNS_OF_SESSION})`, id, rowsOf);
    if (events.length === 0)
      throw new ApiError('not_found', 'there is no session of this id', { fix: 'GET /api/sessions lists them' });
    return { session_id: id, events: events.length, truncated, ...sessionTree(events) };
  },
});
