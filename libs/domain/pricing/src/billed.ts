import { type Price } from './price-book';

/** `price_version` of a cost that was charged: no price table changes it. */
export const BILLED_VERSION = 'billed';
const NANO_A_DOLLAR = 1e9;

/** The cost that an attribute says was charged, in dollars; null where it says none. */
export function billedPrice(dollars: string | undefined): Price | null {
  if (dollars === undefined || dollars.trim() === '') return null;
  const costNanoUsd = Math.round(Number(dollars) * NANO_A_DOLLAR);
  return Number.isSafeInteger(costNanoUsd) && costNanoUsd >= 0 ? { costNanoUsd, version: BILLED_VERSION } : null;
}
