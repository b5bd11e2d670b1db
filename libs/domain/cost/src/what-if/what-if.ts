import { sampleStandardDeviation } from 'simple-statistics';
import { type ByToken } from '../explain/facts';

/** Calls of one model in one hour. Sums, weighted. */
export interface HourOfCalls {
  readonly hour: string;
  readonly provider: string;
  readonly model: string;
  /** As the producer says; empty: standard. */
  readonly tier: string;
  readonly calls: number;
  readonly nano: number;
  readonly tokens: ByToken;
  /** Output tokens if no call had more than the cap; equal to those of `tokens` without a cap. */
  readonly cappedOutput: number;
}

/** What would be different. */
export interface Change {
  readonly model?: { readonly provider: string; readonly model: string };
  /** Share of the input tokens that is read from a cache, 0 to 1; where it is higher already it stays. */
  readonly cacheReadShare?: number;
  readonly tier?: 'batch' | 'flex' | 'priority';
  readonly isCapped?: boolean;
}

/** Nano-dollars of a call with so many tokens; null where the price is unknown. */
export type PriceOfCall = (call: {
  readonly provider: string;
  readonly model: string;
  readonly tier: string;
  readonly hour: string;
  readonly tokens: ByToken;
}) => number | null;

export interface Saving {
  readonly calls: number;
  readonly before_nano_usd: number;
  readonly after_nano_usd: number;
  /** Before less after; negative where it would cost more. */
  readonly saving_nano_usd: number;
  /** 80 % interval of what the next period of the same length would save, from how much it would have been hour by hour; null for one hour. */
  readonly low_nano_usd: number | null;
  readonly high_nano_usd: number | null;
  /** Calls that are left out: their price is unknown, now or then. */
  readonly unpriced_calls: number;
}

function changedTokens({ tokens, cappedOutput }: HourOfCalls, { cacheReadShare, isCapped }: Change): ByToken {
  const input = tokens.input + tokens.cache_read + tokens.cache_write;
  const output = isCapped ? cappedOutput : tokens.output;
  const share = input > 0 ? tokens.cache_read / input : 1;
  if (cacheReadShare === undefined || cacheReadShare <= share) return { ...tokens, output };
  // What is read from the cache more is taken from what was neither read nor written, then from what was written.
  const more = input * cacheReadShare - tokens.cache_read;
  const fromInput = Math.min(more, tokens.input);
  return {
    input: tokens.input - fromInput,
    cache_read: tokens.cache_read + more,
    cache_write: tokens.cache_write - (more - fromInput),
    output,
  };
}

const perCall = (tokens: ByToken, calls: number): ByToken => ({
  input: tokens.input / calls,
  cache_read: tokens.cache_read / calls,
  cache_write: tokens.cache_write / calls,
  output: tokens.output / calls,
});

/** Cost of the calls of an hour with the change: what they cost, times what list prices say it changes; null where they say nothing. */
function costWith(hour: HourOfCalls, change: Change, priceOf: PriceOfCall): number | null {
  const { provider, model, tier, calls, nano, hour: at, tokens } = hour;
  const now = priceOf({ provider, model, tier, hour: at, tokens: perCall(tokens, calls) });
  const then = priceOf({ ...(change.model ?? { provider, model }), tier: change.tier ?? tier, hour: at, tokens: perCall(changedTokens(hour, change), calls) }); // prettier-ignore
  if (now === null || then === null || now === 0) return null;
  return (nano * then) / now;
}

/** Quantile .9 of the normal distribution. */
const Z = 1.2816;

/**
 * 80 % interval of the sum of another period of as many hours, if hours do not depend on each other: two sums differ by the root of two as much as each
 * does from what is usual. Null for less than two hours.
 */
function intervalOf(hourly: readonly number[]): readonly [low: number, high: number] | null {
  if (hourly.length < 2) return null;
  const total = hourly.reduce((sum, value) => sum + value, 0);
  const width = Z * Math.SQRT2 * sampleStandardDeviation([...hourly]) * Math.sqrt(hourly.length);
  return [Math.round(total - width), Math.round(total + width)];
}

/** What a change would have saved in a period. Answers of another model are taken to be as long as those there were. */
export function savingOf(hours: readonly HourOfCalls[], change: Change, priceOf: PriceOfCall): Saving {
  const byHour = new Map<string, number>();
  let [before, after, calls, unpriced] = [0, 0, 0, 0];
  for (const hour of hours) {
    const cost = hour.calls > 0 ? costWith(hour, change, priceOf) : 0;
    if (cost === null) {
      unpriced += hour.calls;
      continue;
    }
    before += hour.nano;
    after += cost;
    calls += hour.calls;
    byHour.set(hour.hour, (byHour.get(hour.hour) ?? 0) + hour.nano - cost);
  }
  const rounded = Math.round(after);
  const interval = intervalOf([...byHour.values()]);
  return {
    calls,
    before_nano_usd: before,
    after_nano_usd: rounded,
    saving_nano_usd: before - rounded,
    low_nano_usd: interval?.[0] ?? null,
    high_nano_usd: interval?.[1] ?? null,
    unpriced_calls: unpriced,
  };
}
