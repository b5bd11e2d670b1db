import { type AnomalyRecord } from '@telltale/contracts';
import { WINDOW_MS } from '@telltale/domain-detector';
import { createDice } from '@telltale/kernel';
import { backtest } from './backtest';
import { type OpenWindow, windowOf } from './state/window';

export const WINDOWS_A_DAY = 8_640;

/** One series that stands alone, in the scorer's words. */
export interface SimulatedSeries {
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
}
export const DURATION: SimulatedSeries = { metric: 'operation.duration', dimensions: { service_name: 'shop', kind: 'tool' } };
export const COST: SimulatedSeries = { metric: 'llm.cost', dimensions: { service_name: 'shop' } };
export const LOG_RATE: SimulatedSeries = { metric: 'log.count', dimensions: { service_name: 'shop', severity: 'error' } };

/** The measurements of one window. */
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

/** Windows of a simulated series; empty ones are left out, as the enricher does. */
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

/** An anomaly with the indices of the windows in which it began and ended. */
export interface Found extends AnomalyRecord {
  readonly at: number;
  /** null while it is open. */
  readonly until: number | null;
}

function* openWindows(windows: Iterable<SimulatedWindow>): Generator<OpenWindow> {
  for (const { start, errors, values } of windows) yield windowOf(start, values, errors);
}

/** What the service reports of one series at its default settings, up to its last window. */
export function detect(windows: Iterable<SimulatedWindow>, { metric, dimensions }: SimulatedSeries): Found[] {
  const series = { id: 'simulated', tenant: 'acme', metric, dimensions, windows: openWindows(windows) };
  return backtest([series], 0).map((anomaly) => ({
    ...anomaly,
    at: Date.parse(anomaly.started_at) / WINDOW_MS,
    until: anomaly.ended_at === null ? null : Date.parse(anomaly.ended_at) / WINDOW_MS,
  }));
}
