export { METRICS, type MetricSpec } from './catalog';
export { createLog, type LogLevel } from './log';
export { createMetrics, type PrometheusMetrics } from './metrics';
export { createSelfReports, type SelfReports, type SendReports } from './self-reports/self-reports';
export { systemClock } from './system-clock';
