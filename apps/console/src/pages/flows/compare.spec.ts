import fc from 'fast-check';
import { amountOf, type ComparedMetric, DEFAULT_METRICS, intervalOf, isQuantile, METRIC_NAMES, metricsIn, placeOf, plainSentence, summaryOf, toneOf } from './compare'; // prettier-ignore

const metric = (changes: Partial<ComparedMetric> = {}): ComparedMetric => ({
  metric: 'friction', about: 'friction of a session, 0 to 1', unit: 'friction', a: 0.1, b: 0.3, difference: 0.2, low: 0.1, high: 0.3, relative: { change: 2, low: 1, high: 3 },
  p: 0.001, q: 0.002, detectable: 0.05, verdict: 'higher', sentence: '', ...changes,
}); // prettier-ignore
const UNKNOWN = metric({ verdict: 'cannot be said', difference: null, low: null, high: null, relative: null, sentence: 'cost: cannot be said, fewer than 5 users on a side have it' }); // prettier-ignore

describe('a comparison in words', () => {
  it.each([
    [0.0123, 'share', '1.2 %'],
    [0.0021, 'usd', '$0.0021'],
    [1_240, 'ms', '1.24 s'],
    [-1_240, 'ms', '-1.24 s'],
    [0.31666, 'friction', '0.317'],
    [1_234.6, 'tokens', '1,235'],
    [null, 'ms', '–'],
  ])('says %s %s as %s', (value, unit, text) => expect(amountOf(value, unit)).toBe(text));

  it('says the interval, relative where it can, and signed', () => {
    expect(intervalOf(metric())).toBe('+200 %; 95 % interval +100 % to +300 %');
    expect(intervalOf(metric({ relative: null, difference: -0.01, low: -0.03, high: 0.01, unit: 'share' }))).toBe('-1 %; 95 % interval -3 % to +1 %'); // prettier-ignore
    expect(intervalOf(UNKNOWN)).toBe('cannot be said');
  });

  it('knows what is better and what worse, and what neither', () => {
    expect([metric(), metric({ verdict: 'lower' }), metric({ metric: 'turns' }), metric({ verdict: 'no effect shown' }), UNKNOWN].map(toneOf)).toEqual(['bad', 'good', 'quiet', 'quiet', 'quiet']); // prettier-ignore
  });

  it('answers whether it helped in one sentence', () => {
    const lower = metric({ metric: 'duration', verdict: 'lower' });
    expect(summaryOf([metric(), lower, metric({ metric: 'turns' })], 'v7')).toBe(
      'Better with v7: answers take less time; worse with v7: users have more friction; other with v7: sessions have more turns.',
    );
    expect(summaryOf([metric({ verdict: 'no effect shown' })], 'v7')).toBe('No effect of v7 is shown.');
    expect(summaryOf([UNKNOWN], 'v7')).toBe('It cannot be said what v7 does.');
  });

  it('says of no effect what would have been found, and of what cannot be said why', () => {
    expect(plainSentence(metric({ verdict: 'no effect shown' }), 'v6', 'v7', false)).toContain('A difference of 0.05');
    expect(plainSentence(UNKNOWN, 'v6', 'v7', false)).toContain('fewer than 5 users');
    expect(plainSentence(metric(), 'v6', 'v7', false)).toBe('With v7 users have more friction than with v6.');
    expect(plainSentence(metric(), 'v6', 'v7', true)).toBe(
      'By the change, users have more friction with v7, all else as it was.',
    );
  });

  it('draws an interval around the middle of its axis, and always inside of it', () => {
    const interval = fc.tuple(fc.integer({ min: -1_000, max: 1_000 }), fc.integer({ min: 0, max: 1_000 }));
    fc.assert(
      fc.property(interval, ([difference, half]) => {
        const place = placeOf(metric({ difference, low: difference - half, high: difference + half }));
        expect(place).not.toBeNull();
        const { left, width, point } = place ?? { left: -1, width: -1, point: -1 };
        expect([left >= 0, left + width <= 1, point >= left - 1e-9, point <= left + width + 1e-9]).toEqual([true, true, true, true]);
        expect(Math.sign(point - 0.5)).toBe(Math.sign(difference));
      }),
    ); // prettier-ignore
    expect(placeOf(UNKNOWN)).toBeNull();
  });

  it('compares the metrics that an address names, at most ten', () => {
    expect(metricsIn('')).toEqual(DEFAULT_METRICS);
    expect(metricsIn('joy,turns')).toEqual(['turns']);
    expect(metricsIn(METRIC_NAMES.join(','))).toHaveLength(10);
    expect(METRIC_NAMES.filter(isQuantile)).toEqual(['duration_p50', 'duration_p95', 'cost_p95']);
  });
});
