export { METRICS, type MetricSpec } from './catalog';
export { createLog, type LogLevel } from './log';
export { createMetrics, type PrometheusMetrics } from './metrics';
export { systemClock } from './system-clock';
