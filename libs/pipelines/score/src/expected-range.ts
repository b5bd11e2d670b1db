import { createBaselines, hasValues, modelOf, WINDOW_MS } from '@telltale/domain-detector';
import { type BacktestSeries } from './backtest';
import { type EvaluatedSeries, evidenceOfWindow } from './evidence-of-window';

/** The value of a run beside the range that was expected of it, before it was learned. */
export interface JudgedRun {
  /** End of its last window, ms since the epoch. */
  readonly end: number;
  readonly value: number;
  readonly expected: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Has one series evaluated by itself, over stored windows: every run that the detector knew enough for, with the range that all but about
 * one in a hundred keep to. Runs after a long gap are left out: nothing is expected of them. Yields after each window.
 */
export function* expectedRanges({ metric, dimensions, windows }: BacktestSeries): Generator<number, JudgedRun[]> {
  const model = modelOf(metric, dimensions);
  if (!model || !hasValues(model)) return [];
  const baselines = createBaselines();
  const series: EvaluatedSeries = { model, row: baselines.add(), run: null, longRun: null, scored: -1, parent: null };
  const judged: JudgedRun[] = [];
  for (const window of windows) {
    const end = window.start + WINDOW_MS;
    const before = baselines.expectedOfRun(series.row, model, end);
    const run = evidenceOfWindow(baselines, series, window).find(({ channel }) => channel === 'value');
    series.scored = window.start;
    if (run && before?.expected === run.expected) judged.push({ end, value: run.value, ...before });
    yield 1;
  }
  return judged;
}
