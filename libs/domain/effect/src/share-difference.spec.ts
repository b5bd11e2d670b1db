import { createDice } from '@telltale/kernel';
import * as fc from 'fast-check';
import { shareDifference } from './share-difference';

const share = (has: number, of: number) => ({ has, of });

describe('the difference of two shares', () => {
  it('is null where a side is empty', () => expect([shareDifference(share(0, 0), share(1, 2)), shareDifference(share(1, 2), share(0, 0))]).toEqual([null, null]));

  // Newcombe 1998, table II, method 10: (a) 56/70 − 48/80, (e) 5/56 − 0/29.
  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [5, 56, 0, 29, -0.0381, 0.1926],
  ])('of %d of %d and %d of %d has the interval that is published', (x, m, y, n, low, high) => {
    const found = shareDifference(share(x, m), share(y, n));
    expect(found?.low).toBeCloseTo(low, 3);
    expect(found?.high).toBeCloseTo(high, 3);
  });

  // Fisher's own: the lady tasting tea, all eight cups right.
  it('has the chance of Fisher where few are expected', () => {
    expect(shareDifference(share(4, 4), share(0, 4))?.p).toBeCloseTo(2 / 70, 8);
    expect(shareDifference(share(3, 4), share(1, 4))?.p).toBeCloseTo(34 / 70, 8);
  });

  it('has the chance of the score test where many are', () => {
    // z = 0.1 / sqrt(0.25 · 2 / 1000) = 4.472
    expect(shareDifference(share(550, 1_000), share(450, 1_000))?.p).toBeCloseTo(7.744e-6, 8);
  });

  it('is the same from the other side, with its sign turned', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.nat(50), fc.nat(50), fc.nat(50), (x, m, y, n) => {
        const [a, b] = [share(x, x + m + 1), share(y, y + n + 1)];
        const [one, other] = [shareDifference(a, b), shareDifference(b, a)];
        expect(one?.p).toBeCloseTo(other?.p ?? NaN, 9);
        expect(one?.difference).toBeCloseTo(-(other?.difference ?? NaN), 12);
        expect(one?.low).toBeCloseTo(-(other?.high ?? NaN), 12);
        expect((one?.low ?? 1) <= (one?.difference ?? 0) + 1e-12 && (one?.high ?? -1) >= (one?.difference ?? 0) - 1e-12).toBe(true);
      }),
    );
  });

  it.each([[8, 400, 0.02], [200, 300, 0.4]])('of %d and %d that do not differ is rarely sure', (m, n, rate) => {
    const dice = createDice(5);
    const draw = (of: number): number => Array.from({ length: of }, () => dice.uniform()).filter((value) => value < rate).length;
    const ps = Array.from({ length: 1_000 }, () => shareDifference(share(draw(m), m), share(draw(n), n))?.p ?? 1);
    expect(ps.filter((p) => p <= 0.05).length).toBeLessThan(75);
  });
}); // prettier-ignore
