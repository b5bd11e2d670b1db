export { createKeyLookup } from './api-keys';
export { type InsightsDeps } from './deps';
export { InsightsModule } from './insights.module';
export { insightsService } from './service';
export { checkReadOnlySql, isReadOnlySql } from './sql/read-only-sql';
