import { type ServiceTier } from './service-tier';
import { type TokenRates } from './rates';

/** Rates of calls of any size, and those of calls above a number of input tokens: they apply to the whole call. */
export interface SizedRates extends TokenRates {
  readonly above?: readonly (TokenRates & { readonly tokens: number })[] | undefined;
}

/** Whether the name of a model belongs to an entry; `and` and `or` hold others. */
export type NameRule =
  | { readonly equals: string }
  | { readonly starts_with: string }
  | { readonly ends_with: string }
  | { readonly contains: string }
  | { readonly or: readonly NameRule[] }
  | { readonly and: readonly NameRule[] };

export type PricedTier = Exclude<ServiceTier, 'standard'>;

/** What a price file says of one model of one provider, from a moment on. */
export interface ModelPrices {
  readonly provider: string;
  readonly model: string;
  /** Names that are this model's; its own alone when absent. */
  readonly match?: NameRule | undefined;
  /** First moment of these prices, ISO 8601; since ever when absent. */
  readonly from?: string | undefined;
  readonly rates: SizedRates;
  readonly tiers?: { readonly [tier in PricedTier]?: SizedRates | undefined } | undefined;
}

/** The rates of a call by its total input. */
export function ratesAt({ above = [], ...rates }: SizedRates, inputTokens: number): TokenRates {
  let size: (typeof above)[number] | undefined;
  for (const one of above) if (inputTokens > one.tokens && (!size || one.tokens > size.tokens)) size = one;
  return size ? { ...rates, ...size } : rates;
}

export function fitsRule(rule: NameRule, name: string): boolean {
  if ('equals' in rule) return name === rule.equals;
  if ('starts_with' in rule) return name.startsWith(rule.starts_with);
  if ('ends_with' in rule) return name.endsWith(rule.ends_with);
  if ('contains' in rule) return name.includes(rule.contains);
  if ('or' in rule) return rule.or.some((one) => fitsRule(one, name));
  return rule.and.every((one) => fitsRule(one, name));
}
