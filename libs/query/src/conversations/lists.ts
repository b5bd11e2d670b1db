import { EVENT_STATUSES, TURN_OUTCOMES } from '@telltale/contracts';
import { DAY_MS } from '@telltale/kernel';
import { z } from 'zod';
import { named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { choice, text } from '../define/params';
import { count, integer, isoTime } from '../define/row-fields';
import { columnsOf, filterBy, SINCE_FIRST_MINUTE, within } from '../define/where';

const LIMITS = { rows: { fallback: 100, max: 1_000 }, range: { defaultMs: 7 * DAY_MS, maxMs: 400 * DAY_MS } };

const session = named(
  'Session',
  z.object({
    session_id: z.string(),
    derived: z.boolean().describe('No producer named it: turns of one user of one service'),
    service: z.string().describe('Of its first turn'),
    user: z.string().describe('Pseudonym'),
    started_at: isoTime,
    ended_at: isoTime,
    turns: count,
    failed_turns: count.describe('Turns with status error'),
    events: count,
    errors: count.describe('Failed operations'),
    last_outcome: z.string().describe('How its last turn ended'),
    outcomes: z.record(z.string(), count).describe('Turns by outcome'),
    intents: z.array(z.string()),
    total_cost_nano_usd: integer.nullable().describe('Nano-dollars; null when no price is known'),
    unpriced_calls: count.describe('Calls that are paid for and whose price is unknown'),
    input_preview: z.string().describe('First 200 characters of its first request'),
  }),
);

export const listSessions = defineQuery({
  name: 'listSessions',
  about: 'Sessions, the last started first.',
  tag: 'conversations',
  scope: 'read',
  path: '/api/sessions',
  params: { service: text('Only of this service').optional(), user: text('Only of this user (pseudonym)').optional() },
  example: { service: 'shop', since: '24h' },
  list: 'sessions',
  row: session,
  limits: LIMITS,
  order: () => [
    { column: 'started_at', type: 'time', descending: true },
    { column: 'session_id', type: 'text' },
  ],
  sql: ({ service, user }, period) => {
    const { where, params } = within(filterBy({ service_name: service, user_id: user }), 'started_at', period);
    return {
      sql: `SELECT session_id, derived, service_name AS service, user_id AS user, started_at, ended_at, turns, failed_turns, events, errors, last_outcome, outcomes, intents,
         cost_nano_usd AS total_cost_nano_usd, unpriced_calls, input_preview
       FROM telltale.sessions ${SINCE_FIRST_MINUTE} WHERE ${where} AND turns > 0`,
      params,
    };
  },
});

const turn = named(
  'Turn',
  z.object({
    turn_id: z.string(),
    trace_id: z.string(),
    session_id: z.string(),
    ts: isoTime.describe('When it started'),
    service_name: z.string(),
    name: z.string(),
    duration_ms: z.number(),
    status: z.string(),
    error_type: z.string(),
    user_id: z.string().describe('Pseudonym'),
    language: z.string(),
    intent: z.string(),
    outcome: z.string(),
    cost_nano_usd: integer.nullable().describe('Nano-dollars; null when no price is known'),
    unpriced_calls: count.describe('Calls that are paid for and whose price is unknown'),
    retries: count,
    input_preview: z.string().describe('First 200 characters of input'),
    output_preview: z.string().describe('First 200 characters of output'),
  }),
);

export const listTurns = defineQuery({
  name: 'listTurns',
  about: 'Turns as last written, the last started first.',
  tag: 'conversations',
  scope: 'read',
  path: '/api/turns',
  params: {
    service: text('Only of this service').optional(),
    session: text('Only of this session').optional(),
    status: choice(EVENT_STATUSES, 'Only of this status').optional(),
    intent: text('Only of this intent').optional(),
    outcome: choice(TURN_OUTCOMES, 'Only of this outcome').optional(),
  },
  example: { session: 'ses-1', status: 'error' },
  list: 'turns',
  row: turn,
  limits: LIMITS,
  mcp: {
    name: 'find_turns',
    about:
      'Finds turns (one user request and all work until its answer) by service, session, status, intent or outcome, newest first, with previews of request and answer. With session it is the conversation.',
    next: 'get_turn(id=turn_id) shows the operations of one; find_turns(session=session_id) shows the rest of its conversation',
    withoutContent: ['turns', 'turn_id', 'trace_id', 'session_id', 'ts', 'service_name', 'name', 'duration_ms', 'status', 'error_type', 'user_id', 'language', 'intent', 'outcome', 'cost_nano_usd', 'unpriced_calls', 'retries'],
  }, // prettier-ignore
  order: () => [
    { column: 'ts', type: 'time', descending: true },
    { column: 'turn_id', type: 'text' },
  ],
  sql: ({ service, session: session_id, status, intent, outcome }, period) => {
    const { where, params } = within(filterBy({ service_name: service, session_id, status, intent, outcome }), 'ts', period);
    return { sql: `SELECT ${columnsOf(turn)} FROM telltale.turns ${SINCE_FIRST_MINUTE} WHERE ${where}`, params };
  },
});
