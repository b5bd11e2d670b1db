import { type Discount, withDiscounts } from './discounts';
import { type ModelPrices } from './model-prices';
import { type PriceOverride, withOverrides } from './overrides';
import { type PriceBook } from './price-book';
import { type PriceFile, withPriceFiles } from './price-file';

/** The record that puts a price file in force; its prices are in parts of the same revision and slot. */
export interface PriceFileHead {
  readonly name: string;
  readonly revision: string;
  readonly slot: 'a' | 'b';
  readonly parts: number;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}
export interface PriceFilePart {
  readonly file: string;
  readonly revision: string;
  readonly slot: 'a' | 'b';
  readonly part: number;
  readonly models: readonly ModelPrices[];
}

/** All that settings say of prices, of one tenant or of all. */
export interface PriceSettings {
  readonly prices: readonly PriceOverride[];
  readonly files: readonly PriceFileHead[];
  readonly parts: readonly PriceFilePart[];
  readonly discounts: readonly Discount[];
}

/** The files that are there as a whole: one that is half written, or half deleted, is not in force. */
export function wholeFiles({ files, parts }: Pick<PriceSettings, 'files' | 'parts'>): PriceFile[] {
  return files.flatMap(({ slot, parts: count, ...head }) => {
    const own = parts
      .filter((one) => one.file === head.name && one.slot === slot && one.revision === head.revision && one.part < count)
      .sort((a, b) => a.part - b.part);
    return own.length === count ? [{ ...head, models: own.flatMap(({ models }) => models) }] : [];
  });
}

const withSettings = (base: PriceBook, of: PriceSettings): PriceBook =>
  withOverrides(withPriceFiles(base, wholeFiles(of)), of.prices);

/** The built-in table preceded by what is set for all tenants, at list prices. */
export const bookOfAll = withSettings;

/**
 * The book of a tenant: its own prices, then its own price files, then those of all tenants (`base`, by `bookOfAll`), then the built-in table. What is
 * taken off is its own discount, else that of all.
 */
export const bookOfTenant = (base: PriceBook, own: PriceSettings, all: Pick<PriceSettings, 'discounts'>): PriceBook =>
  withDiscounts(withSettings(base, own), own.discounts, all.discounts);
