import { createDetector, type Detector } from './detector';
import { createDice } from '@telltale/kernel';

const MINUTE = 60_000;
const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 5);
/** One false deviation of a series in ten days. */
const PRODUCT = Math.log(0.1 / 24);

function watch(detector: Detector = createDetector()) {
  const row = detector.add();
  let at = START;
  return {
    row,
    detector,
    /** Feeds values `stepMs` apart; returns for each the logarithm of how often per hour such a value occurs. */
    feed(values: Iterable<number>, stepMs = 5 * MINUTE): number[] {
      const logRates: number[] = [];
      for (const value of values) logRates.push(detector.judge(row, value, (at += stepMs)).logPerHour);
      return logRates;
    },
    judge: (value: number) => detector.judge(row, value, (at += 5 * MINUTE)),
    skip: (ms: number) => (at += ms),
  };
}

const series = function* (count: number, valueOf: (i: number) => number): Generator<number> {
  for (let i = 0; i < count; i++) yield valueOf(i);
};
const noise = (seed: number, centre = 100, scale = 5): ((i: number) => number) => {
  const dice = createDice(seed);
  return () => centre + scale * dice.normal();
};
const daily = (seed: number, scale = 2): ((i: number) => number) => {
  const dice = createDice(seed);
  return (i) => 100 + 40 * Math.sin((2 * Math.PI * i) / 288) + scale * dice.normal();
};
const deviations = (logRates: readonly number[]): number => logRates.filter((logPerHour) => logPerHour <= PRODUCT).length;
/** Days (288 values) with at least one deviation. */
const days = (logRates: readonly number[]): number =>
  new Set(logRates.flatMap((logPerHour, i) => (logPerHour <= PRODUCT ? [Math.floor(i / 288)] : []))).size;

describe('the detector', () => {
  it('finds a spike and a drop at once, with its direction', () => {
    const sut = watch();
    sut.feed(series(3_000, noise(1)));
    expect(deviations(sut.feed([160]))).toBe(1);
    sut.feed(series(300, noise(2)));
    const { direction, expected, low, high } = sut.judge(40);
    expect(direction).toBe(-1);
    expect(expected).toBeGreaterThan(85);
    expect(low).toBeGreaterThan(60);
    expect(high).toBeLessThan(140);
  });

  it('finds a new level that is small compared to the noise', () => {
    const sut = watch();
    expect(days(sut.feed(series(4_000, noise(3))))).toBeLessThanOrEqual(4); // of 14, its first ones
    expect(deviations(sut.feed(series(40, noise(4, 112))))).toBeGreaterThan(0);
  });

  it('accepts a jump that occurs every day', () => {
    const square = (i: number): number => (i % 288 < 96 ? 20 : 80) + (i % 7) / 10;
    const sut = watch();
    sut.feed(series(4 * 288, square));
    expect(deviations(sut.feed(series(6 * 288, (i) => square(i))))).toBe(0);
    // The same jump at a new time of day.
    sut.feed(series(150, (i) => square(i)));
    expect(deviations(sut.feed([20]))).toBe(1);
  });

  it('finds a value by day that would be usual at night', () => {
    const sut = watch();
    expect(days(sut.feed(series(10 * 288, daily(5))))).toBeLessThanOrEqual(2);
    sut.feed(series(72, daily(6)));
    expect(deviations(sut.feed([100, 98, 97]))).toBeGreaterThan(0); // 140 is normal now
  });

  it('handles a constant, then a change, then a constant again', () => {
    const sut = watch();
    expect(deviations(sut.feed(series(2_000, () => 7)))).toBe(0);
    expect(deviations(sut.feed([14]))).toBe(1);
    expect(deviations(sut.feed(series(500, () => 14)).slice(50))).toBe(0);
  });

  it('resets its averages after a long gap', () => {
    const sut = watch();
    sut.feed(series(3_000, noise(7)));
    sut.skip(2 * DAY);
    expect(deviations(sut.feed([104, 97, 101]))).toBe(0);
  });

  it.each([NaN, Infinity, -Infinity])('neither evaluates nor learns %d', (value) => {
    const sut = watch();
    sut.feed(series(100, noise(8)));
    const before = Buffer.from(sut.detector.rows.bytesOf(sut.row));
    expect(sut.feed([value])).toEqual([0]);
    expect(before.equals(sut.detector.rows.bytesOf(sut.row))).toBe(true);
  });

  it('evaluates a value only by earlier values', () => {
    const values = [...series(800, noise(9))];
    const whole = watch().feed(values);
    const cut = watch();
    expect([...cut.feed(values.slice(0, 500)), ...cut.feed(values.slice(500))]).toEqual(whole);
    expect(
      watch()
        .feed([...values.slice(0, 500), ...series(300, () => 1e9)])
        .slice(0, 500),
    ).toEqual(whole.slice(0, 500));
  });

  it('continues from its packed bytes without a difference', () => {
    const values = [...series(900, noise(10))];
    const whole = watch().feed(values);
    const first = watch();
    first.feed(values.slice(0, 600));
    const second = createDetector();
    const row = second.rows.unpack(first.detector.rows.bytesOf(first.row));
    expect(values.slice(600).map((value, i) => second.judge(row, value, START + (601 + i) * 5 * MINUTE).logPerHour)).toEqual(
      whole.slice(600),
    );
    expect(first.detector.rows.bytesPerRow).toBeLessThanOrEqual(1_024);
    expect(() => second.rows.unpack(Buffer.alloc(10))).toThrow(RangeError);
  });

  it('evaluates a new series with a parent after a few values, and learns that it is noisier than its parent', () => {
    let [found, alone, falseAlarms] = [0, 0, 0];
    for (let seed = 0; seed < 60; seed++) {
      const dice = createDice(seed);
      const sut = watch();
      sut.feed(series(1_000, () => 5 + 0.3 * dice.normal()));
      const at = (i: number): number => START + 10 * DAY + i * 5 * MINUTE;
      const [quiet, other, noisy] = [sut.detector.add(sut.row), sut.detector.add(), sut.detector.add(sut.row)];
      const deviationsIn = (row: number, value: number, i: number): number =>
        deviations([sut.detector.judge(row, value, at(i)).logPerHour]);
      for (let i = 0; i < 10; i++) for (const row of [quiet, other]) sut.detector.judge(row, 4 + 0.15 * dice.normal(), at(i));
      found += deviationsIn(quiet, 4 + Math.log(8), 10);
      alone += deviationsIn(other, 4 + Math.log(8), 10);
      for (let i = 0; i < 131; i++) falseAlarms += deviationsIn(noisy, 4 + 0.6 * dice.normal(), i);
    }
    expect([found, alone]).toEqual([60, 0]);
    expect(falseAlarms / 60).toBeLessThan(0.2);
  });

  it('uses the spread of its parent until it has its own', () => {
    const sut = watch();
    sut.feed(series(1_000, noise(11, 100, 10)));
    const child = sut.detector.add(sut.row);
    const alone = sut.detector.add();
    const at = (i: number): number => START + 10 * DAY + i * 5 * MINUTE;
    // Its first values happen to be close together.
    for (let i = 0; i < 32; i++) for (const row of [child, alone]) sut.detector.judge(row, 50 + (i % 2) / 10, at(i));
    const judged = [child, alone].map((row) => sut.detector.judge(row, 58, at(32)).logP);
    expect(judged[0]).toBeGreaterThan(judged[1] ?? 0);
  });
});

/** Shares of evaluations at or below each p, over that p: 1 is perfect, less is cautious. */
function calibration(valueOf: (seed: number) => (i: number) => number, seeds: number): number[] {
  const counts = [0, 0, 0];
  const levels = [0.05, 0.01, 0.001];
  let judged = 0;
  for (let seed = 0; seed < seeds; seed++) {
    const detector = createDetector();
    const row = detector.add();
    const value = valueOf(100 + seed);
    for (let i = 0; i < 12_000; i++) {
      const { logP } = detector.judge(row, value(i), START + i * 5 * MINUTE);
      if (i < 3_000) continue;
      judged++;
      levels.forEach((level, k) => logP <= Math.log(level) && (counts[k] = (counts[k] ?? 0) + 1));
    }
  }
  return counts.map((count, k) => count / judged / (levels[k] ?? 1));
}

describe('the probabilities of the detector', () => {
  const dice = (seed: number) => createDice(seed);
  it.each<[string, (seed: number) => (i: number) => number]>([
    ['normal', (seed) => noise(seed)],
    [
      'log-normal',
      (seed) =>
        (
          (d) => () =>
            Math.exp(d.normal())
        )(dice(seed)),
    ],
    [
      'exponential',
      (seed) =>
        (
          (d) => () =>
            -Math.log(1 - d.uniform())
        )(dice(seed)),
    ],
    [
      'Poisson',
      (seed) =>
        (
          (d) => () =>
            d.poisson(9)
        )(dice(seed)),
    ],
    [
      'autoregressive',
      (seed) =>
        (
          (d, state) => () =>
            (state.x = 0.8 * state.x + d.normal())
        )(dice(seed), { x: 0 }),
    ],
    ['daily rhythm', (seed) => daily(seed, 5)],
  ])('are not undercut more than three times as often as they say: %s', (_, valueOf) => {
    for (const ratio of calibration(valueOf, 4)) expect(ratio).toBeLessThan(3);
  });
});
