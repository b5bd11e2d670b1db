import { type Price, type PriceBook, type PricedCall } from './price-book';
import { sumOf, type TokenRates } from './rates';

/** Both sides of a call have a price; the other buckets need none. */
export interface OverrideRates extends TokenRates {
  readonly input: number;
  readonly output: number;
}

/** A price that people configured: of a contract, a discount, their own model. */
export interface PriceOverride {
  readonly name: string;
  /** `*` matches any characters. */
  readonly provider: string;
  readonly model: string;
  /** Start of validity, inclusive, ISO 8601; unlimited when absent. */
  readonly from?: string | undefined;
  /** End of validity, exclusive; unlimited when absent. */
  readonly to?: string | undefined;
  /** Only for calls of this service tier; for all when absent. */
  readonly service_tier?: string | undefined;
  readonly usd_per_million: OverrideRates;
}

/** Matches `*` patterns in time linear in text times pattern, without building regular expressions from user input. */
export function fitsGlob(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let retry = 0;
  for (let i = 0; i < text.length;) {
    if (pattern[at] === '*') {
      star = at++;
      retry = i;
    } else if (pattern[at] === text[i]) {
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
  if (Number.isNaN(time))
    throw new RangeError(`price ${name}: ${field} is not a valid time: use ISO 8601, such as 2026-11-23T03:00:00Z`);
  return time;
}

/** Parses the validity. RangeError names the override and the invalid field. */
function compile(override: PriceOverride): Compiled {
  const [since, until] = [timeOf(override, 'from', -Infinity), timeOf(override, 'to', Infinity)];
  if (since >= until) throw new RangeError(`price ${override.name}: to must be later than from`);
  return { ...override, provider: override.provider.toLowerCase(), model: override.model.toLowerCase(), since, until };
}

/** Whether the override applies to the call's tier. A call with an unknown tier matches no named tier. */
const isOfTier = (one: PriceOverride, { tier = 'standard' }: PricedCall): boolean =>
  one.service_tier === undefined || one.service_tier === tier;

/**
 * The base table preceded by price overrides. Of several valid at the time of the call, the one with the latest start wins (no start is the
 * earliest); of equal starts, the one listed last. `version` of such a price is `override/<name>`.
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
      const costNanoUsd = Math.round(sumOf(call, found.usd_per_million));
      return Number.isSafeInteger(costNanoUsd) ? { costNanoUsd, version: `override/${found.name}` } : null;
    },
  };
}
