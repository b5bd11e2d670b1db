import fc from 'fast-check';
import { createBaselines } from './baselines';
import { describeDeviation, describeNoData } from './describe';
import { type MetricModel, WINDOW_MS } from './model';

const DURATION: MetricModel = { shape: 'level', unit: 'ms', errors: true, noData: true };
const COST: MetricModel = { shape: 'level', unit: 'nano_usd', errors: false, noData: false };

describe('missing data', () => {
  it('is reported for a series with data every 10 s, but not for one known for only an hour', () => {
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
    // It had a gap of 100 minutes before, so that is usual now.
    expect(sut.noDataFrom(row) - 3_601 * WINDOW_MS).toBeGreaterThan(4 * 3_600_000);
  });
});

describe('a row', () => {
  it('is at most 1 KB, and is restored completely from its bytes, whatever its input', () => {
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
          const moved = two.rows.unpack(one.rows.bytesOf(row));
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

describe('the description', () => {
  const evidence = { logP: -20, logAnHour: 5, isLarge: true, restsOn: 12, seen: 500 } as const;
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
    [
      'turn.unhelped',
      { service_name: 'shop' },
      { shape: 'share', unit: 'ratio', errors: true, noData: false },
      { ...evidence, channel: 'errors', direction: 1, value: 0.5, expected: 0.1, low: 0, high: 0.2 },
      'turns of shop went without an answer in 50 % of 12 turns, normally 10 %, at most 20 %',
    ],
    [
      'turn.calls',
      { service_name: 'shop' },
      { shape: 'level', unit: 'calls', errors: false, noData: false },
      { ...evidence, channel: 'value', direction: 1, value: 40, expected: 5, low: 3, high: 8 },
      'turns of shop made 40 calls, normally 3–8 calls, 8 times the usual 5 calls (last 12 turns)',
    ],
    [
      'turn.count',
      { service_name: 'shop' },
      { shape: 'rate', unit: 'count', errors: false, noData: false },
      { ...evidence, channel: 'value', direction: 1, value: 40, expected: 5, low: 3, high: 8 },
      '40 turns in one window from shop, normally 3–8',
    ],
  ] as const)('%s %#', (metric, dimensions, model, observed, words) => {
    expect(describeDeviation(metric, dimensions, model, observed)).toBe(words);
  });

  it('of missing data', () => {
    expect(describeNoData('turn.duration', { service_name: 'shop' }, 300_000, 10_000)).toBe(
      'no turns of shop for 5 min, usually every 10 s',
    );
  });
});
