export { COMMANDS, QUERIES } from './catalog';
export { type RepriceRange } from './costs/reprice';
export { ApiError, REFUSAL_STATUS } from './define/api-error';
export { type AskContext, type Definition, placesOf } from './define/definition';
export { createGuard } from './guard/guard';
export { tailEvents } from './operations/tail';
export { runSql } from './sql/run-sql';
