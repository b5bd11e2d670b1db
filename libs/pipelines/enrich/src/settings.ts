import { ALL_TENANTS, MAX_RETENTION_DAYS, PRIVACY_MODES } from '@telltale/contracts';
import {
  bookOfAll,
  bookOfTenant,
  createPriceBook,
  type PriceBook,
  type PriceSettings,
  type ToolPrice,
} from '@telltale/domain-pricing';
import { createPolicy, type PrivacyPolicy } from '@telltale/domain-privacy';
import { madeOfSettings, type TaskSettings } from '@telltale/streaming';
import { z } from 'zod';

/**
 * Days that rows can be kept. Tables are partitioned by the day a row expires, so every retention in use is another partition of each
 * batch: few steps keep the partitions few, whatever tenants ask for.
 */
const RETENTION_STEPS = [1, 7, 30, 90, MAX_RETENTION_DAYS] as const;

/** What holds of the enricher where the settings of a tenant say nothing. */
export const enrichDefaults = z.object({
  /** Whose a record is that names no tenant. */
  defaultTenant: z.string().default('default'),
  privacy: z.enum(PRIVACY_MODES).default('mask'),
  retentionDays: z.number().int().positive().max(MAX_RETENTION_DAYS).default(30),
});
export type EnrichDefaults = z.infer<typeof enrichDefaults>;

type OfTenant<T> = (tenant: string) => T;

export interface TenantRules {
  readonly policyOf: OfTenant<PrivacyPolicy>;
  /** Days that rows of a tenant are kept: what was asked for, rounded up to the next step. */
  readonly retentionOf: OfTenant<number>;
  /** Its own prices, then its price files, then those of all tenants, then the table; less its discount. */
  readonly priceBookOf: OfTenant<PriceBook>;
  /** Prices of a tenant's tools, by name. */
  readonly toolPricesOf: OfTenant<ReadonlyMap<string, ToolPrice>>;
}

const roundedUp = (asked: number): number => RETENTION_STEPS.find((step) => step >= asked) ?? MAX_RETENTION_DAYS;

/** What the settings make of each tenant, as they are at the moment it is asked. */
export function createTenantRules(settings: TaskSettings, { privacy, retentionDays }: EnrichDefaults): TenantRules {
  const table = createPriceBook();
  const pricesOf = (tenant: string): PriceSettings => ({
    prices: settings.of('price', tenant).map(({ name, value }) => ({ name, ...value })),
    files: settings.of('price_file', tenant).map(({ name, value }) => ({ name, ...value })),
    parts: settings.of('price_file_part', tenant).map(({ value }) => value),
    discounts: settings.of('discount', tenant).map(({ name, value }) => ({ name, ...value })),
  });
  const ofAll = madeOfSettings(settings, (tenant) => {
    const all = pricesOf(tenant);
    return { book: bookOfAll(table, all), discounts: all.discounts };
  });
  return {
    policyOf: madeOfSettings(settings, (tenant) => {
      const own = settings.valueOf('tenant', tenant);
      return createPolicy(own?.privacy ?? privacy, own?.privacy_types);
    }),
    retentionOf: madeOfSettings(settings, (tenant) =>
      roundedUp(settings.valueOf('tenant', tenant)?.retention_days ?? retentionDays),
    ),
    priceBookOf: madeOfSettings(settings, (tenant) => {
      const all = ofAll(ALL_TENANTS);
      return bookOfTenant(all.book, pricesOf(tenant), all);
    }),
    toolPricesOf: madeOfSettings(
      settings,
      (tenant) => new Map(settings.of('tool_price', tenant).map(({ name, value }) => [name, { name, ...value }])),
    ),
  };
}
