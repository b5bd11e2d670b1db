import { z } from 'zod';
import { isoTime, text } from './fields';

/** What a later price makes of a stored call. Of one call the newest counts; sent twice it is one. Key: tenant. */
export const correctionRecord = z.object({
  tenant: text,
  id: text.min(1).describe('Deterministic: one call at one price of one table'),
  event_id: text.min(1),
  ts: isoTime.describe('Of the call'),
  service_name: text,
  provider: text,
  model: text,
  kind: text,
  tool_name: text.default(''),
  trace_id: text.default('').describe('Turn of the call'),
  deployment_environment: text.default(''),
  service_version: text.default(''),
  prompt_version: text.default('').describe('As in costs'),
  user_id: text.default(''),
  agent_name: text.default(''),
  region: text.default(''),
  release: text.default(''),
  estimated: z.boolean().default(false).describe('Whether usage of the call was counted from the content'),
  name: text.describe('Of the operation'),
  backfill: z.boolean(),
  cost_nano_usd_before: z.number().int().nullable().describe('As the event has it; null when its price was unknown'),
  cost_nano_usd_after: z.number().int(),
  delta_nano_usd: z
    .number()
    .int()
    .describe('What it changes of the cost times the sampling weight, each rounded; the difference to the event'),
  unpriced_calls_delta: z.number().int().nonpositive().describe('To be added to the calls without a price; weighted'),
  previous_cost_nano_usd: z
    .number()
    .int()
    .describe('Of delta_nano_usd, what corrections that were stored when this one was made brought already'),
  previous_unpriced: z.number().int().nonpositive().describe('The same of unpriced_calls_delta'),
  price_version_before: text,
  price_version: text,
  corrected_at: isoTime,
});
export type CorrectionRecord = z.infer<typeof correctionRecord>;
