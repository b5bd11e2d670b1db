import { z } from 'zod';
import { ApiError } from '../define/api-error';
import { named, type RowsOf } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { text } from '../define/params';
import { explainStored, explanationFields } from './answer';
import { eventsToExplain } from './stored-events';

/** Explains one turn, with what was said and found in the turns of its session before it. ApiError not_found where there is none. */
export async function explainTurnOf(id: string, rowsOf: RowsOf) {
  const rows = await rowsOf({
    sql: `SELECT session_id, intent, request_simhash AS simhash, outcome FROM telltale.turns FINAL WHERE tenant = {tenant:String} AND turn_id = {id:String} ORDER BY revision DESC LIMIT 1`,
    params: { id },
  });
  const own = await eventsToExplain('e.trace_id = {id:String}', id, rowsOf);
  const [first] = own.events;
  if (!first) throw new ApiError('not_found', 'there is no turn of this id', { fix: 'GET /api/turns lists them' });
  const session = own.events.find(({ session_id: named }) => named !== '')?.session_id ?? '';
  const last = own.events.at(-1)?.ts ?? '';
  const all = session === '' ? own : await eventsToExplain('e.session_id = {id:String}', session, rowsOf);
  const before = all.events.filter(({ trace_id: trace, ts }) => trace !== id && ts <= first.ts);
  const [turn] = rows;
  const known = { intent: String(turn?.['intent'] ?? ''), simhash: String(turn?.['simhash'] ?? ''), outcome: String(turn?.['outcome'] ?? '') };
  const events = [...before, ...own.events].filter(({ ts }) => ts <= last);
  return { turn_id: id, session_id: session, ...(await explainStored({ id: session || id, events, truncated: own.truncated, turn: id, turns: [known] }, rowsOf)) };
} // prettier-ignore

export const explainTurn = defineQuery({
  name: 'explainTurn',
  about:
    'Which step of a turn failed or first departed from what worked elsewhere, why, how similar cases ended, and what to change.',
  tag: 'conversations',
  scope: 'read',
  path: '/api/turns/{id}/explain',
  params: { id: text('turn_id of the turn: its trace id') },
  example: { id: 'T1' },
  mcp: {
    name: 'explain_turn',
    about: 'Why one turn went wrong: the step that failed or first departed from what worked elsewhere, the reason, similar cases and how they ended, and what to change.',
    next: 'read_field(id=id of a step, field) reads what it says; get_turn(id) shows all steps',
  }, // prettier-ignore
  missing: 'there is no turn of this id',
  answer: named('ExplainTurnAnswer', z.object({ turn_id: z.string(), session_id: z.string(), ...explanationFields })),
  run: ({ id }, { rowsOf }) => explainTurnOf(id, rowsOf),
});
