import { z } from 'zod';

/** Kinds of waste, in the order in which they claim a call: what an earlier one has claimed no later one does. */
export const WASTE_RULES = [
  'retry_storm',
  'loop',
  'idle_agent_polling',
  'repeated_tool_call',
  'repeated_llm_call',
  'embedding_repeated',
  'output_cap',
  'output_unused',
  'failed_turn',
  'tool_result_oversized',
  'cache_prefix_broken',
  'context_growth',
  'cache_write_unread',
  'reasoning_without_gain',
  'model_too_large',
] as const;
export type WasteRule = (typeof WASTE_RULES)[number];
export const wasteRule = z.enum(WASTE_RULES);

const text = z.string().default('');
const count = z.number().int().nonnegative();
const some = count.default(0);

/** What one rule claims of the calls of a turn, by model. */
export const wasteClaim = z.object({
  rule: wasteRule,
  model: text.describe('Of the calls that were paid for; empty for calls of tools'),
  lost: some.describe('Nano-dollars of the calls that bought nothing'),
  avoidable: some.describe('Nano-dollars of these that the fix saves'),
  calls: some.describe('Calls that were claimed'),
  unpriced: some.describe('Of these, calls whose cost is unknown; not in lost'),
  spans: z.array(z.string()).default([]).describe('The call to compare with, and the call that was wasted'),
  detail: text.describe('What was repeated, or how much of it'),
});
export type WasteClaim = z.infer<typeof wasteClaim>;

/** A call of a model as the rules across turns need it. */
export const wasteCall = z.object({
  scope: z.string().describe('Prompt template, else name, and model'),
  model: text,
  span: text,
  at: z.number().describe('Start, ms since the epoch'),
  end: z.number(),
  nano: count.nullable().default(null).describe('Cost that no rule within the turn has claimed; null when unknown'),
  claimed: z.boolean().default(false),
  input: some.describe('Input tokens in all buckets'),
  read: count.nullable().default(null),
  write: some,
  write_1h: some,
  output: some,
  reasoning: some,
  blocks: text.describe('How many blocks its prompt has, and short hashes of the blocks at fixed places'),
});
export type WasteCall = z.infer<typeof wasteCall>;

/** What a turn wasted by itself, and what the rules across turns need to know of it; bounded. */
export const turnWaste = z
  .object({
    claims: z.array(wasteClaim).default([]).describe('At most 16'),
    calls: z.array(wasteCall).default([]).describe('The first and the last call of the two scopes that cost the most'),
    models: z
      .array(
        z.object({
          model: z.string(),
          nano: some.describe('Unclaimed cost'),
          calls: some,
          unpriced: some,
          reasoning: some.describe('Unclaimed cost of reasoning'),
        }),
      )
      .default([])
      .describe('At most 4: those that cost the most'),
    embeddings: z
      .array(z.object({ hash: z.string(), model: text, span: text, nano: count.nullable().default(null) }))
      .default([])
      .describe('Unclaimed embeddings (at most 16)'),
    main: z
      .object({
        model: z.string(),
        nano: count.nullable().default(null).describe('Cost of all of its calls; null when a call of the turn has no known cost'),
        reasoning: z.number().default(0).describe('Part of that cost, 0 to 1'),
      })
      .describe('The model that most of the cost went to; absent when none had four fifths of it'),
    found: text.describe('Same calls of tools with the same results and the same answer, same value; empty when unknown'),
  })
  .partial();
export type TurnWaste = z.infer<typeof turnWaste>;

/** What of the waste of an hour changed with a batch; deltas to be summed. Key: tenant. The row of table `waste` is one turn's part. */
export const wasteRecord = z.object({
  tenant: z.string(),
  hour: z.iso.datetime(),
  service_name: z.string(),
  rule: wasteRule,
  model: z.string(),
  intent: z.string(),
  turns: z.number().int().describe('Turns in which it was found, weighted; below zero when later events disprove it'),
  nano_lost: z.number().int(),
  nano_avoidable: z.number().int(),
  unpriced_calls: z.number().int().describe('Claimed calls whose cost is unknown; not in nano_lost'),
  evidence: z.array(z.string()).max(5).describe('Turns that show it (at most 5)'),
  fix: z.string(),
});
export type WasteRecord = z.infer<typeof wasteRecord>;
