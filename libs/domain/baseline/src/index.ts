export * from './baseline';
export * from './describe';
export { AT_REST, type Edge, type Hysteresis } from './hysteresis';
export {
  BASELINE_TUNING,
  modelOf,
  type BaselineTuning,
  type BaselineWindow,
  type ChannelScore,
  type MetricModel,
  type Point,
  type Unit,
} from './model';
