import { type Point } from '../../design/chart/time-series';
import { numberOf } from '../../format/numbers';
import { timeOf } from '../../format/times';
import { type Anomaly, type Window } from './questions';

/** Which number of a window a channel of the detector is about. */
export type Statistic = 'p50' | 'p95' | 'max' | 'share' | 'count' | 'per_minute';
export type Unit = 'ms' | 'nano_usd' | 'share' | 'number';

const WINDOW_MS = 10_000;
const MINUTE = 60_000;
const STEPS_MS = [WINDOW_MS, 30_000, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, 60 * MINUTE];

const COUNTED = /^(turn\.count|tenant\.turn\.count|error\.count|log\.count|log\.template|service\.version)$/;

export function statisticOf({ metric, channel, kind }: Pick<Anomaly, 'metric' | 'channel' | 'kind'>): Statistic {
  if (channel === 'errors') return 'share';
  if (kind === 'no_data' || kind === 'novelty') return 'count';
  if (COUNTED.test(metric)) return channel === 'level_shift' ? 'per_minute' : 'count';
  if (/^(?:tenant\.)?turn\.unhelped$/.test(metric)) return 'share';
  return channel === 'p95' ? 'p95' : channel === 'calls' ? 'max' : 'p50';
}

export function unitOf(metric: string, statistic: Statistic): Unit {
  if (statistic === 'count' || statistic === 'per_minute') return 'number';
  if (statistic === 'share' || /(?:ratio|share)$/.test(metric)) return 'share';
  if (/(?:duration|time_to_first_token)$/.test(metric)) return 'ms';
  return /cost$/.test(metric) ? 'nano_usd' : 'number';
}

export const STATISTIC_NAMES: Readonly<Record<Statistic, string>> = {
  p50: 'median',
  p95: '95th percentile',
  max: 'greatest value',
  share: 'share that failed',
  count: 'number in 10 s',
  per_minute: 'number a minute',
};

/** Some windows together, as one point. */
export interface Step {
  readonly at: number;
  readonly until: number;
  readonly windows: number;
  /** Null where the windows have no value. */
  readonly value: number | null;
  /** Windows that the detector judged. */
  readonly judged: number;
}

export const stepMsOf = (from: number, to: number, most: number): number =>
  STEPS_MS.find((one) => (to - from) / one <= most) ?? STEPS_MS.at(-1) ?? WINDOW_MS;

const weighted = (windows: readonly Window[], valueOf: (window: Window) => number | null): number | null => {
  const known = windows.filter((window) => valueOf(window) !== null && window.count > 0);
  const count = known.reduce((sum, window) => sum + window.count, 0);
  return count === 0 ? null : known.reduce((sum, window) => sum + window.count * numberOf(valueOf(window)), 0) / count;
};
const greatest = (windows: readonly Window[], valueOf: (window: Window) => number | null): number | null =>
  windows.reduce<number | null>((most, window) => {
    const value = valueOf(window);
    return value !== null && (most === null || value > most) ? value : most;
  }, null);

function valueOf(windows: readonly Window[], statistic: Statistic, stepMs: number): number | null {
  const count = windows.reduce((sum, window) => sum + window.count, 0);
  if (statistic === 'count') return (count * WINDOW_MS) / stepMs;
  if (statistic === 'per_minute') return (count * MINUTE) / stepMs;
  if (statistic === 'share') return count === 0 ? null : windows.reduce((sum, window) => sum + window.errors, 0) / count;
  if (statistic === 'max') return greatest(windows, ({ max }) => max);
  if (statistic === 'p95') return greatest(windows, ({ p95 }) => p95);
  return weighted(windows, ({ p50 }) => p50);
}

/** Windows as points at equal steps, at most `most`: those without windows too. Of several windows the mean of medians, the greatest of the rest. */
export function stepsOf(windows: readonly Window[], statistic: Statistic, from: number, to: number, most: number): Step[] {
  const stepMs = stepMsOf(from, to, most);
  const first = Math.floor(from / stepMs) * stepMs;
  const byStep = new Map<number, Window[]>();
  for (const window of windows) {
    const step = Math.floor((timeOf(window.window_start) - first) / stepMs);
    byStep.set(step, [...(byStep.get(step) ?? []), window]);
  }
  return Array.from({ length: Math.max(1, Math.ceil((to - first) / stepMs)) }, (_, i) => {
    const own = byStep.get(i) ?? [];
    return {
      at: first + i * stepMs,
      until: first + (i + 1) * stepMs,
      windows: own.length,
      value: valueOf(own, statistic, stepMs),
      judged: own.filter(({ score }) => score !== null).length,
    };
  });
}

export const pointsOf = (steps: readonly Step[]): Point[] => steps.map(({ at, until, value }) => [(at + until) / 2, value]);
