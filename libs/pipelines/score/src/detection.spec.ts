import { WINDOW_MS } from '@telltale/domain-detector';
import { createDice } from '@telltale/kernel';
import { COST, detect, DURATION, LOG_RATE, type Shape, simulate, WINDOWS_A_DAY } from './simulation.fixture';

const DENSE: Shape = { seed: 7, rate: 20, median: 900, spread: 0.4, errorShare: 0.02, rhythm: 0.6 };
const SPARSE: Shape = { ...DENSE, rate: 0.1 };
const DAYS = 4;

describe('a clean series with a daily rhythm', () => {
  it.each([
    ['busy', DENSE],
    ['some calls a window', { ...DENSE, rate: 3 }],
    ['one call in 100 s', SPARSE],
    ['heavy tail, 3 % ten times slower', { ...DENSE, rate: 2, tail: 0.03 }],
    ['widely spread', { ...DENSE, rate: 3, spread: 1.2 }],
    ['flaky, 15 % errors', { ...DENSE, rate: 1, errorShare: 0.15 }],
  ])('speaks about as often as it may (0.1 a day): %s', (_, shape) => {
    const found = [1, 2, 3].flatMap((seed) => detect(simulate({ ...shape, seed: 100 + seed }, DAYS * WINDOWS_A_DAY), DURATION));
    // 12 series-days: 1.2 expected; six would come once in 600 such runs.
    expect(found.length).toBeLessThanOrEqual(5);
  });

  it('says nothing while it warms up', () => {
    expect(detect(simulate(DENSE, 19, { fromWindow: 10, factor: 50 }), DURATION)).toEqual([]);
  });
});

describe('a deviation', () => {
  const from = WINDOWS_A_DAY;
  const found = (shape: Shape, change: object, windows: number, series = DURATION) =>
    detect(simulate(shape, from + windows, { fromWindow: from, ...change }), series).find(({ at }) => at >= from);

  it.each([1, 2, 3])('of four times the duration is found within 3 windows, with what is normal (%i)', (seed) => {
    const first = found({ ...DENSE, seed }, { factor: 4 }, 60);
    expect(first?.channel).toBe('value');
    expect(first?.at).toBeLessThanOrEqual(from + 2);
    expect(first?.expected).toBeGreaterThan(600);
    expect(first?.expected_high).toBeLessThan(first?.value ?? 0);
    expect(first?.direction).toBe('up');
  });

  it('of four times the duration is found within 20 calls where there is one in 100 s', () => {
    const first = found({ ...SPARSE, seed: 4 }, { factor: 4 }, 2_000);
    expect(first?.at).toBeLessThanOrEqual(from + 200);
  });

  it.each([
    ['twenty calls an hour', 20, 8],
    ['two calls a minute', 120, 8],
    ['six calls an hour', 6, 5],
  ])('of a rare tool that takes several times as long is found within three calls: %s', (_, perHour, factor) => {
    const shape = { ...DENSE, rate: perHour / 360, spread: 0.35 };
    const callsUntil = (seed: number): number => {
      const windows = [...simulate({ ...shape, seed }, 3 * from, { fromWindow: 2 * from, factor })];
      const first = detect(windows, DURATION).find(({ at }) => at >= 2 * from);
      const bad = windows.filter(({ start }) => start >= 2 * from * WINDOW_MS && start <= (first?.at ?? Infinity) * WINDOW_MS);
      return bad.reduce((calls, { count }) => calls + count, 0);
    };
    const calls = Array.from({ length: 9 }, (_, seed) => callsUntil(seed + 1)).sort((a, b) => a - b);
    expect(calls[4]).toBeLessThanOrEqual(3);
  });

  it('is found while a smaller one is open that nothing ended', () => {
    const shape = { ...DENSE, rate: 3, rhythm: 0, errorShare: 0 };
    const level = (windows: number, factor: number, after: number) =>
      [...simulate({ ...shape, seed: after + 5, median: 900 * factor }, windows)].map((one) => ({ ...one, start: one.start + after * WINDOW_MS })); // prettier-ignore
    const anomalies = detect([...level(from, 1, 0), ...level(200, 3, from), ...level(60, 30, from + 200)], DURATION);
    expect(anomalies.map(({ at, until }) => [at >= from + 200 ? 'second' : 'first', until === null ? 'open' : 'ended'])).toEqual([['first', 'ended'], ['second', 'open']]);
    expect(anomalies[1]?.at).toBeLessThanOrEqual(from + 202);
  }); // prettier-ignore

  it('of a series that has had as many values as a p-value needs, says no smaller one', () => {
    const first = found({ ...DENSE, seed: 3 }, { factor: 20 }, 60);
    expect(first?.p_value).toBeGreaterThan(1 / (2 * from));
  });

  it.each([1, 2])('to a third of the duration is reported as one, downwards (%i)', (seed) => {
    const first = found({ ...DENSE, seed }, { factor: 1 / 3 }, 60);
    expect(first?.direction).toBe('down');
    expect(first?.at).toBeLessThanOrEqual(from + 2);
  });

  it('of three times the cost is found within 4 windows', () => {
    const first = found({ ...DENSE, rate: 10, median: 4_000_000, spread: 0.5 }, { factor: 3 }, 60, COST);
    expect(first?.at).toBeLessThanOrEqual(from + 3);
  });

  it.each([1, 2, 3])('of the error share from 2 % to 40 % is found within 3 windows (%i)', (seed) => {
    const first = found({ ...DENSE, seed }, { errorShare: 0.4 }, 60);
    expect(first?.channel).toBe('errors');
    expect(first?.at).toBeLessThanOrEqual(from + 2);
  });

  it('of errors alone is found within 15 calls of a rare tool, and one error of two calls is none', () => {
    const first = found({ ...SPARSE, seed: 5 }, { errorShare: 1 }, 1_000);
    expect(first?.channel).toBe('errors');
    expect(first?.at).toBeLessThanOrEqual(from + 150);
  });

  it.each([
    ['ten times as many error logs', { ...DENSE, rate: 0.5, rhythm: 0.3 }, { rateFactor: 20 }, 10],
    ['a trickle where there was none', { ...DENSE, rate: 0.01, rhythm: 0.3 }, { rateFactor: 300 }, 40],
  ])('of a rate: %s', (_, shape, change, within) => {
    const openings = detect(simulate(shape, from + 100, { fromWindow: from, ...change }), LOG_RATE);
    expect(openings[0]?.at).toBeGreaterThanOrEqual(from);
    expect(openings[0]?.at).toBeLessThanOrEqual(from + within);
  });

  it('is one, from start to end, and is back when the series is', () => {
    const dice = createDice(3);
    const windows = [...simulate({ ...DENSE, rhythm: 0 }, from + 200)].map((w) =>
      w.start >= from * WINDOW_MS && w.start < (from + 30) * WINDOW_MS
        ? { ...w, values: w.values.map((v) => (3 + dice.uniform()) * v) }
        : w,
    );
    const own = detect(windows, DURATION).filter(({ at }) => at >= from);
    expect(own).toHaveLength(1);
    expect((own[0]?.until ?? NaN) - from).toBeGreaterThanOrEqual(29);
    expect((own[0]?.until ?? NaN) - from).toBeLessThanOrEqual(34);
  });

  it('that is slow is reported as a drift, with its size', () => {
    const days = 7;
    const windows = [...simulate({ ...DENSE, rate: 5, rhythm: 0.3 }, days * WINDOWS_A_DAY)].map((w) => {
      const into = Math.max(0, w.start / WINDOW_MS - 5 * WINDOWS_A_DAY) / WINDOWS_A_DAY;
      return { ...w, values: w.values.map((v) => v * Math.pow(1.25, into)) };
    });
    const drifts = detect(windows, DURATION).filter(({ channel }) => channel === 'drift');
    expect(drifts.length).toBeGreaterThan(0);
    expect(drifts[0]?.until).toBeGreaterThan(5 * WINDOWS_A_DAY);
    expect(drifts[0]?.direction).toBe('up');
    expect(drifts[0]?.value).toBeGreaterThan(drifts[0]?.expected ?? Infinity);
  });
});
