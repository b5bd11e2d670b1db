import { turnRow } from '@telltale/contracts';
import { z } from 'zod';
import { ApiError } from '../define/api-error';
import { named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { withIsoTimes } from '../define/iso-times';
import { text } from '../define/params';
import { columnsOf } from '../define/where';
import { EVENT_LIMITS, eventsWhere, isTruncated } from './events';
import { event, operation } from './operation';
import { turnTree } from './session-tree';

export const getTurn = defineQuery({
  name: 'getTurn',
  about: 'One turn: what is known of it, and its operations under their callers, with what they decided.',
  tag: 'conversations',
  scope: 'read',
  path: '/api/turns/{id}',
  params: { id: text('turn_id of the turn: its trace id') },
  example: { id: 'T1' },
  missing: 'there is no turn of this id',
  answer: named(
    'GetTurnAnswer',
    z.object({
      turn_id: z.string(),
      turn: named('TurnRow', z.object(turnRow.shape))
        .nullable()
        .describe('As last written; null until it was quiet for a minute'),
      truncated: isTruncated,
      root: event.nullable().describe('The event of the turn itself; null when it has not come (yet)'),
      operations: z.array(operation),
    }),
  ),
  limits: EVENT_LIMITS,
  run: async ({ id }, { rowsOf }) => {
    const [turn] = await rowsOf({
      sql: `SELECT ${columnsOf(turnRow)} FROM telltale.turns FINAL WHERE tenant = {tenant:String} AND turn_id = {id:String} ORDER BY revision DESC LIMIT 1`,
      params: { id },
    });
    const ofTrace = await eventsWhere('trace_id = {id:String}', id, rowsOf);
    // One after another: with OR no index finds them. Few turns have no trace.
    const { events, truncated } = ofTrace.events.length > 0 ? ofTrace : await eventsWhere('id = {id:String}', id, rowsOf);
    if (!turn && events.length === 0)
      throw new ApiError('not_found', 'there is no turn of this id', { fix: 'GET /api/turns lists them' });
    return { turn_id: id, turn: turn ? withIsoTimes(turn) : null, truncated, ...turnTree(id, events) };
  },
});
