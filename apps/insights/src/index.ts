export { type InsightsParts } from './deps';
export { InsightsModule } from './insights.module';
export { insightsService } from './service';
export { createGuard, type Guard } from '@telltale/query';
