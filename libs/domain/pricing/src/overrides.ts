import { type Price, type PriceBook, type PricedCall } from './price-book';

/** Dollars a million tokens; what has no price of its own costs what its whole costs. */
export interface OverrideRates {
  readonly input: number;
  readonly output: number;
  readonly cache_read?: number | undefined;
  readonly cache_write?: number | undefined;
  readonly cache_write_1h?: number | undefined;
  readonly input_audio?: number | undefined;
  readonly input_image?: number | undefined;
  readonly output_audio?: number | undefined;
  readonly output_image?: number | undefined;
}

/** A price that people set: of a contract, a discount, a model of their own. */
export interface PriceOverride {
  readonly name: string;
  /** `*` stands for any characters. */
  readonly provider: string;
  readonly model: string;
  /** First moment it holds, ISO 8601; ever since when absent. */
  readonly from?: string | undefined;
  /** First moment it does not hold any more; without end when absent. */
  readonly to?: string | undefined;
  /** Only for calls of this service tier; for all when absent. */
  readonly service_tier?: string | undefined;
  readonly usd_per_million: OverrideRates;
}

const NANO_A_TOKEN = 1_000;

/** Whether `*` patterns fit, in time linear in text times pattern: no regular expression is made of what people write. */
export function fitsGlob(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let retry = 0;
  for (let i = 0; i < text.length;) {
    if (pattern[at] === '*') {
      star = at++;
      retry = i;
    } else if (at < pattern.length && pattern[at] === text[i]) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++retry;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}

interface Compiled extends PriceOverride {
  readonly since: number;
  readonly until: number;
}

function timeOf({ name, ...override }: PriceOverride, field: 'from' | 'to', absent: number): number {
  const text = override[field];
  const time = text === undefined ? absent : Date.parse(text);
  if (Number.isNaN(time)) throw new RangeError(`price ${name}: ${field} is no time: give ISO 8601, such as 2026-11-23T03:00:00Z`);
  return time;
}

/** RangeError names the override and the field whose date is none, or lies the wrong way round. */
function compile(override: PriceOverride): Compiled {
  const [since, until] = [timeOf(override, 'from', -Infinity), timeOf(override, 'to', Infinity)];
  if (since >= until) throw new RangeError(`price ${override.name}: to lies not after from: give a later to or an earlier from`);
  return { ...override, provider: override.provider.toLowerCase(), model: override.model.toLowerCase(), since, until };
}

/** A call whose tier was said but is unknown is of none that can be named. */
const isOfTier = (one: PriceOverride, { tier = 'standard' }: PricedCall): boolean =>
  one.service_tier === undefined || one.service_tier === tier;

function costOf(call: PricedCall, rates: OverrideRates): number {
  const cost =
    (call.inputUncached ?? 0) * rates.input +
    (call.inputAudio ?? 0) * (rates.input_audio ?? rates.input) +
    (call.inputImage ?? 0) * (rates.input_image ?? rates.input) +
    (call.cacheRead ?? 0) * (rates.cache_read ?? rates.input) +
    (call.cacheWrite ?? 0) * (rates.cache_write ?? rates.input) +
    (call.cacheWrite1h ?? 0) * (rates.cache_write_1h ?? rates.cache_write ?? rates.input) +
    ((call.output ?? 0) + (call.reasoning ?? 0)) * rates.output +
    (call.outputAudio ?? 0) * (rates.output_audio ?? rates.output) +
    (call.outputImage ?? 0) * (rates.output_image ?? rates.output);
  return Math.round(cost * NANO_A_TOKEN);
}

/**
 * The base table with prices of people's own before it. Of several that hold at the time of the call, the one with the latest
 * start counts (no start is the earliest); of equal starts, the one listed last. One that ended gives way to those that still hold.
 * `version` of such a price is `override/<name>`.
 */
export function withOverrides(base: PriceBook, overrides: readonly PriceOverride[]): PriceBook {
  if (overrides.length === 0) return base;
  const ordered = overrides
    .map(compile)
    .map((override, at) => ({ override, at }))
    .sort((a, b) => (a.override.since === b.override.since ? b.at - a.at : b.override.since > a.override.since ? 1 : -1))
    .map(({ override }) => override);
  return {
    priceOf(call): Price | null {
      const models = [call.responseModel, call.requestModel].filter(Boolean).map((model) => model.toLowerCase());
      const provider = call.provider.toLowerCase();
      const found = ordered.find(
        (one) =>
          call.at >= one.since &&
          call.at < one.until &&
          isOfTier(one, call) &&
          fitsGlob(one.provider, provider) &&
          models.some((model) => fitsGlob(one.model, model)),
      );
      if (!found) return base.priceOf(call);
      if (call.inputUncached === null && call.output === null) return null;
      const costNanoUsd = costOf(call, found.usd_per_million);
      return Number.isSafeInteger(costNanoUsd) ? { costNanoUsd, version: `override/${found.name}` } : null;
    },
  };
}
