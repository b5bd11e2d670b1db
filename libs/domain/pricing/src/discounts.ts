import { fitsGlob } from './overrides';
import { type PriceBook } from './price-book';

/** What is taken off list prices, as was agreed with a provider for committed use. */
export interface Discount {
  readonly name: string;
  /** `*` matches any characters. */
  readonly provider: string;
  readonly model: string;
  /** Share of the list price that is not paid: 0.15 is 15 % off. */
  readonly share: number;
  /** First moment it holds, ISO 8601; since ever when absent. */
  readonly from?: string | undefined;
  /** First moment it does not hold any more. */
  readonly to?: string | undefined;
}

/** Where a price is what people agreed on already. */
const OVERRIDE = 'override/';

interface Dated extends Discount {
  readonly since: number;
  readonly until: number;
}

const timeOf = (moment: string | undefined, absent: number): number => (moment === undefined ? absent : Date.parse(moment));

/** The latest start first, of equal ones the last listed. */
const ordered = (discounts: readonly Discount[]): Dated[] =>
  discounts
    .map((one) => ({
      ...one,
      provider: one.provider.toLowerCase(),
      model: one.model.toLowerCase(),
      since: timeOf(one.from, -Infinity),
      until: timeOf(one.to, Infinity),
    }))
    .reverse()
    .sort((a, b) => (a.since === b.since ? 0 : b.since > a.since ? 1 : -1));

/**
 * The book with what is taken off its list prices; a price that people set is what they pay, and stays. Discounts of the first group count before those
 * of the next; in a group the one with the latest start counts, of equal starts the one listed last; they do not add up. The version of such a
 * price is that of the list price, then `-discount/<name>`, and `listNanoUsd` is the list price.
 */
export function withDiscounts(base: PriceBook, ...groups: readonly (readonly Discount[])[]): PriceBook {
  const all = groups.flatMap(ordered);
  if (all.length === 0) return base;
  return {
    priceOf(call) {
      const price = base.priceOf(call);
      if (!price || price.version.startsWith(OVERRIDE)) return price;
      const provider = call.provider.toLowerCase();
      const models = [call.responseModel, call.requestModel].filter(Boolean).map((model) => model.toLowerCase());
      const found = all.find(
        (one) =>
          call.at >= one.since &&
          call.at < one.until &&
          fitsGlob(one.provider, provider) &&
          models.some((model) => fitsGlob(one.model, model)),
      );
      if (!found) return price;
      const costNanoUsd = Math.round(price.costNanoUsd * (1 - found.share));
      return { costNanoUsd, version: `${price.version}-discount/${found.name}`, listNanoUsd: price.costNanoUsd };
    },
  };
}
