import { groupBy, MINUTE_MS } from '@telltale/kernel';
import { type Call, inputOf, RELATIVE_PRICE, shareOf, shareOfInput, type Turn, type Usage } from '../call';
import { type Claims } from '../claims';
import { BLOCK_TOKENS, type BrokenPrefix, brokenPrefix } from '../prompt-prefix';

const CHARS_PER_TOKEN = 4;
/** A result of a tool this long, in tokens, is oversized; what is shorter than the allowed part of it is not held against it. */
const OVERSIZED_TOKENS = 8_000;
const ALLOWED_TOKENS = 2_000;
/** A context grows when it is this many times what it began with, and this long. */
const GROWTH = 4;
const LONG_CONTEXT_TOKENS = 8_000;
/** Calls of one prompt in a turn before which its context is not said to grow. */
const LEAST_CALLS = 6;
/** Caches forget what was not read for so long. */
const CACHE_MS = 5 * MINUTE_MS;
/** Providers cache no shorter beginnings, and a loss below it is none. */
const LEAST_CACHED_TOKENS = 1_024;

const modelCalls = ({ calls }: Turn): Call[] => calls.filter(({ kind, failed }) => kind === 'llm' && !failed);

const byScope = (calls: readonly Call[]): Call[][] => [...groupBy(calls, ({ scope }) => scope).values()];

/** A long result of a tool that is read by one call of a model after another: by all but the first. */
export function oversizedToolResult(turn: Turn, claims: Claims): void {
  const long = turn.calls.filter(({ kind, resultChars }) => kind === 'tool' && resultChars >= OVERSIZED_TOKENS * CHARS_PER_TOKEN);
  if (long.length === 0) return;
  for (const result of long) {
    const tokens = result.resultChars / CHARS_PER_TOKEN;
    // Tokens are longer in some texts than in others.
    const readers = modelCalls(turn).filter((call) => call.at >= result.end && inputOf(call) >= 0.7 * tokens);
    for (const reader of readers.slice(1)) {
      const lost = shareOfInput(reader, tokens - ALLOWED_TOKENS);
      claims.take('tool_result_oversized', reader, { lost, against: result, detail: `${result.scope} returned about ${Math.round(tokens / 1_000)}k tokens` }); // prettier-ignore
    }
  }
}

export type CachedCall = Usage & Pick<Call, 'at' | 'end' | 'blocks'>;
export interface CacheLoss extends BrokenPrefix {
  /** The part of the later call's cost. */
  readonly lost: number;
}

/** What a call lost because its prompt does not begin as the one before, which a cache still held; null when it lost nothing. */
export function cacheLoss(before: CachedCall, call: CachedCall): CacheLoss | null {
  if (call.read === null || call.at < before.end || call.at - before.end > CACHE_MS) return null;
  const broken = brokenPrefix(before.blocks, call.blocks);
  if (!broken) return null;
  const { block, of } = broken;
  const kept = Math.max((block - 1) * BLOCK_TOKENS, call.read);
  const tokens = Math.min(of * BLOCK_TOKENS - kept, call.uncached + call.write + call.write1h);
  if (tokens < LEAST_CACHED_TOKENS) return null;
  return { ...broken, lost: shareOf(call, tokens * (RELATIVE_PRICE.uncached - RELATIVE_PRICE.read)) };
}

/** Prompts that break off at the same block from call to call. Once is a context that was made shorter. */
export function brokenCachePrefix(turn: Turn, claims: Claims): void {
  for (const calls of byScope(modelCalls(turn))) {
    const losses = calls.flatMap((call, nth) => {
      const before = calls[nth - 1];
      const loss = before && cacheLoss(before, call);
      return loss ? [{ call, before, loss }] : [];
    });
    for (const { call, before, loss } of losses)
      if (losses.filter((one) => one.loss.block === loss.block).length > 1)
        claims.take('cache_prefix_broken', call, { lost: loss.lost, against: before, detail: detailOfBreak(loss) });
  }
}
export const detailOfBreak = ({ block, of }: BrokenPrefix): string => `block ${block} of ${of}`;

/** The input tokens above which a context that began with so many is too long. */
export const contextLimit = (first: number): number => Math.max(LONG_CONTEXT_TOKENS, GROWTH * first);

/** One long text makes a context long; growth is of many. */
function isOneJump(inputs: readonly number[]): boolean {
  const greatest = Math.max(...inputs.map((input, nth) => input - (inputs[nth - 1] ?? input)));
  return greatest > 0.6 * (Math.max(...inputs) - (inputs[0] ?? 0));
}

/** Calls of one prompt whose context grows and grows: what is over the limit. */
export function contextGrowth(turn: Turn, claims: Claims): void {
  for (const calls of byScope(modelCalls(turn))) {
    const [first] = calls;
    if (!first || calls.length < LEAST_CALLS) continue;
    const limit = contextLimit(inputOf(first));
    const over = calls.filter((call) => inputOf(call) > limit);
    if (over.length < 2 || isOneJump(calls.map(inputOf))) continue;
    for (const call of over)
      claims.take('context_growth', call, { lost: shareOfInput(call, inputOf(call) - limit), against: first, detail: detailOfGrowth(inputOf(first), inputOf(call)) }); // prettier-ignore
  }
}
const thousands = (tokens: number): string => (tokens < 1_000 ? String(tokens) : `${Math.round(tokens / 100) / 10}k`);
export const detailOfGrowth = (from: number, to: number): string => `from ${thousands(from)} to ${thousands(to)} input tokens`;
