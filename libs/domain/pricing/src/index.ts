export { createPriceBook, PRICE_VERSION, type Price, type PriceBook, type PricedCall } from './price-book';
