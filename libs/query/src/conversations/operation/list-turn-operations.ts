import { turnRow } from '@telltale/contracts';
import { z } from 'zod';
import { ApiError } from '../../define/api-error';
import { named, type RowsOf } from '../../define/definition';
import { defineQuery } from '../../define/define-query';
import { withIsoTimes } from '../../define/iso-times';
import { text, wholeNumberIn } from '../../define/params';
import { count, integer, isoTime } from '../../define/row-fields';
import { numberOf, type Row, textOf } from '../../define/row-values';
import { columnsOf, SINCE_FIRST_MINUTE } from '../../define/where';

const MAX_ROWS = 5_000;
const MAX_OFFSET = 1_000_000;

const operation = named(
  'TurnOperation',
  z.object({
    id: z.string(),
    kind: z.string(),
    name: z.string(),
    ts: isoTime.describe('When it started'),
    duration_ms: z.number().nullable(),
    status: z.string(),
    error_type: z.string(),
    error_message: z.string().describe('First 200 characters'),
    error_fingerprint: z.string(),
    span_id: z.string(),
    parent_span_id: z.string().describe('Empty, or of no operation, at the root'),
    requested_by_span_id: z.string().describe('The call of a model that asked for this call of a tool; empty while unknown'),
    tool_name: z.string(),
    agent_name: z.string(),
    model: z.string(),
    attempt: z.number().nullable(),
    decision_chosen: z.string(),
    cost_nano_usd: integer.nullable().describe('Nano-dollars; null when no price is known'),
    input_tokens: count,
    output_tokens: count,
    time_to_first_token_ms: z.number().nullable(),
    tool_call_hash: z.string().describe('Same tool and same arguments, same value'),
    severity: z.string().describe('Of a log line'),
    line: z.string().describe('First 160 characters of a log line'),
  }),
);

const COLUMNS = `id, kind, name, ts, duration_ms, status, error_type, error_message, error_fingerprint, span_id, parent_span_id, requested_by_span_id, tool_name, agent_name,
  if(response_model != '', response_model, request_model) AS model, attempt, decision_chosen, cost_nano_usd, ifNull(usage_input_uncached, 0) + ifNull(usage_cache_read, 0) + ifNull(usage_cache_write, 0) AS input_tokens,
  ifNull(usage_output, 0) + ifNull(usage_reasoning, 0) AS output_tokens, time_to_first_token_ms, tool_call_hash, severity, if(kind = 'log', substringUTF8(output_preview, 1, 160), '') AS line`;

/** Few turns have no trace: such a turn is its one event. An index finds one condition only. */
async function sumsOf(id: string, rowsOf: RowsOf) {
  for (const column of ['trace_id', 'id'] as const) {
    const [sums] = await rowsOf({
      sql: `SELECT count() AS total, countIf(status = 'error') AS failed, min(ts) AS started_at, anyIf(session_id, session_id != '') AS session_id, any(service_name) AS service_name
        FROM telltale.events_core WHERE tenant = {tenant:String} AND ${column} = {id:String}`,
      params: { id },
    });
    if (sums && numberOf(sums, 'total') > 0) return { column, sums: withIsoTimes(sums) };
  }
  return null;
}

/** The turn as last written; null until it was quiet for a minute. `since`: when its first operation started, ms since the epoch. */
async function turnOf(id: string, since: number, rowsOf: RowsOf): Promise<Row | null> {
  const [turn] = await rowsOf({
    sql: `SELECT ${columnsOf(turnRow)} FROM telltale.turns ${SINCE_FIRST_MINUTE} WHERE turn_id = {id:String} ORDER BY revision DESC LIMIT 1`,
    params: { id, since },
  });
  return turn ? withIsoTimes(turn) : null;
}

export const listTurnOperations = defineQuery({
  name: 'listTurnOperations',
  about: 'One turn and each of its operations with its caller, when it ran and what it cost, without content: what a page draws.',
  tag: 'conversations',
  scope: 'read',
  path: '/api/turns/{id}/operations',
  params: {
    id: text('turn_id of the turn: its trace id'),
    offset: wholeNumberIn(0, MAX_OFFSET, 'Operations before those that are listed, in order of time').default(0),
    operation: text('id of an operation that is to be among them, wherever it stands').optional(),
  },
  example: { id: 'T1' },
  missing: 'there is no turn of this id',
  answer: named(
    'ListTurnOperationsAnswer',
    z.object({
      turn_id: z.string(),
      session_id: z.string(),
      service_name: z.string(),
      started_at: isoTime,
      total: count.describe('Operations and log lines of the turn'),
      failed: count.describe('Those with status error'),
      offset: count,
      turn: named('TurnOfOperations', z.object(turnRow.shape))
        .nullable()
        .describe('As last written; null until it was quiet for a minute'),
      operations: z.array(operation).describe(`In order of time, at most ${MAX_ROWS} and the one that was asked for`),
    }),
  ),
  limits: { maxRows: MAX_ROWS + 1 },
  run: async ({ id, offset, operation: wanted }, { rowsOf }) => {
    const known = await sumsOf(id, rowsOf);
    if (!known) throw new ApiError('not_found', 'there is no turn of this id', { fix: 'GET /api/turns lists them' });
    const { column, sums } = known;
    const rowsWhere = (rest: string, params: Readonly<Record<string, string | number>>) =>
      rowsOf({
        sql: `SELECT ${COLUMNS} FROM telltale.events_core WHERE tenant = {tenant:String} AND ${column} = {id:String} ${rest}`,
        params: { id, ...params },
      });
    const [turn, rows] = await Promise.all([
      turnOf(id, Date.parse(textOf(sums, 'started_at')), rowsOf),
      rowsWhere('ORDER BY ts, id LIMIT {limit:UInt32} OFFSET {offset:UInt32}', { limit: MAX_ROWS, offset }),
    ]);
    const isMissing = wanted !== undefined && !rows.some((row) => row['id'] === wanted);
    const beyond = isMissing ? await rowsWhere('AND events_core.id = {wanted:String} LIMIT 1', { wanted }) : [];
    return { turn_id: id, ...sums, offset, turn, operations: [...rows, ...beyond].map(withIsoTimes) };
  },
});
