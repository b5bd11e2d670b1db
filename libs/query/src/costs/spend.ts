import { DAY_MS } from '@telltale/kernel';
import { z } from 'zod';
import { named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { choice, text } from '../define/params';
import { integer, isoTime } from '../define/row-fields';
import { filterBy, within } from '../define/where';

const COLUMNS = {
  hour: 'hour',
  service: 'service_name',
  model: 'model',
  tool: 'tool_name',
  provider: 'provider',
  kind: 'kind',
  environment: 'deployment_environment',
  version: 'service_version',
  prompt: 'prompt_version',
} as const;
const BY = ['hour', 'service', 'model', 'tool', 'provider', 'kind', 'environment', 'version', 'prompt'] as const;
const by = choice(BY, 'What the spend is summed by').default('service');

const spend = named(
  'Spend',
  z.object({
    hour: isoTime.optional().describe('By hour only; start of the hour'),
    service_name: z.string().optional().describe('By service only'),
    model: z.string().optional().describe('By model only; empty: calls of tools'),
    tool_name: z.string().optional().describe('By tool only; empty: calls of models'),
    provider: z.string().optional().describe('By provider only'),
    kind: z.string().optional().describe('By kind only'),
    deployment_environment: z.string().optional().describe('By environment only'),
    service_version: z.string().optional().describe('By version only'),
    prompt_version: z.string().optional().describe('By prompt only: <name>@<version>'),
    total_calls: integer.describe('Weighted'),
    total_unpriced_calls: integer.describe('Calls whose price is unknown; not in the cost'),
    unpriced_share: z.number().describe('Of the calls, 0 to 1'),
    total_estimated_cost_nano_usd: integer.describe('Of the cost, that of calls whose usage was counted from content'),
    total_cost_nano_usd: integer.describe('Nano-dollars, by the newest price of each call'),
    usd: z.number().describe('The same in dollars'),
    total_input_tokens: integer,
    total_output_tokens: integer,
  }),
);

export const getSpend = defineQuery({
  name: 'getSpend',
  about: 'What calls cost, by hour in order of time, or by another dimension, the most expensive first.',
  tag: 'costs',
  scope: 'read',
  path: '/api/spend',
  params: { by, service: text('Only of this service').optional() },
  example: { by: 'model', since: '30d' },
  list: 'spend',
  row: spend,
  beside: { by: z.enum(BY) },
  besideOf: ({ by: summedBy }) => ({ by: summedBy }),
  limits: { rows: { fallback: 100, max: 1_000 }, range: { defaultMs: 7 * DAY_MS, maxMs: 3_660 * DAY_MS } },
  order: ({ by: summedBy }) =>
    summedBy === 'hour'
      ? [{ column: 'hour', type: 'time' }]
      : [
          { column: 'total_cost_nano_usd', type: 'integer', descending: true },
          { column: COLUMNS[summedBy], type: 'text' },
        ],
  sql: ({ by: summedBy, service }, period) => {
    const { where, params } = within(filterBy({ service_name: service }), "toDateTime64(hour, 3, 'UTC')", period);
    const column = COLUMNS[summedBy];
    return {
      sql: `SELECT ${column}, sum(calls) AS total_calls, sum(unpriced_calls) AS total_unpriced_calls,
         if(total_calls > 0, total_unpriced_calls / total_calls, 0) AS unpriced_share, sum(estimated_cost_nano_usd) AS total_estimated_cost_nano_usd, sum(cost_nano_usd) AS total_cost_nano_usd,
         total_cost_nano_usd / 1e9 AS usd, sum(input_tokens) AS total_input_tokens, sum(output_tokens) AS total_output_tokens
       FROM telltale.spend_corrected WHERE ${where} GROUP BY ${column}`,
      params,
    };
  },
});
