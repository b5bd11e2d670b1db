import { type AnomalyRecord } from '@telltale/contracts';
import { type Channel, type ChannelScore, describeDeparture, type Finding } from '@telltale/domain-baseline';
import { hashId, isoTime } from '@telltale/kernel';
import { type Series } from './series';

/** An anomaly that has not ended; holds its worst moment. */
export interface OpenAnomaly extends ChannelScore {
  readonly id: string;
  readonly startedAt: number;
  readonly windows: number;
  readonly historic: boolean;
}

const scoreOf = ({ score, large, value, expected, low, high, restsOn }: ChannelScore): ChannelScore => ({
  score,
  large,
  value,
  expected,
  low,
  high,
  restsOn,
});

export function openAnomaly(series: Series, finding: Finding, start: number, historic: boolean): OpenAnomaly {
  return {
    ...scoreOf(finding),
    id: hashId(24, series.tenant, series.id, finding.channel, start),
    startedAt: start,
    windows: 1,
    historic,
  };
}

/** One more window in it; the worst is kept. */
export function continueAnomaly(anomaly: OpenAnomaly, finding: Finding): OpenAnomaly {
  const isWorse = (finding.score ?? 0) > (anomaly.score ?? 0);
  return { ...anomaly, ...(isWorse ? scoreOf(finding) : {}), windows: anomaly.windows + 1 };
}

/** The metric of an error share is its own: `operation.error_ratio` beside `operation.duration`. */
const metricOf = (metric: string, channel: Channel): string =>
  channel === 'errors' ? metric.replace(/\.[^.]+$/, '.error_ratio') : metric;

const rounded = (value: number): number => (Math.abs(value) >= 1_000 ? Math.round(value) : Number(value.toPrecision(6)));

export function anomalyOf(series: Series, channel: Channel, anomaly: OpenAnomaly, endedAt: number | null): AnomalyRecord {
  const { tenant, id, metric, dimensions, model } = series;
  return {
    tenant,
    id: anomaly.id,
    series_id: id,
    metric: metricOf(metric, channel),
    dimensions: { ...dimensions },
    state: endedAt === null ? 'open' : 'closed',
    started_at: isoTime(anomaly.startedAt),
    ended_at: endedAt === null ? null : isoTime(endedAt),
    direction: 'up',
    value: rounded(anomaly.value),
    expected: rounded(anomaly.expected),
    expected_low: rounded(anomaly.low),
    expected_high: rounded(anomaly.high),
    score: rounded(anomaly.score ?? 0),
    windows: anomaly.windows,
    historic: anomaly.historic,
    summary: model ? describeDeparture(metric, dimensions, model, channel, anomaly) : '',
  };
}
