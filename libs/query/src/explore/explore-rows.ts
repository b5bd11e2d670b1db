import { z } from 'zod';
import { named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { integer, isoTime } from '../define/row-fields';
import { exploredParams, fromRows, RANGE } from './explored-rows';
import { conditionsOf } from './filters/conditions';

const row = named(
  'ExploredRow',
  z.object({
    id: z.string().describe('Of the turn, or of the event'),
    turn_id: z.string().describe('The turn, or that of the event; empty where it has none'),
    session_id: z.string(),
    ts: isoTime.describe('When it started'),
    kind: z.string(),
    name: z.string(),
    service_name: z.string(),
    service_version: z.string(),
    status: z.string(),
    error_type: z.string(),
    outcome: z.string().describe('Of a turn; empty for an event'),
    intent: z.string().describe('Of a turn; empty for an event'),
    model: z.string(),
    duration_ms: z.number().nullable(),
    cost_nano_usd: integer.nullable().describe('Nano-dollars; null when no price is known'),
    preview: z.string().describe('First 200 characters of the input'),
  }),
);

const SHARED =
  'session_id, ts, name, service_name, service_version, status, error_type, duration_ms, cost_nano_usd, input_preview AS preview';
const COLUMNS = {
  turns: `turn_id AS id, turn_id, 'turn' AS kind, outcome, intent, arrayStringConcat(models, ', ') AS model, ${SHARED}`,
  events: `id, trace_id AS turn_id, kind, '' AS outcome, '' AS intent, if(response_model != '', response_model, request_model) AS model, ${SHARED}`,
};
const { of, where } = exploredParams;

export const listExploredRows = defineQuery({
  name: 'listExploredRows',
  about: 'The turns or events that filters let through, the last started first.',
  tag: 'explore',
  scope: 'read',
  path: '/api/explore/rows',
  params: { of, where },
  example: { where: 'status:error duration_ms>2s', since: '24h' },
  list: 'rows',
  row,
  limits: { rows: { fallback: 100, max: 1_000 }, range: RANGE },
  order: () => [
    { column: 'ts', type: 'time', descending: true },
    { column: 'id', type: 'text' },
  ],
  sql: (given, period) => {
    const rows = { source: given.of, period, conditions: conditionsOf(given.of, 'where', given.where) };
    const { from, params } = fromRows(rows);
    return { sql: `SELECT ${COLUMNS[given.of]} FROM ${from}`, params };
  },
}); // prettier-ignore
