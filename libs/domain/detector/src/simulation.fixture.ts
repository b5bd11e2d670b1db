import { createDice } from '@telltale/kernel';
import { PER_SERIES_DAY } from './false-alarms';
import { type MetricModel, WINDOW_MS } from './model';
import { type Opening, replay, type Replay, type StoredWindow } from './replay';

export const WINDOWS_A_DAY = 8_640;
export const DURATION: MetricModel = { shape: 'level', unit: 'ms', errors: true, noData: true };
export const COST: MetricModel = { shape: 'level', unit: 'nano_usd', errors: false, noData: false };
export const LOG_RATE: MetricModel = { shape: 'rate', unit: 'count', errors: false, noData: false };

/** What a series says in one window. */
export interface SimulatedWindow {
  readonly start: number;
  readonly count: number;
  readonly errors: number;
  readonly values: readonly number[];
}

export interface Shape {
  readonly seed: number;
  /** Mean measurements in a window. */
  readonly rate: number;
  readonly median: number;
  /** Log-normal spread. */
  readonly spread: number;
  readonly errorShare: number;
  /** How much the rate and the median follow the day, 0 to 1. */
  readonly rhythm: number;
  /** Share of measurements that take ten times as long (retries, timeouts). */
  readonly tail?: number;
}

export interface Disturbance {
  readonly fromWindow: number;
  readonly factor?: number;
  readonly errorShare?: number;
  readonly rateFactor?: number;
}

/** Windows of a simulated series; empty ones are left out, as in life. */
export function* simulate(shape: Shape, windows: number, disturbance?: Disturbance): Generator<SimulatedWindow> {
  const dice = createDice(shape.seed);
  for (let i = 0; i < windows; i++) {
    const wave = Math.sin((2 * Math.PI * i) / WINDOWS_A_DAY);
    const hit = disturbance && i >= disturbance.fromWindow ? disturbance : undefined;
    const count = dice.poisson(shape.rate * (1 + shape.rhythm * wave) * (hit?.rateFactor ?? 1));
    if (count === 0) continue;
    const values: number[] = [];
    let errors = 0;
    for (let j = 0; j < count; j++) {
      const slow = dice.uniform() < (shape.tail ?? 0) ? 10 : 1;
      const median = shape.median * (1 + 0.3 * shape.rhythm * wave) * (hit?.factor ?? 1) * slow;
      values.push(median * Math.exp(shape.spread * dice.normal()));
      if (dice.uniform() < (hit?.errorShare ?? shape.errorShare)) errors++;
    }
    yield { start: i * WINDOW_MS, count, errors, values };
  }
}

export interface IngestResult {
  readonly openings: readonly (Opening & { readonly at: number; readonly lasted: number | null })[];
  readonly logPs: Replay['logPs'];
}

const quantile = (sorted: readonly number[], q: number): number => sorted[Math.floor(q * (sorted.length - 1))] ?? 0;

function* stored(windows: Iterable<SimulatedWindow>): Generator<StoredWindow> {
  for (const { start, count, errors, values } of windows) {
    const sorted = [...values].sort((a, b) => a - b);
    yield { start, count, errors, p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95) };
  }
}

/** Runs one series at the product's rate of false deviations; times as indices of windows. */
export function run(windows: Iterable<SimulatedWindow>, model: MetricModel, perDay = PER_SERIES_DAY): IngestResult {
  const { openings, logPs } = replay(stored(windows), model, perDay);
  return {
    logPs,
    openings: openings.map((opening) => ({
      ...opening,
      at: opening.startedAt / WINDOW_MS,
      lasted: opening.endedAt === null ? null : (opening.endedAt - opening.startedAt) / WINDOW_MS,
    })),
  };
}
