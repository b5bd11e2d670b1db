export {
  createBaselines,
  rowsOfLayout,
  RUN_COUNT,
  RUN_SPAN_MS,
  LONG_COUNT,
  LONG_SPAN_MS,
  type Baselines,
  type LongRun,
  type Run,
} from './baselines';
export * from './breakdown';
export * from './describe';
export { createDetector, type Detector, WARM_VALUES } from './detector';
export { type Evaluation, type Reason } from './evaluation';
export * from './episode';
export { CHANNELS, logPerDayOf, pValueOf, cooldownChannel, sharesSignal, type Channel, type Evidence } from './evidence';
export * from './false-alarms';
export { cooldownMs } from './own-rate';
export { MAX_SINGLE_CALLS, WARM_CALLS } from './single-calls';
export { hasValues, METRICS_WITH_VALUES, modelOf, WINDOW_MS, type MetricModel, type Shape, type Unit } from './model';
export { type InterArrival } from './arrival-gaps';
export { type Holiday, holidayAt, holidayOf, mergeHolidays } from './holidays';
export { TRAFFIC_SPAN_MS } from './traffic';
