import { type EventRecord } from '@telltale/contracts';

/** Token counts as providers tell them through the conventions: the totals hold their parts. */
export interface TokenCounts {
  /** All input, cached included. */
  input: number | null;
  cacheRead: number | null;
  cacheWrite: number | null;
  /** All output, reasoning included. */
  output: number | null;
  reasoning: number | null;
}

type UsageBuckets = Pick<
  EventRecord,
  'usage_input_uncached' | 'usage_cache_read' | 'usage_cache_write' | 'usage_output' | 'usage_reasoning'
>;

/** Buckets that share no token, so that they can be summed and priced one by one. What is not said stays null. */
export function disjointUsage({ input, cacheRead, cacheWrite, output, reasoning }: TokenCounts): UsageBuckets {
  return {
    usage_input_uncached: input === null ? null : Math.max(0, input - (cacheRead ?? 0) - (cacheWrite ?? 0)),
    usage_cache_read: cacheRead,
    usage_cache_write: cacheWrite,
    usage_output: output === null ? null : Math.max(0, output - (reasoning ?? 0)),
    usage_reasoning: reasoning,
  };
}
