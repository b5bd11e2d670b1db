import { ALL_TENANTS, type SettingType, type SettingValue } from '@telltale/contracts';
import {
  bookOfAll,
  bookOfTenant,
  createPriceBook,
  type PriceBook,
  type PriceSettings,
  wholeFiles,
  withOverrides,
  withPriceFiles,
} from '@telltale/domain-pricing';
import { type Settings } from '@telltale/settings';

/** Where prices come from, the ones that count first. */
export const PRICE_SOURCES = ['tenant_price', 'tenant_file', 'all_tenants_price', 'all_tenants_file', 'built_in'] as const;
export type PriceSource = (typeof PRICE_SOURCES)[number];

export interface PriceSources {
  /** All sources together, as the enricher has them. */
  readonly book: PriceBook;
  /** The same at list prices, with nothing taken off. */
  readonly list: PriceBook;
  /** `provider/model` of all that price files in force list, in order. */
  readonly listed: readonly string[];
  /** Each source by itself, at list prices. */
  readonly alone: readonly { readonly source: PriceSource; readonly book: PriceBook }[];
}

type List = Pick<Settings, 'list'>;

function valuesOf<T extends SettingType>(settings: List, type: T, tenant: string): { readonly name: string; readonly value: SettingValue<T> }[] {
  return settings.list({ type, tenant }).flatMap(({ name, value }) => (value === null ? [] : [{ name, value: value as SettingValue<T> }]));
} // prettier-ignore

/** What the settings of a tenant, or of all, say of prices. */
const priceSettingsOf = (settings: List, tenant: string): PriceSettings => ({
  prices: valuesOf(settings, 'price', tenant).map(({ name, value }) => ({ name, ...value })),
  files: valuesOf(settings, 'price_file', tenant).map(({ name, value }) => ({ name, ...value })),
  parts: valuesOf(settings, 'price_file_part', tenant).map(({ value }) => value),
  discounts: valuesOf(settings, 'discount', tenant).map(({ name, value }) => ({ name, ...value })),
});

const NOBODY: PriceBook = { priceOf: () => null };

/** The prices of a tenant, together and by source. */
export function priceSourcesOf(settings: List, tenant: string, table: PriceBook = createPriceBook()): PriceSources {
  const [own, all] = [priceSettingsOf(settings, tenant), priceSettingsOf(settings, ALL_TENANTS)];
  const files = { own: wholeFiles(own), all: wholeFiles(all) };
  const base = bookOfAll(table, all);
  const books: Readonly<Record<PriceSource, PriceBook>> = {
    tenant_price: withOverrides(NOBODY, own.prices),
    tenant_file: withPriceFiles(NOBODY, files.own),
    all_tenants_price: withOverrides(NOBODY, all.prices),
    all_tenants_file: withPriceFiles(NOBODY, files.all),
    built_in: table,
  };
  return {
    book: bookOfTenant(base, own, all),
    list: bookOfTenant(base, { ...own, discounts: [] }, { discounts: [] }),
    listed: [
      ...new Set(
        [...files.own, ...files.all].flatMap(({ models }) => models.map(({ provider, model }) => `${provider}/${model}`)),
      ),
    ].sort(),
    alone: PRICE_SOURCES.map((source) => ({ source, book: books[source] })),
  };
}
