import { type Baselines, createBaselines } from '@telltale/domain-detector';
import { DAY_MS } from '@telltale/kernel';
import { type Effects, type KeyLimits } from '@telltale/streaming';
import { type ScorerConfig } from './config';
import { isWide } from './series-hierarchy';
import { usualRowAt } from './usual-row';
import { createEvaluator, type Evaluator, type Verdict } from './evaluator';
import { createDetectorOverrides, type DetectorOverrides } from './state/detector-overrides';
import { createFalseAlarmBudget, type FalseAlarmBudget } from './state/false-alarm-budget';
import { createNoDataDetector, type NoDataDetector } from './state/no-data';
import { createWideAnomalies, type WideAnomalies } from './state/wide-anomalies';
import { createSeriesTable, type Series, type SeriesTable } from './state/series';
import { type OpenWindow } from './state/window';

/** Scores closed windows, one after another. The scorer's tasks and the backtest share it, so they report the same anomalies. */
export interface WindowScorer {
  /** How many series and services are kept. */
  readonly limits: KeyLimits;
  readonly baselines: Baselines;
  readonly table: SeriesTable;
  readonly falseAlarms: FalseAlarmBudget;
  readonly overrides: DetectorOverrides;
  readonly evaluator: Evaluator;
  readonly noData: NoDataDetector;
  readonly wide: WideAnomalies;
  /** Scores the next window of `series`. Starts ascend within a series; parts of a parent come before it. */
  score(series: Series, window: OpenWindow, backfill: boolean, effects: Effects): Verdict;
}

/** Tenants with as many series as they may have that fit into one task. */
const LARGEST_TENANTS = 2;

export interface TaskPartition {
  readonly partition: number;
  /** How many tasks there are in all; they share a tenant's budget of false alarms. */
  readonly partitions: number;
}

/** `restored`: the task's state, empty for a new task. */
export function createWindowScorer(
  config: ScorerConfig,
  { partition, partitions }: TaskPartition,
  restored: ReadonlyMap<string, Buffer>,
): WindowScorer {
  const limits: KeyLimits = {
    perTenant: config.SCORER_MAX_SERIES_PER_TENANT,
    perTask: LARGEST_TENANTS * config.SCORER_MAX_SERIES_PER_TENANT,
    idleMs: config.SERIES_TTL_DAYS * DAY_MS,
  };
  const baselines = createBaselines();
  const table = createSeriesTable(baselines);
  const falseAlarms = createFalseAlarmBudget(partitions, limits, restored);
  const overrides = createDetectorOverrides(
    { defaultPerDay: config.DETECTOR_FALSE_POSITIVES_PER_DAY, writesRows: partition === 0 },
    restored,
  );
  const wide = createWideAnomalies(restored);
  const evaluator = createEvaluator({ baselines, falseAlarms, overrides, wide, partitions });
  const endsAfterMs = config.DETECTOR_RESOLVE_AFTER_NO_DATA_MS;
  const noData = createNoDataDetector({ series: table, baselines, falseAlarms, overrides, evaluator, endsAfterMs });
  return {
    limits,
    baselines,
    table,
    falseAlarms,
    overrides,
    evaluator,
    noData,
    wide,
    score(series, window, backfill, effects) {
      const { start } = window;
      if (series.scored < 0) evaluator.novelty(series, window, backfill, effects);
      evaluator.close(series, 'no_data', start, effects);
      const usualRow = usualRowAt(baselines, series, overrides.holidaysOf(series), start);
      const verdict = evaluator.window(series, window, usualRow, backfill, effects);
      series.scored = start;
      series.isBackfill = backfill;
      noData.follow(series);
      effects.count('windows_scored');
      if (!series.isParent && !isWide(series))
        falseAlarms.sawService(series.tenant, series.dimensions['service_name'] ?? '', start);
      return verdict;
    },
  };
}
