import { type EventRecord } from './event';

/** Buckets of tokens that a call read. No token is in two of them. */
export const INPUT_BUCKETS = [
  'usage_input_uncached', 'usage_cache_read', 'usage_cache_write', 'usage_cache_write_1h', 'usage_input_audio', 'usage_input_image',
] as const satisfies readonly (keyof EventRecord)[]; // prettier-ignore
/** Buckets of tokens that it wrote. */
export const OUTPUT_BUCKETS = [
  'usage_output', 'usage_reasoning', 'usage_output_audio', 'usage_output_image',
] as const satisfies readonly (keyof EventRecord)[]; // prettier-ignore
export const USAGE_BUCKETS = [...INPUT_BUCKETS, ...OUTPUT_BUCKETS] as const;
export type UsageBucket = (typeof USAGE_BUCKETS)[number];

/** Tokens in `buckets` of an event; null where none of them is known. */
export function tokensIn(
  event: { readonly [bucket in UsageBucket]?: number | null | undefined },
  buckets: readonly UsageBucket[],
): number | null {
  let tokens: number | null = null;
  for (const bucket of buckets) {
    const count = event[bucket];
    if (count != null) tokens = (tokens ?? 0) + count;
  }
  return tokens;
}

/** The attribute that says what a call of a model was charged, in dollars: a router's bill, 0 for a gateway's own cache, or what its producer knows. */
export const BILLED_COST = 'telltale.billed_cost_usd';
