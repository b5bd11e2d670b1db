import { createSketch, encodeSketch } from '@telltale/domain-metrics';
import { type MeasuresRecord } from '@telltale/contracts';
import { DAY_MS, type Dice, hashId, isoTime } from '@telltale/kernel';

export const WINDOW_MS = 10_000;

export const FAULTS = [
  'spike',
  'level_shift',
  'slow_drift',
  'seasonality_change',
  'variance_change',
  'silence',
  'error_ratio',
] as const;
export type Fault = (typeof FAULTS)[number];

export interface Planted {
  readonly fault: Fault;
  readonly from: number;
  readonly to: number;
}

/** One tool of a simulated fleet. */
export interface FleetSeries {
  readonly id: string;
  readonly metric: string;
  readonly dimensions: Record<string, string>;
  /** Mean calls in a window of 10 s. */
  readonly rate: number;
  /** Milliseconds. */
  readonly median: number;
  /** Of the logarithm. */
  readonly spread: number;
  /** How much calls and durations follow the day, 0 to 1. */
  readonly rhythm: number;
  /** Part of a day by which the rhythm is moved. */
  readonly phase: number;
  readonly errorShare: number;
  readonly planted: Planted | null;
}

export function newFleetSeries(about: Omit<FleetSeries, 'id'>): FleetSeries {
  return { ...about, id: hashId(20, 'fleet', about.metric, ...Object.entries(about.dimensions).flat()) };
}

/** Days that a slow drift has behind it when a tenth of its way is done matter not: it goes on to the end. */
const DRIFT_GAIN = 1.6;

interface Now {
  readonly rate: number;
  readonly median: number;
  readonly spread: number;
  readonly errorShare: number;
}

function stateAt({ rate, median, spread, rhythm, phase, errorShare, planted }: FleetSeries, at: number): Now {
  const fault = planted && at >= planted.from && at < planted.to ? planted : null;
  const shift = fault?.fault === 'seasonality_change' ? 0.5 : 0;
  const wave = Math.sin(2 * Math.PI * (at / DAY_MS + phase + shift));
  const now = { rate: rate * (1 + 0.6 * rhythm * wave), median: median * (1 + 0.5 * rhythm * wave), spread, errorShare };
  switch (fault?.fault) {
    case 'spike':
      return { ...now, median: 5 * now.median };
    case 'level_shift':
      return { ...now, median: 2 * now.median };
    case 'slow_drift':
      return { ...now, median: now.median * Math.pow(DRIFT_GAIN, (at - fault.from) / (fault.to - fault.from)) };
    case 'variance_change':
      return { ...now, spread: 3 * spread };
    case 'silence':
      return { ...now, rate: 0 };
    case 'error_ratio':
      return { ...now, errorShare: 0.6 };
    default:
      return now;
  }
}

/** A record with the measure of one window, or null when nothing was called. */
export function measureAt(series: FleetSeries, at: number, dice: Dice, tenant: string): MeasuresRecord | null {
  const now = stateAt(series, at);
  const count = dice.poisson(now.rate);
  if (count === 0) return null;
  const sketch = createSketch();
  let sum = 0;
  let min = Infinity;
  let max = 0;
  let errors = 0;
  for (let i = 0; i < count; i++) {
    const value = now.median * Math.exp(now.spread * dice.normal());
    sketch.accept(value);
    sum += value;
    min = Math.min(min, value);
    max = Math.max(max, value);
    if (dice.uniform() < now.errorShare) errors++;
  }
  const measure = {
    tenant,
    series_id: series.id,
    metric: series.metric,
    dimensions: series.dimensions,
    window_start: isoTime(at),
    count,
    sum,
    min,
    max,
    errors,
    sketch: encodeSketch(sketch),
  };
  return { source: 'simulated/0', watermark: isoTime(at + WINDOW_MS), measures: [measure] };
}
