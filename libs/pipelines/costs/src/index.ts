export { reprice, type RepriceDeps, type RepriceRange, type RepriceReport } from './reprice';
export { costsService } from './service';
