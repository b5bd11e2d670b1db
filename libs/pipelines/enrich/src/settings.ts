import { PRIVACY_MODES, priceSetting } from '@telltale/contracts';
import { type PrivacyPolicy } from '@telltale/domain-privacy';
import { z } from 'zod';

/**
 * Days that rows can be kept. Tables are partitioned by the day a row expires, so every retention in use is another partition of each
 * batch: few steps keep the partitions few, whatever tenants ask for.
 */
const RETENTION_STEPS = [1, 7, 30, 90, 400] as const;
const days = z.number().int().positive().max(RETENTION_STEPS[4]);
const mode = z.enum(PRIVACY_MODES);

/** What people set of the enricher. */
export const enrichSettings = z.object({
  /** Whose a record is that names no tenant. */
  defaultTenant: z.string().default('default'),
  /** What is kept of the events of tenants that do not say, and for how many days. */
  privacy: mode.default('mask'),
  retentionDays: days.default(30),
  tenants: z.record(z.string(), z.object({ privacy: mode.optional(), retentionDays: days.optional() })).default({}),
  /** Prices of people's own, before those of the table. */
  prices: z.array(priceSetting).default([]),
});
export type EnrichSettings = z.infer<typeof enrichSettings>;

type OfTenant<T> = (tenant: string) => T;

export function policiesOf({ privacy, tenants }: EnrichSettings): OfTenant<PrivacyPolicy> {
  const rest = { mode: privacy };
  const policies = new Map(Object.entries(tenants).map(([tenant, own]) => [tenant, { mode: own.privacy ?? privacy }]));
  return (tenant) => policies.get(tenant) ?? rest;
}

const roundedUp = (asked: number): number => RETENTION_STEPS.find((step) => step >= asked) ?? RETENTION_STEPS[4];

/** Days that rows of a tenant are kept: what was asked for, rounded up to the next step. */
export function retentionOf({ retentionDays, tenants }: EnrichSettings): OfTenant<number> {
  const rest = roundedUp(retentionDays);
  const own = new Map(Object.entries(tenants).map(([tenant, one]) => [tenant, roundedUp(one.retentionDays ?? retentionDays)]));
  return (tenant) => own.get(tenant) ?? rest;
}
