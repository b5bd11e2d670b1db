import { type AnomalyRecord, narrowMetricOf } from '@telltale/contracts';
import {
  type Channel,
  describeDeviation,
  describeNovelty,
  describeNoData,
  type Episode,
  pValueOf,
} from '@telltale/domain-detector';
import { hashId, isoTime } from '@telltale/kernel';
import { type Series } from './state/series';

export type AnomalyKind = AnomalyRecord['kind'];

/** An anomaly that has not ended. */
export interface OpenAnomaly extends Episode {
  readonly id: string;
  readonly backfill: boolean;
  readonly inMaintenance: boolean;
  /** Id of the parent's anomaly that it is part of, or ''. */
  readonly parentAnomalyId: string;
}

export const anomalyId = (series: Series, channel: Channel | 'novelty', start: number): string =>
  hashId(24, series.tenant, series.id, channel, start);

/** The metric of an error share is its own: `operation.error_ratio` beside `operation.duration`. What is a share by itself keeps its name. */
const metricOf = (metric: string, channel: Channel): string =>
  channel !== 'errors' || narrowMetricOf(metric) === 'turn.unhelped' ? metric : `${metric.replace(/\.[^.]+$/, '')}.error_ratio`;

const rounded = (value: number): number =>
  Math.abs(value) >= 1_000 ? Math.round(value) : Number(Number.isFinite(value) ? value.toPrecision(6) : 0);

/** Standard deviations that are as rare under a normal distribution, one side (Abramowitz & Stegun 26.2.23, error below 4.5e-4). */
export function zScoreOf(logP: number): number {
  if (logP > Math.log(0.5)) return 0;
  const t = Math.sqrt(-2 * logP);
  return t - (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t);
}

const MIN_P = 1e-300;
const kindOf = (channel: Channel): AnomalyKind =>
  channel === 'no_data' ? 'no_data' : channel === 'drift' ? 'drift' : 'deviation';

function summaryOf(series: Series, channel: Channel, { peak, startedAt }: OpenAnomaly, endedAt: number | null): string {
  const { metric, dimensions, model } = series;
  if (channel === 'no_data')
    return describeNoData(metric, dimensions, Math.max(peak.value, (endedAt ?? 0) - startedAt), peak.expected);
  return model ? describeDeviation(metric, dimensions, model, { ...peak, channel }) : '';
}

export function anomalyOf(series: Series, channel: Channel, anomaly: OpenAnomaly, endedAt: number | null): AnomalyRecord {
  const { tenant, id, metric, dimensions } = series;
  const { peak } = anomaly;
  return {
    tenant,
    id: anomaly.id,
    series_id: id,
    metric: metricOf(metric, channel),
    dimensions: { ...dimensions },
    state: endedAt === null ? 'open' : 'closed',
    started_at: isoTime(anomaly.startedAt),
    ended_at: endedAt === null ? null : isoTime(endedAt),
    direction: peak.direction < 0 ? 'down' : 'up',
    value: rounded(peak.value),
    expected: rounded(peak.expected),
    expected_low: rounded(peak.low),
    expected_high: rounded(peak.high),
    score: rounded(zScoreOf(peak.logP)),
    windows: anomaly.windows,
    backfill: anomaly.backfill,
    summary: summaryOf(series, channel, anomaly, endedAt),
    kind: kindOf(channel),
    channel,
    peak_at: isoTime(anomaly.peakAt),
    p_value: Math.max(MIN_P, pValueOf(peak)),
    expected_false_per_day: Math.max(MIN_P, Math.exp(Math.min(anomaly.logPerDay, 0))),
    parent_anomaly_id: anomaly.parentAnomalyId,
    in_maintenance: anomaly.inMaintenance,
  };
}

/** A series that was never seen, in a service that is well known. It is closed as soon as it is reported. */
export function noveltyOf(series: Series, start: number, end: number, value: number, backfill: boolean): AnomalyRecord {
  const { tenant, id, metric, dimensions } = series;
  return {
    tenant, id: anomalyId(series, 'novelty', start), series_id: id, metric, dimensions: { ...dimensions }, state: 'closed',
    started_at: isoTime(start), ended_at: isoTime(end), direction: 'up', value: rounded(value), expected: 0, expected_low: 0, expected_high: 0,
    score: 0, windows: 1, backfill, summary: describeNovelty(metric, dimensions), kind: 'novelty', channel: 'novelty', peak_at: isoTime(start),
    p_value: null, expected_false_per_day: null, parent_anomaly_id: '', in_maintenance: false,
  }; // prettier-ignore
}
