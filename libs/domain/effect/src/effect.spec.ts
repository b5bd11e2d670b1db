import { createDice } from '@telltale/kernel';
import fc from 'fast-check';
import { sampleVariance, mean } from 'simple-statistics';
import { differenceOf } from './difference';
import { differenceInDifferences } from './difference-in-differences';
import { falseDiscoveryRates } from './false-discovery';
import { momentsOf } from './moments';
import { type PanelCell } from './panel';
import { levelsAround, quantileDifference } from './quantile-difference';
import { quantileOfT, tailOfT } from './student';

describe("Student's t", () => {
  // Tables of the distribution, e.g. NIST/SEMATECH e-Handbook 1.3.6.7.2.
  it.each([[0.975, 1, 12.706], [0.975, 5, 2.571], [0.975, 30, 2.042], [0.95, 10, 1.812], [0.995, 2, 9.925], [0.975, 1e9, 1.96]])(
    'stays below with %d for %d degrees of freedom: %d', (p, df, expected) => expect(quantileOfT(p, df)).toBeCloseTo(expected, 3)); // prettier-ignore
  it('has tails that its quantiles give back', () => {
    fc.assert(fc.property(fc.double({ min: 0.55, max: 0.9999, noNaN: true }), fc.integer({ min: 1, max: 5_000 }), (p, df) => {
      expect(tailOfT(quantileOfT(p, df), df)).toBeCloseTo(2 * (1 - p), 6);
    })); // prettier-ignore
  });
  it('is certain of nothing at 0', () => expect([tailOfT(0, 3), tailOfT(NaN, 3)]).toEqual([1, 1]));
});

const sides = (a: readonly number[], b: readonly number[]) =>
  differenceOf(momentsOf([...a.map((value) => [value, 1, 0, 0]), ...b.map((value) => [0, 0, value, 1])], 4), {
    a: a.length,
    b: b.length,
  });

describe('a difference of two sides', () => {
  it("is Welch's where every user has one session, but for the correction of few users", () => {
    const dice = createDice(1);
    const [a, b] = [40, 60].map((count, i) => Array.from({ length: count }, () => 10 + i + (1 + i) * dice.normal())) as [number[], number[]];
    const welch = (mean(b) - mean(a)) / Math.sqrt(sampleVariance(a) / a.length + sampleVariance(b) / b.length);
    const found = sides(a, b);
    expect(found?.difference).toBeCloseTo(mean(b) - mean(a), 9);
    const t = (found?.difference ?? 0) / (((found?.high ?? 0) - (found?.low ?? 0)) / 2 / 1.987);
    expect(Math.abs(t / welch - 1)).toBeLessThan(0.03);
  });
  it.each<[string, readonly number[], readonly number[]]>([
    ['few users', [1, 2, 3, 4], [1, 2, 3, 4, 5, 6]],
    ['values that are all the same', [2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2]],
    ['an empty side', [1, 2, 3, 4, 5, 6], []],
  ])('is not said of %s', (_, a, b) => expect(sides(a, b)).toBeNull());
  it('is surer where users are on both sides, for what they are like is on both', () => {
    const dice = createDice(5);
    const users = Array.from({ length: 80 }, () => 5 * dice.normal());
    const both = differenceOf(momentsOf(users.map((level) => [10 + level + dice.normal(), 1, 10.5 + level + dice.normal(), 1]), 4), { a: 80, b: 80 });
    const apart = sides(users.slice(0, 40).map((level) => 10 + level), users.slice(40).map((level) => 10.5 + level));
    expect((both?.high ?? 0) - (both?.low ?? 0)).toBeLessThan(((apart?.high ?? 0) - (apart?.low ?? 0)) / 3);
    expect(both?.p).toBeLessThan(0.05);
  });
  it('turns around with its sides, and grows with its unit', () => {
    const values = fc.array(fc.double({ min: 1, max: 100, noNaN: true }), { minLength: 6, maxLength: 30 });
    fc.assert(fc.property(values, values, (a, b) => {
      const [one, other, tenfold] = [sides(a, b), sides(b, a), sides(a.map((v) => 10 * v), b.map((v) => 10 * v))];
      expect(one === null).toBe(other === null);
      expect((one?.low ?? 0) + (other?.high ?? 0)).toBeCloseTo(0, 5);
      expect(tenfold?.difference ?? 0).toBeCloseTo(10 * (one?.difference ?? 0), 4);
    }));
  });
  it('of logarithms is one of geometric means', () => {
    const moments = momentsOf([...[1, 2, 3, 4, 5].map((k) => [Math.log(100 + k), 1, 0, 0]), ...[1, 2, 3, 4, 5].map((k) => [0, 0, Math.log(200 + 2 * k), 1])], 4);
    const found = differenceOf(moments, { a: 5, b: 5 }, 'log');
    expect(found?.relative?.change).toBeCloseTo(1, 6);
    expect(found?.a).toBeCloseTo(103, 0);
    expect(found?.b).toBeCloseTo(206, 0);
  });
}); // prettier-ignore

describe('several tests at a time', () => {
  it('have the rates of Benjamini and Hochberg', () => expect(falseDiscoveryRates([0.01, 0.04, 0.03, 0.005])).toEqual([0.02, 0.04, 0.04, 0.02]));
  it('never have less than their p, and keep their order', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (ps) => {
      const qs = falseDiscoveryRates(ps);
      expect(qs.every((q, i) => q >= (ps[i] ?? 0) * (1 - 1e-12) && q <= 1)).toBe(true);
      expect(ps.every((p, i) => ps.every((other, j) => p > other || (qs[i] ?? 0) <= (qs[j] ?? 0)))).toBe(true);
    }));
  });
}); // prettier-ignore

describe('quantiles', () => {
  it('have levels around them that many users bring near, and none where nothing lies beyond', () => {
    const below = (users: number) => momentsOf(Array.from({ length: users }, (_, i) => [i % 2, 1]), 2);
    const [few, many] = [levelsAround(0.5, below(50), 50), levelsAround(0.5, below(5_000), 5_000)];
    expect(few?.low).toBeCloseTo(0.5 - (2.01 * 0.5) / Math.sqrt(49), 2);
    expect((many?.high ?? 0) - (many?.low ?? 0)).toBeLessThan(0.03);
    expect(levelsAround(0.99, below(20), 20)).toBeNull();
    expect(levelsAround(0.5, below(4), 4)).toBeNull();
  });
  it('differ by an interval that has both of theirs', () => {
    const found = quantileDifference({ value: 100, low: 90, high: 115, clusters: 200 }, { value: 150, low: 140, high: 160, clusters: 200 });
    expect(found.low).toBeCloseTo(50 - Math.hypot(10, 15), 6);
    expect(found.high).toBeCloseTo(50 + Math.hypot(10, 10), 6);
    expect(found.p).toBeLessThan(0.001);
    expect(quantileDifference({ value: 5, low: 4, high: 6, clusters: 9 }, { value: 5, low: 4, high: 6, clusters: 9 }).p).toBe(1);
  });
}); // prettier-ignore

describe('a difference in differences', () => {
  const dice = createDice(8);
  const cells = (of: (at: number, isTreated: boolean, stratum: string) => number, noise = 0.3, from = -10): PanelCell[] =>
    Array.from({ length: 20 }, (_, i) => i - 10).filter((at) => at >= from).flatMap((at) => [true, false].flatMap((isTreated) => ['x', 'y'].flatMap((stratum) =>
      Array.from({ length: 8 }, (_unused, group) => ({ at, isTreated, stratum, group, weight: 5, sum: 5 * (of(at, isTreated, stratum) + noise * dice.normal()) })))));
  const estimate = (list: readonly PanelCell[], hasControl = true) => differenceInDifferences(list, { hasControl, scale: 'mean' });

  it('takes away what both sides have, and what strata are', () => {
    const found = estimate(cells((at, isTreated, stratum) => 10 + (at >= 0 ? 3 : 0) + (stratum === 'x' ? 5 : 0) + (isTreated ? 2 + (at >= 0 ? 1 : 0) : 0)));
    expect(found?.difference).toBeCloseTo(1, 0);
    expect([(found?.low ?? 9) < 1, (found?.high ?? 0) > 1]).toEqual([true, true]);
    expect(found).toMatchObject({ matched_share: 1, points_before: 10, points_after: 10, trend: { holds: true } });
  });
  it('says that sides drifted apart before the change', () => {
    const found = estimate(cells((at, isTreated) => 10 + (isTreated ? 0.3 * at : 0)));
    expect(found?.trend.holds).toBe(false);
    expect(found?.trend.slope).toBeCloseTo(0.3, 1);
    expect(found?.trend.drift).toBeCloseTo(3, 0);
  });
  it('counts only strata that have a control', () => {
    const found = estimate(cells(() => 10).filter(({ isTreated, stratum }) => isTreated || stratum === 'x'));
    expect(found?.matched_share).toBeCloseTo(0.5, 6);
  });
  it.each<[string, PanelCell[], boolean]>([
    ['there are too few stretches before', cells(() => 10, 0.3, -3), true],
    ['there is no control', cells(() => 10).filter(({ isTreated }) => isTreated), true],
    ['nobody was treated', cells(() => 10).filter(({ isTreated }) => !isTreated), true],
    ['there is nothing', [], true],
    ['nothing varies', cells(() => 10, 0), true],
  ])('is not said where %s', (_, list, hasControl) => expect(estimate(list, hasControl)).toBeNull());
  it('is after less before where there is no control', () => {
    const found = estimate(cells((at) => (at >= 0 ? 14 : 10)).filter(({ isTreated }) => isTreated), false);
    expect(found?.a).toBeCloseTo(10, 0);
    expect(found?.difference).toBeCloseTo(4, 0);
  });
}); // prettier-ignore
