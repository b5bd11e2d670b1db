import { type Baseline, closeChannel, scoreWindow } from './baseline';
import { describeDeparture } from './describe';
import { COST, DURATION, LOG_RATE, openings, run, type Shape, simulate, WINDOW_MS, WINDOWS_A_DAY } from './simulation.fixture';

const DENSE: Shape = { seed: 7, rate: 20, median: 900, spread: 0.4, errorShare: 0.02, rhythm: 0.6 };
const SPARSE: Shape = { ...DENSE, rate: 0.1 };

describe('a clean series with a daily rhythm', () => {
  it.each([
    ['busy', 2, DENSE],
    ['some calls a window', 2, { ...DENSE, rate: 3 }],
    ['one call in 100 s', 20, SPARSE],
    ['heavy tail, 3 % ten times slower', 2, { ...DENSE, rate: 2, tail: 0.03 }],
    ['widely spread', 2, { ...DENSE, rate: 3, spread: 1.2 }],
    ['flaky, 15 % errors', 4, { ...DENSE, rate: 1, errorShare: 0.15 }],
  ])('raises no anomaly: %s, %i series-days', (_, days, shape) => {
    const found = Array.from(
      { length: days / 2 },
      (_unused, i) => openings(run(simulate({ ...shape, seed: 100 + i }, 2 * WINDOWS_A_DAY), DURATION).scored).length,
    );
    expect(found.reduce((a, b) => a + b, 0)).toBe(0);
  });

  it('does not take one wild measurement for a departure', () => {
    const { baseline } = run(simulate(SPARSE, WINDOWS_A_DAY), DURATION);
    const wild = { start: WINDOWS_A_DAY * WINDOW_MS, count: 1, errors: 0, points: [{ value: 900_000, weight: 1 }] };
    const { findings } = scoreWindow(baseline, wild, DURATION);
    expect(findings[0]?.score).toBeLessThan(5);
    expect(findings.map((f) => f.edge)).toEqual(['none', 'none']);
  });

  it('says nothing while it warms up', () => {
    const { scored } = run(simulate(DENSE, 19, { fromWindow: 10, factor: 50 }), DURATION);
    expect(scored.flatMap((s) => s.findings.map((f) => f.score))).toEqual(Array(38).fill(null));
  });
});

describe('a departure', () => {
  const from = 1_000;
  it('of four times the duration is found within 3 windows, with what is normal', () => {
    for (let seed = 1; seed <= 6; seed++) {
      const [first] = openings(run(simulate({ ...DENSE, seed }, from + 60, { fromWindow: from, factor: 4 }), DURATION).scored);
      expect(first?.finding.channel).toBe('value');
      expect(first?.at).toBeGreaterThanOrEqual(from);
      expect(first?.at).toBeLessThanOrEqual(from + 2);
      expect(first?.finding.expected).toBeGreaterThan(600);
      expect(first?.finding.high).toBeLessThan(first?.finding.value ?? 0);
    }
  });

  it('of four times the duration is found within 10 calls (median 8) where there is one in 100 s', () => {
    const delays = Array.from({ length: 10 }, (_, seed) => {
      const { scored } = run(simulate({ ...SPARSE, seed }, 9_000, { fromWindow: 6_000, factor: 4 }), DURATION);
      const [first] = openings(scored);
      return scored.filter((s) => s.window.start >= 6_000 * WINDOW_MS && s.window.start / WINDOW_MS <= (first?.at ?? Infinity))
        .length;
    });
    expect(Math.max(...delays)).toBeLessThanOrEqual(10);
    expect([...delays].sort((a, b) => a - b)[5]).toBeLessThanOrEqual(8);
  });

  it('of three times the cost is found within 3 windows', () => {
    for (let seed = 1; seed <= 6; seed++) {
      const shape = { ...DENSE, seed, rate: 10, median: 4_000_000, spread: 0.5 };
      const [first] = openings(run(simulate(shape, from + 60, { fromWindow: from, factor: 3 }), COST).scored);
      expect(first?.at).toBeGreaterThanOrEqual(from);
      expect(first?.at).toBeLessThanOrEqual(from + 2);
    }
  });

  it('of the error share from 2 % to 40 % is found within 3 windows', () => {
    for (let seed = 1; seed <= 6; seed++) {
      const [first] = openings(
        run(simulate({ ...DENSE, seed }, from + 60, { fromWindow: from, errorShare: 0.4 }), DURATION).scored,
      );
      expect(first?.finding.channel).toBe('errors');
      expect(first?.at).toBeLessThanOrEqual(from + 2);
    }
  });

  it('of the rate of error logs is found, and the zeros between are counted', () => {
    const quiet = { ...DENSE, rate: 0.05, errorShare: 0 };
    const [first] = openings(run(simulate(quiet, from + 60, { fromWindow: from, rateFactor: 400 }), LOG_RATE).scored);
    expect(first?.at).toBe(from + 1 > (first?.at ?? 0) ? from : from + 1);
    expect(first?.finding.expected).toBeLessThan(0.3);
    expect(openings(run(simulate({ ...quiet, rhythm: 0.3 }, 10 * WINDOWS_A_DAY), LOG_RATE).scored)).toEqual([]);
  });

  it('ends after some calm windows, and the baseline has hardly moved', () => {
    const { scored } = run(simulate(DENSE, from, undefined), DURATION);
    const calm = run(simulate(DENSE, from + 200, { fromWindow: from, factor: 4 }), DURATION);
    const before = scored.at(-1)?.findings[0]?.expected ?? 0;
    const after = calm.scored.at(-1)?.findings[0]?.expected ?? 0;
    expect(after / before).toBeLessThan(1.3);
    let baseline = calm.baseline as Baseline;
    const edges: string[] = [];
    let i = 0;
    for (const window of simulate({ ...DENSE, seed: 9 }, 8)) {
      const step = scoreWindow(baseline, { ...window, start: (from + 200 + i++) * WINDOW_MS }, DURATION);
      baseline = step.baseline;
      edges.push(step.findings[0]?.edge ?? '');
    }
    expect(edges.indexOf('closed')).toBeGreaterThanOrEqual(2);
    expect(edges.filter((e) => e !== 'none')).toEqual(['closed']);
  });

  it('does not open again while the channel cools down', () => {
    const { baseline } = run(simulate(DENSE, from + 20, { fromWindow: from, factor: 4 }), DURATION);
    const at = (from + 20) * WINDOW_MS;
    let state = closeChannel(baseline as Baseline, 'value', at);
    const opened: number[] = [];
    let i = 0;
    for (const window of simulate({ ...DENSE, seed: 5, median: 3_600 }, 60)) {
      const start = at + i++ * WINDOW_MS;
      const step = scoreWindow(state, { ...window, start }, DURATION);
      state = step.baseline;
      if (step.findings[0]?.edge === 'opened') opened.push(start - at);
    }
    expect(opened).toEqual([300_000]);
  });
});

it('keeps less than 1 KB a series', () => {
  expect(run(simulate(SPARSE, WINDOWS_A_DAY), DURATION).largestJson).toBeLessThan(1_024);
  expect(run(simulate({ ...DENSE, rate: 800 }, 300), DURATION).largestJson).toBeLessThan(1_024);
});

it.each([
  [
    'operation.duration',
    { kind: 'tool', name: 'search_flights', service_name: 'travel-agent' },
    DURATION,
    'value',
    { value: 4_200, expected: 1_000, low: 800, high: 1_300, restsOn: 9 },
    'tool search_flights of travel-agent took 4.2 s, normally 0.8–1.3 s, 4.2 times the usual 1 s (last 9 calls)',
  ],
  [
    'operation.duration',
    { kind: 'tool', name: 'refund_payment', service_name: 's' },
    DURATION,
    'errors',
    { value: 0.4, expected: 0.02, low: 0, high: 0.11, restsOn: 20 },
    'tool refund_payment of s failed in 40 % of 20 calls, normally 2 %, at most 11 %',
  ],
  [
    'llm.cost',
    { model: 'gpt-4o', service_name: 's' },
    COST,
    'value',
    { value: 31e6, expected: 10e6, low: 8e6, high: 12e6, restsOn: 8 },
    'gpt-4o calls of s cost $0.031, normally $0.008–0.012, 3.1 times the usual $0.01 (last 8 calls)',
  ],
  [
    'log.count',
    { severity: 'error', service_name: 's' },
    LOG_RATE,
    'value',
    { value: 31, expected: 1.2, low: 0, high: 4, restsOn: 31 },
    '31 error logs in one window from s, normally 0–4',
  ],
] as const)('is told in plain words: %s', (metric, dimensions, model, channel, score, sentence) => {
  expect(describeDeparture(metric, dimensions, model, channel, { score: 9, large: true, ...score })).toBe(sentence);
});
