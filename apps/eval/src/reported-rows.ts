import { type AnomalyRecord } from '@telltale/contracts';
import { WINDOW_MS } from '@telltale/domain-detector';
import { backtest } from '@telltale/pipeline-score';
import { type LabeledSeries } from './labeled-series';

/** A value counts as this many equal measurements, so that the service evaluates each row by itself. */
const CALLS = 8;

/** A threshold that every reported row passes. */
export const REPORTED = 0.5;

/** What the service reports of a labeled series, with its own settings and every rule it runs: 1 at rows that open an anomaly. */
export interface ReportedRows {
  readonly all: Float64Array;
  /** The same without the `drift` channel. */
  readonly withoutDrift: Float64Array;
  /** The same of each channel that opened any. */
  readonly byChannel: ReadonlyMap<string, Float64Array>;
}

/** Each row is a window of equal measurements of a gauge; rows without a value are none. */
export function reportedRows({ key, times, values }: LabeledSeries): ReportedRows {
  const windows = [...values].flatMap((value, i) => {
    if (Number.isNaN(value)) return [];
    const measured = { count: CALLS, sum: CALLS * value, min: value, max: value, errors: 0 };
    return [{ start: times[i] ?? 0, ...measured, zeros: 0, bins: [], bufferedUntil: 0, isUnsaved: false }];
  });
  const series = { id: key, tenant: 'eval', metric: 'score', dimensions: { score_name: key }, windows };
  const reported = backtest([series], times.at(-1) ?? 0);
  const rowsOf = (anomalies: readonly AnomalyRecord[]): Float64Array => {
    const at = new Set(anomalies.map(reportedAt));
    return Float64Array.from(times, (time) => (at.has(time) ? 1 : 0));
  };
  const channels = new Set(reported.map(({ channel = '' }) => channel));
  return {
    all: rowsOf(reported),
    withoutDrift: rowsOf(reported.filter(({ channel }) => channel !== 'drift')),
    byChannel: new Map([...channels].map((one) => [one, rowsOf(reported.filter(({ channel }) => channel === one))])),
  };
}

/** Start of the window in which it was reported: a drift starts hours before that. */
const reportedAt = ({ channel, started_at: start, ended_at: end }: AnomalyRecord): number =>
  channel === 'drift' && end !== null ? Date.parse(end) - WINDOW_MS : Date.parse(start);
