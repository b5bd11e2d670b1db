import fc from 'fast-check';
import { createBaselines } from './baselines';
import { describeDeviation, describeNoData } from './describe';
import { WINDOW_MS } from './model';
import { createDice } from '@telltale/kernel';
import { COST, DURATION, LOG_RATE, run, type Shape, simulate, WINDOWS_A_DAY } from './simulation.fixture';

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
    const found = [1, 2, 3].flatMap(
      (seed) => run(simulate({ ...shape, seed: 100 + seed }, DAYS * WINDOWS_A_DAY), DURATION).openings,
    );
    // 12 series-days: 1.2 expected; six would come once in 600 such runs.
    expect(found.length).toBeLessThanOrEqual(5);
  });

  it('says nothing while it warms up', () => {
    const { openings } = run(simulate(DENSE, 19, { fromWindow: 10, factor: 50 }), DURATION);
    expect(openings).toEqual([]);
  });
});

describe('a deviation', () => {
  const from = WINDOWS_A_DAY;
  const found = (shape: Shape, change: object, windows: number, model = DURATION) =>
    run(simulate(shape, from + windows, { fromWindow: from, ...change }), model).openings.find(({ at }) => at >= from);

  it.each([1, 2, 3])('of four times the duration is found within 3 windows, with what is normal (%i)', (seed) => {
    const first = found({ ...DENSE, seed }, { factor: 4 }, 60);
    expect(first?.channel).toBe('value');
    expect(first?.at).toBeLessThanOrEqual(from + 2);
    expect(first?.evidence.expected).toBeGreaterThan(600);
    expect(first?.evidence.high).toBeLessThan(first?.evidence.value ?? 0);
    expect(first?.evidence.direction).toBe(1);
  });

  it('of four times the duration is found within 20 calls where there is one in 100 s', () => {
    const first = found({ ...SPARSE, seed: 4 }, { factor: 4 }, 2_000);
    expect(first?.at).toBeLessThanOrEqual(from + 200);
  });

  it.each([1, 2])('to a third of the duration is reported as one, downwards (%i)', (seed) => {
    const first = found({ ...DENSE, seed }, { factor: 1 / 3 }, 60);
    expect(first?.evidence.direction).toBe(-1);
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
    const { openings } = run(simulate(shape, from + 100, { fromWindow: from, ...change }), LOG_RATE);
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
    const { openings } = run(windows, DURATION);
    const own = openings.filter(({ at }) => at >= from);
    expect(own).toHaveLength(1);
    expect(own[0]?.lasted).toBeGreaterThanOrEqual(29);
    expect(own[0]?.lasted).toBeLessThanOrEqual(34);
  });

  it('that is slow is reported as a drift, with its size', () => {
    const days = 7;
    const windows = [...simulate({ ...DENSE, rate: 5, rhythm: 0.3 }, days * WINDOWS_A_DAY)].map((w) => {
      const into = Math.max(0, w.start / WINDOW_MS - 5 * WINDOWS_A_DAY) / WINDOWS_A_DAY;
      return { ...w, values: w.values.map((v) => v * Math.pow(1.25, into)) };
    });
    const drifts = run(windows, DURATION).openings.filter(({ channel }) => channel === 'drift');
    expect(drifts.length).toBeGreaterThan(0);
    expect(drifts[0]?.at).toBeGreaterThan(5 * WINDOWS_A_DAY);
    expect(drifts[0]?.evidence.direction).toBe(1);
    expect(drifts[0]?.evidence.value).toBeGreaterThan(drifts[0]?.evidence.expected ?? Infinity);
  });
});

describe('presence', () => {
  it('misses a series that came every 10 s, not one that is known for an hour only', () => {
    const sut = createBaselines();
    const row = sut.add();
    const feed = (from: number, to: number) => {
      for (let i = from; i < to; i++) sut.evaluateWindow(row, DURATION, { start: i * WINDOW_MS, count: 1, errors: 0 });
    };
    feed(0, 360);
    expect(sut.noDataFrom(row)).toBe(Infinity);
    feed(360, 3_000);
    expect(sut.noDataFrom(row) - 3_000 * WINDOW_MS).toBe(130_000);
    sut.evaluateWindow(row, DURATION, { start: 3_600 * WINDOW_MS, count: 1, errors: 0 });
    // It has been quiet for 100 minutes before; now that is usual.
    expect(sut.noDataFrom(row) - 3_601 * WINDOW_MS).toBeGreaterThan(4 * 3_600_000);
  });
});

describe('a row', () => {
  it('is at most 1 KB, and whole through its bytes whatever it was fed', () => {
    expect(createBaselines().rows.bytesPerRow).toBeLessThanOrEqual(1_024);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 500 }), fc.double({ min: 0, max: 1e9, noNaN: true }), fc.integer({ min: 0, max: 20 })), { minLength: 1, maxLength: 80 }), (fed) => {
        const one = createBaselines();
        const two = createBaselines();
        let row = one.add();
        const other = one.add();
        let at = Date.UTC(2026, 0, 5);
        const say = (b: typeof one, r: number, [gap, value, errors]: (typeof fed)[number]) => [
          b.evaluateWindow(r, DURATION, { start: at + gap * WINDOW_MS, count: 20, errors }),
          b.evaluateRun(r, DURATION, { end: at + gap * WINDOW_MS, count: 20, p50: value }),
          b.evaluateLongRun(r, DURATION, { end: at + gap * WINDOW_MS, count: 40, p50: value, p95: 2 * value }),
        ];
        for (const step of fed) {
          const moved = two.rows.unpack(one.rows.pack(row));
          const [a, b] = [say(one, row, step), say(two, moved, step)];
          if (JSON.stringify(a) !== JSON.stringify(b)) return false;
          at += step[0] * WINDOW_MS;
          if (!a.flat().every((e) => e.logP <= 0 && !Number.isNaN(e.logP))) return false;
        }
        row = other;
        return one.evaluateRun(row, DURATION, { end: at, count: 8, p50: 1 }).length === 0;
      }),
      { numRuns: 30 },
    ); // prettier-ignore
  });
});

describe('the words', () => {
  const evidence = { logP: -20, logAnHour: 5, isLarge: true, restsOn: 12 } as const;
  it.each([
    [
      'operation.duration',
      { service_name: 'shop', kind: 'tool', name: 'search' },
      DURATION,
      { ...evidence, channel: 'value', direction: 1, value: 4_000, expected: 1_000, low: 700, high: 1_500 },
      'tool search of shop took 4 s, normally 0.7–1.5 s, 4 times the usual 1 s (last 12 calls)',
    ],
    [
      'operation.duration',
      { service_name: 'shop', kind: 'tool', name: 'search' },
      DURATION,
      { ...evidence, channel: 'errors', direction: 1, value: 0.5, expected: 0.02, low: 0, high: 0.1 },
      'tool search of shop failed in 50 % of 12 calls, normally 2 %, at most 10 %',
    ],
    [
      'turn.duration',
      { service_name: 'shop' },
      DURATION,
      { ...evidence, channel: 'p95', direction: 1, value: 9_000, expected: 3_000, low: 2_000, high: 4_000 },
      'the slowest 5 % of turns of shop took 9 s, normally 2–4 s, 3 times the usual 3 s (last 12 turns)',
    ],
    [
      'llm.cost',
      { service_name: 'shop', model: 'gpt-5' },
      COST,
      { ...evidence, channel: 'drift', direction: 1, value: 2e9, expected: 1e9, low: 1e9, high: 1e9 },
      'gpt-5 calls of shop cost $2 of late, $1 at this time of day before: a slow change over 12 hours',
    ],
  ] as const)('%s %#', (metric, dimensions, model, said, words) => {
    expect(describeDeviation(metric, dimensions, model, said)).toBe(words);
  });

  it('of a silence', () => {
    expect(describeNoData('turn.duration', { service_name: 'shop' }, 300_000, 10_000)).toBe(
      'no turns of shop for 5 min, usually every 10 s',
    );
  });
});
