import { EVENT_KINDS, EVENT_STATUSES } from '@telltale/contracts';
import { DAY_MS } from '@telltale/kernel';
import { z } from 'zod';
import { named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { choice, text } from '../define/params';
import { integer, isoTime } from '../define/row-fields';
import { filterBy, within } from '../define/where';

const operation = named(
  'OperationRow',
  z.object({
    id: z.string(),
    turn_id: z.string().describe('Trace id of its turn'),
    session_id: z.string(),
    ts: isoTime.describe('When it started'),
    kind: z.string(),
    name: z.string(),
    service_name: z.string(),
    service_version: z.string(),
    tool_name: z.string(),
    model: z.string(),
    prompt_version: z.string(),
    status: z.string(),
    error_type: z.string(),
    error_fingerprint: z.string(),
    error_message: z.string().describe('First 200 characters'),
    duration_ms: z.number().nullable(),
    attempt: z.number().nullable(),
    cost_nano_usd: integer.nullable().describe('Nano-dollars; null when no price is known'),
  }),
);

export const listOperations = defineQuery({
  name: 'listOperations',
  about: 'Operations and log lines without their content, the last started first.',
  tag: 'conversations',
  scope: 'read',
  path: '/api/operations',
  params: {
    turn: text('Only of this turn (trace id)').optional(),
    session: text('Only of this session').optional(),
    service: text('Only of this service').optional(),
    kind: choice(EVENT_KINDS, 'Only of this kind').optional(),
    name: text('Only of this name').optional(),
    tool: text('Only of this tool').optional(),
    model: text('Only of this model, as it responded').optional(),
    status: choice(EVENT_STATUSES, 'Only of this status').optional(),
    error: text('Only with this error_type').optional(),
    fingerprint: text('Only with this error_fingerprint').optional(),
    user: text('Only of this user (pseudonym)').optional(),
  },
  example: { kind: 'tool', status: 'error', since: '24h' },
  list: 'operations',
  row: operation,
  limits: { rows: { fallback: 50, max: 1_000 }, range: { defaultMs: 7 * DAY_MS, maxMs: 400 * DAY_MS } },
  mcp: {
    name: 'find_operations',
    about:
      'Finds single operations (llm, tool, retrieval, agent calls, log lines) by tool, model, name, status, error or turn, newest first: compare one tool across turns, or list those that one line of get_turn stands for.',
    next: 'read_field(id, field) reads a payload; get_turn(id=turn_id) shows its turn',
    withoutContent: ['operations', 'id', 'turn_id', 'session_id', 'ts', 'kind', 'name', 'service_name', 'service_version', 'tool_name', 'model', 'prompt_version', 'status', 'error_type', 'error_fingerprint', 'duration_ms', 'attempt', 'cost_nano_usd'],
  }, // prettier-ignore
  order: () => [
    { column: 'ts', type: 'time', descending: true },
    { column: 'id', type: 'text' },
  ],
  sql: ({ turn, session, service, kind, name, tool, model, status, error, fingerprint, user }, period) => {
    const { where, params } = within(
      filterBy({ trace_id: turn, session_id: session, service_name: service, kind, name, tool_name: tool, response_model: model, status, error_type: error, error_fingerprint: fingerprint, user_id: user }),
      'ts',
      period,
    ); // prettier-ignore
    return {
      sql: `SELECT id, trace_id AS turn_id, session_id, ts, kind, name, service_name, service_version, tool_name, if(response_model != '', response_model, request_model) AS model, prompt_version, status,
         error_type, error_fingerprint, error_message, duration_ms, attempt, cost_nano_usd
       FROM telltale.events_core WHERE ${where}`,
      params,
    };
  },
});
