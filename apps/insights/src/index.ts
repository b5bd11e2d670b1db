export { insightsApp, settingsApp } from './app';
export { type InsightsParts } from './deps';
export { InsightsModule } from './insights.module';
