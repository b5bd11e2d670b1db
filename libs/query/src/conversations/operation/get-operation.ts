import { eventRecord } from '@telltale/contracts';
import { z } from 'zod';
import { ApiError } from '../../define/api-error';
import { named } from '../../define/definition';
import { defineQuery } from '../../define/define-query';
import { withIsoTimes } from '../../define/iso-times';
import { text } from '../../define/params';
import { count } from '../../define/row-fields';
import { columnsOf } from '../../define/where';
import { SIZE_COLUMNS, sizesOf } from '../field/content-fields';
import { operationOf } from './operation-of';

/** Characters of what is short in nearly every operation. */
const MAX_TEXT = 2_000;
const MAX_PREVIEW = 400;

const facts = eventRecord.omit({
  tenant: true, input: true, output: true, tool_arguments: true, tool_result: true, body: true, error_message: true, error_stack: true, decision_reason: true, attributes: true, prompt_block_hashes: true,
  conversation_hashes: true,
}); // prettier-ignore

export const getOperation = defineQuery({
  name: 'getOperation',
  about: 'What is known of one operation, with the size of every payload, without the payloads.',
  tag: 'conversations',
  scope: 'read',
  path: '/api/operations/{id}',
  params: {
    id: text('id of the operation'),
    turn: text('Trace id of its turn: with it the operation is found much faster').optional(),
  },
  example: { id: 'op-1' },
  missing: 'there is no operation of this id',
  answer: named(
    'GetOperationAnswer',
    z.object({
      ...facts.shape,
      error_message: z.string().describe(`First ${MAX_TEXT} characters`),
      decision_reason: z.string().describe(`First ${MAX_TEXT} characters`),
      arguments_preview: z.string().describe(`First ${MAX_PREVIEW} characters of the arguments of the tool`),
      sizes: z.record(z.string(), count).describe('Characters of each field with content'),
    }),
  ),
  run: async ({ id, turn }, { rowsOf }) => {
    const [row] = await rowsOf({
      sql: `SELECT ${columnsOf(facts)}, substringUTF8(events.error_message, 1, ${MAX_TEXT}) AS error_message, substringUTF8(events.decision_reason, 1, ${MAX_TEXT}) AS decision_reason,
          substringUTF8(tool_arguments, 1, ${MAX_PREVIEW}) AS arguments_preview, ${SIZE_COLUMNS}
        FROM telltale.events WHERE ${operationOf(turn)} LIMIT 1`,
      params: { id, ...(turn !== undefined && { turn }) },
    });
    if (!row) throw new ApiError('not_found', 'there is no operation of this id', { fix: 'GET /api/operations lists them' });
    const plain = Object.fromEntries(Object.entries(row).filter(([name]) => !name.endsWith('_characters')));
    return { ...withIsoTimes(plain), sizes: sizesOf(row) };
  },
});
