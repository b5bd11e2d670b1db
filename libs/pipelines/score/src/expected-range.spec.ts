import { createDice } from '@telltale/kernel';
import { type BacktestSeries } from './backtest';
import { expectedRanges, type JudgedRun } from './expected-range';
import { windowOf } from './state/window';

const W = 10_000;
const HOUR = 360;

function rangesOf(series: Omit<BacktestSeries, 'id' | 'tenant'>): JudgedRun[] {
  const steps = expectedRanges({ id: 's', tenant: 'acme', ...series });
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
const DURATION = { metric: 'operation.duration', dimensions: { service_name: 'shop', kind: 'tool', name: 'search' } };

function noisy(seed: number, windows: number, calls: number, medianAt: (i: number) => number) {
  const dice = createDice(seed);
  return Array.from({ length: windows }, (_, i) => windowOf(i * W, Array.from({ length: calls }, () => medianAt(i) * Math.exp(0.4 * dice.normal())), 0)); // prettier-ignore
}
const shareWithin = (runs: readonly JudgedRun[]): number =>
  runs.filter(({ value, low, high }) => value >= low && value <= high).length / runs.length;

describe('the range that is expected of a series', () => {
  it.each([1, 2, 3])('holds nearly all runs of ordinary noise, and not by being wide (seed %s)', (seed) => {
    const runs = rangesOf({ ...DURATION, windows: noisy(seed, 12 * HOUR, 10, () => 900) });
    const late = runs.slice(runs.length / 2);
    expect(runs.length).toBeGreaterThan(11.5 * HOUR);
    expect(shareWithin(late)).toBeGreaterThan(0.95);
    expect(late.filter(({ low, high }) => low < 300 || high > 2_700)).toEqual([]);
    expect(late.every(({ low, expected, high }) => low < expected && expected < high)).toBe(true);
  });

  it('is that of before the value: a value that is far out lies outside of it', () => {
    const runs = rangesOf({ ...DURATION, windows: noisy(4, 4 * HOUR, 10, (i) => (i === 3 * HOUR ? 9_000 : 900)) });
    const outside = runs.filter(({ value, high }) => value > 2 * high);
    expect(outside.map(({ end }) => end)).toEqual([(3 * HOUR + 1) * W]);
  });

  it('is one per run, of calls that are rare; nothing is expected of the first ones, or after a long gap', () => {
    const rare = noisy(5, 40 * 8, 1, () => 900);
    const later = noisy(6, 8, 1, () => 900).map((window) => ({ ...window, start: window.start + 90 * HOUR * W }));
    const [known, all] = [rangesOf({ ...DURATION, windows: rare }), rangesOf({ ...DURATION, windows: [...rare, ...later] })];
    expect(known.length).toBe(40 - 31 + 1);
    expect(all).toEqual(known);
  });

  it('is not there for counts, nor for what is not evaluated', () => {
    const windows = noisy(7, HOUR, 10, () => 900);
    expect(rangesOf({ metric: 'error.count', dimensions: {}, windows })).toEqual([]);
    expect(rangesOf({ metric: 'unheard.of', dimensions: {}, windows })).toEqual([]);
  });
});
