import { type AnomalyRecord, type DetectorSettingRecord } from '@telltale/contracts';

/** Of a stored window: start (Unix ms), count, sum, min, max, errors, p50, p95. */
export type StoredNumbers = readonly number[];

/** A series with stored windows, in order of time. */
export interface StoredSeries {
  readonly id: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly windows: readonly StoredNumbers[];
}

export interface ReplayOptions {
  /** False anomalies a day that are accepted over the series that are replayed. */
  readonly falsePerDay: number;
  /** In force from the first window on. */
  readonly settings: readonly DetectorSettingRecord[];
  /** Event time passes until then, ms since the epoch. */
  readonly until: number;
}

export interface Replayed {
  /** Each once, as it last stood. */
  readonly anomalies: readonly AnomalyRecord[];
  /** Of all that was evaluated, parents that are merged from their parts among them. */
  readonly seriesIds: readonly string[];
}

/** The value of a run beside the range that was expected of it, before it was learned. */
export interface RunInRange {
  /** End of its last window, ms since the epoch. */
  readonly end: number;
  readonly value: number;
  readonly expected: number;
  readonly low: number;
  readonly high: number;
}

/** The scorer's own code over stored windows. */
export interface DetectorReplay {
  /** False anomalies a day of a tenant that has not set its own. */
  readonly defaultFalsePerDay: number;
  /** The metric, and the one whose series its own are part of, where that is measured itself. */
  metricsWithParent(metric: string): readonly string[];
  run(series: readonly StoredSeries[], options: ReplayOptions): Promise<Replayed>;
  /** Of one series by itself: the runs that the detector knew enough for. */
  expectedRanges(series: StoredSeries): Promise<readonly RunInRange[]>;
}
