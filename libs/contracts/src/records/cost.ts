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
  calls: z.number().nonnegative(),
  unpriced_calls: z.number().nonnegative().describe('Calls whose price is unknown; their cost is not in cost_nano_usd'),
  cost_nano_usd: z.number().int(),
  input_tokens: z.number().int(),
  output_tokens: z.number().int(),
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
