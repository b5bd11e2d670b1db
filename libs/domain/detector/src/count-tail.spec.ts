import fc from 'fast-check';
import { logCountAtLeast, logErrorsAtLeast, logGamma } from './count-tail';

describe('probabilities of counts', () => {
  it.each([
    [1, 0],
    [5, Math.log(24)],
    [0.5, Math.log(Math.sqrt(Math.PI))],
    [100.5, 361.5], // between log 99! and log 100!
  ])('knows log gamma of %d', (x, expected) => {
    expect(logGamma(x)).toBeCloseTo(expected, x > 100 ? -1 : 10);
  });

  it.each([
    ['Poisson(2), at least 5', 5, 2, 1, 0.052653],
    ['Poisson(0.5), at least 1', 1, 0.5, 1, 0.3934693],
    ['negative binomial, mean 2, twice the variance, at least 5', 5, 2, 2, 0.109375],
  ])('%s', (_, count, mean, dispersion, p) => {
    expect(Math.exp(logCountAtLeast(count, { mean, dispersion }))).toBeCloseTo(p, 6);
  });

  it('finds 8 errors in 10 calls significant, but not 1 in 2', () => {
    expect(Math.exp(logErrorsAtLeast(1, 2, 6, 294))).toBeGreaterThan(0.03);
    expect(Math.exp(logErrorsAtLeast(8, 10, 6, 294))).toBeLessThan(1e-8);
  });

  it('is less certain with less knowledge of the ratio', () => {
    expect(logErrorsAtLeast(5, 10, 0.2, 9.8)).toBeGreaterThan(logErrorsAtLeast(5, 10, 6, 294));
  });

  it('decreases with the count and stays within (-∞, 0]', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), fc.double({ min: 0.01, max: 200, noNaN: true }), fc.double({ min: 1, max: 20, noNaN: true }), (count, mean, dispersion) => {
        const at = logCountAtLeast(count, { mean, dispersion });
        const next = logCountAtLeast(count + 1, { mean, dispersion });
        expect(at).toBeLessThanOrEqual(0);
        expect(next).toBeLessThanOrEqual(at + 1e-9);
      }),
    ); // prettier-ignore
    fc.assert(
      fc.property(fc.double({ min: 0, max: 60, noNaN: true }), fc.double({ min: 0.5, max: 60, noNaN: true }), (errors, more) => {
        const logP = logErrorsAtLeast(errors, errors + more, 2, 98);
        expect(logP).toBeLessThanOrEqual(0);
      }),
    );
  });
});
