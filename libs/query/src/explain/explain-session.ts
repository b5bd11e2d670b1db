import { z } from 'zod';
import { ApiError } from '../define/api-error';
import { named, type RowsOf } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { text } from '../define/params';
import { explainStored, explanationFields } from './answer';
import { eventsToExplain } from './stored-events';

const MAX_TURNS = 200;
/** Turns that the producer named the session of, and those that were recognized by their messages or their user. */
const TRACES =
  'SELECT arrayJoin(trace_ids) FROM telltale.sessions FINAL WHERE tenant = {tenant:String} AND session_id = {id:String} AND turns > 0';

/** Explains one session as a whole. ApiError not_found where there is none. */
export async function explainSessionOf(id: string, rowsOf: RowsOf) {
  const named = await eventsToExplain('e.session_id = {id:String}', id, rowsOf);
  const { events, truncated } = named.events.length > 0 ? named : await eventsToExplain(`e.trace_id IN (${TRACES})`, id, rowsOf);
  if (events.length === 0)
    throw new ApiError('not_found', 'there is no session of this id', { fix: 'GET /api/sessions lists them' });
  const rows = await rowsOf({
    sql: `SELECT intent, request_simhash AS simhash, outcome FROM telltale.turns FINAL WHERE tenant = {tenant:String} AND trace_id != '' AND (session_id = {id:String} OR trace_id IN {traces:Array(String)}) ORDER BY ts, turn_id LIMIT ${MAX_TURNS}`,
    params: { id, traces: [...new Set(events.map(({ trace_id: trace }) => trace))].slice(0, MAX_TURNS) },
  });
  const turns = rows.map((row) => ({ intent: String(row['intent']), simhash: String(row['simhash']), outcome: String(row['outcome']) }));
  return { session_id: id, ...(await explainStored({ id, events, truncated, turns }, rowsOf)) };
} // prettier-ignore

export const explainSession = defineQuery({
  name: 'explainSession',
  about:
    'Which step of a session failed or first departed from what worked elsewhere, why, how similar cases ended, and what to change.',
  tag: 'conversations',
  scope: 'read',
  path: '/api/sessions/{id}/explain',
  params: { id: text('session_id of the session') },
  example: { id: 'ses-1' },
  missing: 'there is no session of this id',
  answer: named('ExplainSessionAnswer', z.object({ session_id: z.string(), ...explanationFields })),
  run: ({ id }, { rowsOf }) => explainSessionOf(id, rowsOf),
});
