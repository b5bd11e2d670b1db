import { z } from 'zod';
import { ApiError } from '../../define/api-error';
import { named } from '../../define/definition';
import { defineQuery } from '../../define/define-query';
import { choice, text, wholeNumberIn } from '../../define/params';
import { count } from '../../define/row-fields';
import { numberOf, textOf } from '../../define/row-values';
import { logfmt } from '../../mcp/logfmt';
import { type Shown } from '../../mcp/tag';
import { operationOf } from '../operation/operation-of';
import { CONTENT_FIELDS, textExpression } from './content-fields';
import { findInText, type Match } from './find-in-text';

const MAX_LENGTH = 50_000;
const USUAL_LENGTH = 4_000;
const MAX_OFFSET = 1_000_000_000;
const MAX_MATCHES = 50;

type Answer = Readonly<Record<string, unknown>>;

function show(answer: Answer): Shown {
  const head = [logfmt({ id: answer['id'], field: answer['field'] })];
  const matches = answer['matches'] as readonly Match[] | undefined;
  if (!matches) {
    const { text, offset, size } = answer as unknown as { text: string; offset: number; size: number };
    return { head, items: [], window: { text, offset, size } };
  }
  const total = Number(answer['total_matches']);
  return {
    head: [`${head.join('')} ${logfmt({ size: answer['size'], matches: total })}`],
    items: matches.map((match) => logfmt({ ...match })),
    leftOut: total > matches.length ? [`${total - matches.length} matches after the first ${matches.length}; a longer text to find has fewer`] : [], // prettier-ignore
  };
}

export const readField = defineQuery({
  name: 'readField',
  about: 'A window inside one field with content of an operation, or where a text stands in it.',
  tag: 'conversations',
  scope: 'read',
  path: '/api/operations/{id}/fields/{field}',
  params: {
    id: text('id of the operation'),
    field: choice(CONTENT_FIELDS, 'Name of the field'),
    turn: text('Trace id of its turn: with it the operation is found much faster').optional(),
    offset: wholeNumberIn(0, MAX_OFFSET, 'Characters before the window').default(0),
    length: wholeNumberIn(1, MAX_LENGTH, 'Most characters of the window').default(USUAL_LENGTH),
    find: text(`Text to find, in any case: the first ${MAX_MATCHES} places instead of a window`, 200).optional(),
  },
  example: { id: 'op-1', field: 'output' },
  missing: 'there is no operation of this id',
  answer: named(
    'ReadFieldAnswer',
    z.object({
      id: z.string(),
      field: z.string(),
      size: count.describe('Characters of the field'),
      offset: count,
      text: z.string(),
      total_matches: count.optional(),
      matches: z.array(z.object({ offset: count, excerpt: z.string() })).optional(),
    }),
  ),
  mcp: {
    name: 'read_field',
    about:
      'A window inside one payload of an operation: input, output, tool_arguments, tool_result, error_message and others. Give find to get the places where a text stands instead, then read around one with offset.',
    next: 'get_turn(id=turn_id) shows where the operation stands; find_operations finds others of the same tool or error',
    show,
  },
  run: async ({ id, field, turn, offset, length, find }, { rowsOf }) => {
    const expression = textExpression(field);
    const piece = find === undefined ? `substringUTF8(${expression}, {from:UInt64}, {length:UInt64})` : expression;
    const [row] = await rowsOf({
      sql: `SELECT ${piece} AS piece, lengthUTF8(${expression}) AS size FROM telltale.events WHERE ${operationOf(turn)} LIMIT 1`,
      params: { id, ...(turn !== undefined && { turn }), ...(find === undefined ? { from: offset + 1, length } : {}) },
    });
    if (!row) throw new ApiError('not_found', 'there is no operation of this id', { fix: 'GET /api/operations lists them' });
    const [piece_, size] = [textOf(row, 'piece'), numberOf(row, 'size')];
    if (find === undefined) return { id, field, size, offset: Math.min(offset, size), text: piece_ };
    const { total, matches } = findInText(piece_, find, MAX_MATCHES);
    return { id, field, size, offset: 0, text: '', total_matches: total, matches };
  },
});
