import { z } from 'zod';
import { ApiError, badParameter } from '../../define/api-error';
import { named, type RowsOf } from '../../define/definition';
import { defineQuery } from '../../define/define-query';
import { text } from '../../define/params';
import { withIsoTimes } from '../../define/iso-times';
import { count, integer, isoTime } from '../../define/row-fields';
import { type Row, textOf } from '../../define/row-values';
import { EVENT_LIMITS, isTruncated } from '../events';
import { FIELD_SIZES, SIZE_COLUMNS, sizesOf } from '../field/content-fields';
import { type OperationNode, turnTree } from '../session-tree';
import { everyOperation, foldTree } from './fold-tree';
import { showTree } from './show-tree';

const COLUMNS = `id, kind, name, ts, duration_ms, status, error_type, substringUTF8(error_message, 1, 200) AS error_message, trace_id, span_id, parent_span_id, service_name, session_id,
  if(response_model != '', response_model, request_model) AS model, tool_name, attempt, decision_chosen, cost_nano_usd,
  ifNull(usage_input_uncached, 0) + ifNull(usage_cache_read, 0) + ifNull(usage_cache_write, 0) AS input_tokens, ifNull(usage_output, 0) + ifNull(usage_reasoning, 0) AS output_tokens,
  ${SIZE_COLUMNS}`;

const node = named(
  'TreeNode',
  z.object({
    depth: count.describe('How many callers are above it'),
    id: z.string().describe('Of the operation; of several that are alike the first'),
    kind: z.string(),
    name: z.string(),
    status: z.string(),
    error_type: z.string(),
    error_message: z.string().describe('First 200 characters'),
    after_ms: z.number().describe('From the start of the first operation that is shown'),
    duration_ms: z.number().nullable(),
    model: z.string(),
    tool_name: z.string(),
    attempt: z.number().nullable(),
    decision_chosen: z.string(),
    cost_nano_usd: integer.nullable(),
    input_tokens: count,
    output_tokens: count,
    sizes: z.record(z.string(), count).describe('Characters of each field with content'),
    folded: z
      .object({
        operations: count,
        below: count.describe('Operations under them'),
        failed_below: count,
        first_failed_id: z.string(),
        total_ms: z.number(),
        max_ms: z.number(),
        cost_nano_usd: integer.nullable(),
        slowest_id: z.string(),
      })
      .optional()
      .describe('Of operations of one caller that are alike: kind, name, status and error_type are the same'),
  }),
);

async function rowsOfTurn(id: string, rowsOf: RowsOf): Promise<Row[]> {
  const rowsWhere = (column: 'trace_id' | 'id') =>
    rowsOf({
      sql: `SELECT ${COLUMNS} FROM telltale.events WHERE tenant = {tenant:String} AND ${column} = {id:String} ORDER BY ts, id LIMIT {limit:UInt32}`,
      params: { id, limit: EVENT_LIMITS.maxRows + 1 },
    });
  // Few turns have no trace; an index finds one condition only.
  const ofTrace = await rowsWhere('trace_id');
  return (ofTrace.length > 0 ? ofTrace : await rowsWhere('id')).map(withIsoTimes);
}

const startOf = (row: Row): number => Date.parse(textOf(row, 'ts'));
const PLAIN = ['id', 'kind', 'name', 'status', 'error_type', 'error_message', 'duration_ms', 'model', 'tool_name', 'attempt', 'decision_chosen', 'cost_nano_usd', 'input_tokens', 'output_tokens'] as const; // prettier-ignore

/** What the operation of this id called; null where there is none. */
function calledBy(nodes: readonly OperationNode[], id: string): readonly OperationNode[] | null {
  for (const node of everyOperation(nodes)) if (node['id'] === id) return node.operations;
  return null;
}

export const getTurnTree = defineQuery({
  name: 'getTurnTree',
  about: 'One turn as a summary tree: times, costs, errors and the size of every payload, without the payloads.',
  tag: 'conversations',
  scope: 'read',
  path: '/api/turns/{id}/tree',
  params: {
    id: text('turn_id of the turn: its trace id'),
    under: text('id of an operation: only what is under it').optional(),
  },
  example: { id: 'T1' },
  missing: 'there is no turn of this id',
  answer: named(
    'GetTurnTreeAnswer',
    z.object({
      turn_id: z.string(),
      session_id: z.string(),
      service_name: z.string(),
      started_at: isoTime,
      operations: count.describe('Operations of the turn'),
      failed: count.describe('Operations with status error'),
      truncated: isTruncated,
      tree: z.array(node).describe('Callers before what they called'),
    }),
  ),
  limits: EVENT_LIMITS,
  mcp: {
    name: 'get_turn',
    about:
      'One turn as a summary tree: each operation under its caller with status, duration, cost, error and the size of its payloads, without the payloads. Many operations that are alike are one line. Use it first on any turn.',
    next: 'read_field(id=id of an operation, field=a name in sizes) reads a payload; find_operations(turn, kind, name, status) lists what one line of many stands for; get_turn(id, under=id of an operation) shows what is under it',
    withoutContent: ['turn_id', 'session_id', 'service_name', 'started_at', 'operations', 'failed', 'truncated', 'tree', 'depth', 'id', 'kind', 'name', 'status', 'error_type', 'after_ms', 'duration_ms', 'model', 'tool_name', 'attempt', 'cost_nano_usd', 'input_tokens', 'output_tokens', 'sizes', 'folded', 'below', 'failed_below', 'first_failed_id', 'total_ms', 'max_ms', 'slowest_id', ...FIELD_SIZES.map(({ field }) => field).filter((field) => field !== 'error_message')],
    show: showTree,
  }, // prettier-ignore
  run: async ({ id, under }, { rowsOf }) => {
    const found = await rowsOfTurn(id, rowsOf);
    const [first] = found;
    if (!first) throw new ApiError('not_found', 'there is no turn of this id', { fix: 'GET /api/turns lists them' });
    const rows = found.slice(0, EVENT_LIMITS.maxRows);
    const { root, operations } = turnTree(id, rows);
    const whole: OperationNode[] = root ? [{ ...root, operations }] : operations;
    const part = under === undefined ? whole : calledBy(whole, under);
    if (!part) throw badParameter('under', 'is no operation of this turn', 'give the id of an operation that the tree shows');
    const since = startOf(rows[0] ?? first);
    return {
      turn_id: id,
      session_id: textOf(first, 'session_id'),
      service_name: textOf(first, 'service_name'),
      started_at: textOf(first, 'ts'),
      operations: rows.length,
      failed: rows.filter((row) => row['status'] === 'error').length,
      truncated: found.length > rows.length,
      tree: foldTree(part).map(({ depth, operation, folded }) => ({
        depth,
        ...Object.fromEntries(PLAIN.map((name) => [name, operation[name] ?? null])),
        after_ms: startOf(operation) - since,
        sizes: sizesOf(operation),
        ...(folded ? { folded } : {}),
      })),
    };
  },
});
