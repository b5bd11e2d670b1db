export { backtest, createBacktest, type Backtest, type BacktestOptions, type BacktestSeries } from './backtest';
export { scorerConfig, type ScorerConfig } from './config';
export { evidenceOfWindow, type EvaluatedSeries } from './evidence-of-window';
export { metricsWithParent } from './series-hierarchy';
export { type ScorerDeps, scorerService } from './service';
export { windowOfStored, type StoredWindow } from './stored-window';
export { windowOf } from './state/window';
