export {
  createBaselines,
  RUN_COUNT,
  RUN_SPAN_MS,
  LONG_COUNT,
  LONG_SPAN_MS,
  type Baselines,
  type LongRun,
  type Run,
} from './baselines';
export * from './describe';
export { createDetector, type Detector } from './detector';
export { type Judgement, type Reason } from './judgement';
export * from './episode';
export { CHANNELS, logPerDayOf, restOfChannel, tellOfTheSame, type Channel, type Evidence } from './evidence';
export * from './false-alarms';
export { modelOf, WINDOW_MS, type MetricModel, type Shape, type Unit } from './model';
export { type Presence } from './presence';
export { replay, type Opening, type Replay, type StoredWindow } from './replay';
