import { z } from 'zod';
import { isoTime, text } from './fields';

/** What one range spent, by hour and dimensions; deltas to be summed. Corrections come as records of their own. Key: tenant. */
export const costRecord = z.object({
  tenant: text,
  hour: isoTime,
  service_name: text,
  provider: text,
  model: text,
  tool_name: text.default('').describe('Of calls of tools only'),
  kind: text,
  deployment_environment: text.default(''),
  service_version: text.default(''),
  prompt_version: text.default('').describe('Prompt template, <name>@<version>'),
  calls: z.number().nonnegative(),
  unpriced_calls: z.number().nonnegative().describe('Calls whose price is unknown; their cost is not in cost_nano_usd'),
  cost_nano_usd: z.number().int(),
  input_tokens: z.number().int(),
  output_tokens: z.number().int(),
  cache_read_tokens: z.number().int().default(0).describe('Of input_tokens, those read from a cache'),
  cache_write_tokens: z.number().int().default(0).describe('Of input_tokens, those written to a cache'),
  reasoning_tokens: z.number().int().default(0).describe('Of output_tokens, those spent on reasoning'),
  estimated_calls: z.number().nonnegative().default(0).describe('Of calls, those whose usage was counted from the content'),
  estimated_cost_nano_usd: z.number().int().default(0).describe('Of cost_nano_usd, the cost of those calls'),
  cost_by_5_minutes: z
    .array(z.number().int())
    .max(12)
    .default([])
    .describe('cost_nano_usd by five minutes of the hour; empty of backfill and corrections'),
  backfill: z.boolean(),
  watermark: isoTime.describe('Latest event time seen by the task that made it'),
  correction: z
    .boolean()
    .default(false)
    .describe(
      'A later price of calls counted before: cost_nano_usd is the change, of any sign, of that hour; nothing was spent now',
    ),
  newly_priced_calls: z
    .number()
    .nonnegative()
    .default(0)
    .describe('Of a correction: calls reported as unpriced before that have a price now; to be taken from unpriced_calls'),
});
/** As writers may send it; the newer fields may be missing. */
export type CostRecord = z.input<typeof costRecord>;
/** As readers have it: every field is there. */
export type ParsedCostRecord = z.infer<typeof costRecord>;
