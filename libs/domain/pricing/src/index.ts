export { createPriceBook, PRICE_VERSION, type Price, type PriceBook, type PricedCall } from './price-book';
export { fitsGlob, type OverrideRates, type PriceOverride, withOverrides } from './overrides';
export { pricedCallOf } from './priced-call';
export { toolCost, type ToolContent, type ToolPrice, toolPriceVersion, unitsAt } from './tool-price';
export { SERVICE_TIERS, type ServiceTier, tierFactor, tierOf } from './service-tier';
export { type ChatForm, chatFormOf, encodingOf, extrapolated, MAX_COUNTED_CHARS, MAX_RANGE_CHARS } from './token-estimate';
