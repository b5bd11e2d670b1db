export { type InsightsParts } from './deps';
export { InsightsModule } from './insights.module';
export { insightsApp } from './app';
export { createGuard, type Guard } from '@telltale/query';
