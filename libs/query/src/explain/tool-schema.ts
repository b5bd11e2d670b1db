import { type ToolFacts } from '@telltale/domain-explain';
import { z } from 'zod';
import { ApiError } from '../define/api-error';
import { named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { text } from '../define/params';
import { count } from '../define/row-fields';
import { othersLike } from './others';

const counts = z.record(z.string(), count).nullable().describe('Calls by value; null where there are more than 24 of them');
const value = named(
  'MinedArgument',
  z.object({
    calls: count.describe('Calls that worked and had it'),
    required: z.boolean().describe('All of them had it'),
    types: counts,
    forms: counts.describe('Forms of its texts, such as date and card_<digits>'),
    values: counts.describe('The texts themselves, where they are few and short'),
    min: z.number().nullable(),
    max: z.number().nullable(),
    sources: counts.describe('Where its values stood before: user, a result of a tool, nowhere'),
  }),
);

const argumentsOf = ({ args, calls }: ToolFacts) =>
  Object.fromEntries(Object.entries(args).map(([path, facts]) => [path, { ...facts, required: facts.calls === calls }]));

export const getToolSchema = defineQuery({
  name: 'getToolSchema',
  about: 'What the calls of a tool that worked had in common: arguments, where their values came from, and which tools came before.',
  tag: 'conversations',
  scope: 'read',
  path: '/api/tools/{id}/schema',
  params: { id: text('Name of the tool') },
  example: { id: 'get_order' },
  missing: 'no call of this tool worked in the last 30 days',
  answer: named(
    'GetToolSchemaAnswer',
    z.object({
      tool: z.string(),
      calls: count.describe('Calls that worked, of at most 120 conversations'),
      unfailed: count.describe('Those of them in conversations that are not known to have failed'),
      before: counts.describe('Of those: tools of which a call had worked before'),
      agreed: count.describe('Of those: calls right after the person agreed'),
      arguments: z.record(z.string(), value).describe('By path; [] stands for any index, * for a key that is an id'),
    }),
  ),
  run: async ({ id }, { rowsOf, clock }) => {
    const sought = { tools: [id], intents: [], fingerprints: [], simhash: '', self: [], at: clock.now() };
    const facts = (await othersLike(sought, rowsOf)).facts.get(id);
    if (!facts) throw new ApiError('not_found', 'no call of this tool worked in the last 30 days', { fix: 'SELECT DISTINCT tool_name FROM events lists tools' });
    const { tool, calls, unfailed, before, agreed } = facts;
    return { tool, calls, unfailed, before, agreed, arguments: argumentsOf(facts) };
  },
}); // prettier-ignore
