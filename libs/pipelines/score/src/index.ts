export { backtest, backtestSteps, createBacktest, type Backtest, type BacktestOptions, type BacktestResult, type BacktestSeries } from './backtest'; // prettier-ignore
export { scorerConfig, type ScorerConfig } from './config';
export { evidenceOfWindow, type EvaluatedSeries } from './evidence-of-window';
export { expectedRanges, type JudgedRun } from './expected-range';
export { metricsWithParent } from './series-hierarchy';
export { type ScorerDeps, scorerService } from './service';
export { windowOfStored, type StoredWindow } from './stored-window';
export { windowOf } from './state/window';
